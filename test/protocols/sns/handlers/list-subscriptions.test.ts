import { expect, it, test } from 'vitest';
import { queueArn, withTopics } from '../with-topics.ts';

const arnsIn = (xml: string) => [...xml.matchAll(/<SubscriptionArn>([^<]*)</g)].map(([, arn = '']) => arn);

it.each(['ListSubscriptions', 'ListSubscriptionsByTopic'])('%s gives a hundred a page [2.3]', (action) =>
  withTopics(async ({ createTopic, subscribe, query }) => {
    const TopicArn = await createTopic('t');
    await createTopic('other');
    for (let number = 0; number < 101; number++) await subscribe(TopicArn, 'sqs', queueArn(`q${number}`));

    const first = await query(action, { TopicArn });
    const second = await query(action, { TopicArn, NextToken: first.text('NextToken') ?? '' });

    expect(arnsIn(first.xml)).toHaveLength(100);
    expect(arnsIn(second.xml)).toHaveLength(1);
    expect(second.text('NextToken')).toBeUndefined();
    expect(new Set([...arnsIn(first.xml), ...arnsIn(second.xml)]).size).toBe(101);
  }),
);

test('a page is full although subscriptions of a topic that is gone come before, and has those of no topic that is gone', () =>
  withTopics(async ({ createTopic, subscribe, query }) => {
    const gone = await createTopic('a');
    for (let number = 0; number < 101; number++) await subscribe(gone, 'sqs', queueArn(`q${number}`));
    await query('DeleteTopic', { TopicArn: gone });
    for (const name of ['a', 'b']) await subscribe(await createTopic(name), 'sqs', queueArn('q'));

    const page = await query('ListSubscriptions');

    expect(arnsIn(page.xml)).toEqual([
      expect.stringMatching(/:a:[0-9a-f-]{36}$/),
      expect.stringMatching(/:b:[0-9a-f-]{36}$/),
    ]);
    expect(page.text('NextToken')).toBeUndefined();
  }));

it.each(['ListSubscriptions', 'ListSubscriptionsByTopic'])('%s refuses a token that no page had', (action) =>
  withTopics(async ({ createTopic, query }) => {
    const TopicArn = await createTopic('t');

    expect(await query(action, { TopicArn, NextToken: 'x' })).toMatchObject({
      ...{ status: 400, code: 'InvalidParameter', message: 'Invalid parameter: NextToken' },
    });
  }),
);

test('a list shows owner, protocol, endpoint and topic, and is of one region [2.3]', () =>
  withTopics(async ({ createTopic, subscribe, query }) => {
    const topicArn = await createTopic('t');
    await subscribe(topicArn, 'sqs', queueArn('q'));

    const here = await query('ListSubscriptions');
    const elsewhere = await query('ListSubscriptions', {}, 'eu-west-1');

    expect(here.text('SubscriptionArn')).toMatch(`${topicArn}:`);
    expect(here.xml).toContain(
      `<Owner>000000000000</Owner><Protocol>sqs</Protocol><Endpoint>${queueArn('q')}</Endpoint><TopicArn>${topicArn}</TopicArn>`,
    );
    expect(elsewhere.xml).toContain('<Subscriptions></Subscriptions>');
  }));
