import { expect, it, test } from 'vitest';
import { arnStart, queueArn, withTopics } from '../with-topics.ts';

const invalid = (what: string) => ({ status: 400, code: 'InvalidParameter', message: `Invalid parameter: ${what}` });

it.each([
  ['randomstring', invalid('SubscriptionArn Reason: An ARN must have at least 6 elements, not 1')],
  ['arn:aws:sns:us-east-1:random', invalid('SubscriptionArn Reason: An ARN must have at least 6 elements, not 5')],
  ['arn:aws:sns:us-east-1:111111111111:random', invalid('SubscriptionId')],
  ['', invalid('SubscriptionArn Reason: no value for required parameter')],
  [`${arnStart}t:0e0d3c7e-6b7f-4a46-8b53-3a5ea8e2b1a5`, { status: 200 }],
])('Unsubscribe of %j (verified) [2.4]', (arn, expected) =>
  withTopics(async ({ query }) => {
    expect(await query('Unsubscribe', { SubscriptionArn: arn })).toMatchObject(expected);
  }),
);

test('a subscription that was unsubscribed is gone, and may be unsubscribed again (verified) [2.4]', () =>
  withTopics(async ({ createTopic, subscribe, query }) => {
    const topicArn = await createTopic('t');
    const SubscriptionArn = (await subscribe(topicArn, 'sqs', queueArn('q'))).text('SubscriptionArn') ?? '';

    expect(await query('Unsubscribe', { SubscriptionArn })).toMatchObject({ status: 200 });
    expect(await query('Unsubscribe', { SubscriptionArn })).toMatchObject({ status: 200 });

    expect(await query('GetSubscriptionAttributes', { SubscriptionArn })).toMatchObject({ status: 404 });
  }));

test('the link in an envelope unsubscribes without a signature (verified) [2.4]', () =>
  withTopics(async ({ createTopic, subscribe, follow, broker, url }) => {
    const topicArn = await createTopic('t');
    const arn = (await subscribe(topicArn, 'sqs', queueArn('q'))).text('SubscriptionArn');

    const answer = await follow(`${url}/?Action=Unsubscribe&SubscriptionArn=${arn}`);

    expect(answer).toMatchObject({ status: 200, xml: expect.stringContaining('<UnsubscribeResponse ') });
    expect([...broker.topics.subscriptions.all()]).toEqual([]);
  }));
