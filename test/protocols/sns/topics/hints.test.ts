import { expect, it } from 'vitest';
import { GantryError } from '../../../../src/model/errors.ts';
import type { JsonObject } from '../../sqs/cases/case.ts';
import { arn } from './cases.ts';
import { withWorld } from './world.ts';

it('who misses a topic is told of one that is meant', () => {
  const told: string[] = [];
  return withWorld(
    async ({ topic, sns }) => {
      await topic('orders');
      const publish = async (TopicArn: string, region = 'us-east-1') =>
        (await sns('Publish', { TopicArn, Message: 'm' }, { region })).hint;

      expect(await publish(arn('ordres'))).toBe('did you mean "orders"?');
      expect(await publish(arn('orders', '000000000000', 'eu-west-1'), 'eu-west-1')).toBe(
        '"orders" exists in account 000000000000, region us-east-1; the request is for account 000000000000, region eu-west-1',
      );
      expect(await publish(arn('orders', '<script>'))).toContain(
        'the request is for account ?script?, region us-east-1',
      );
      expect(await publish(arn('something'))).toBeUndefined();
      expect((await sns('ListTagsForResource', { ResourceArn: arn('order') })).hint).toBe('did you mean "orders"?');
    },
    { hint: (hint) => void told.push(hint) },
  );
});

it('what AWS refuses in two words is said in more', () =>
  withWorld(async ({ topic, sns }) => {
    const TopicArn = await topic('orders');
    await topic('paid.fifo');
    const hint = async (operation: string, input: JsonObject, region = 'us-east-1') =>
      (await sns(operation, input, { region })).hint;

    expect(await hint('Publish', { TopicArn, Message: 'm' }, 'eu-west-1')).toBe(
      "the topic's ARN is of us-east-1, the request is signed for eu-west-1: set the client's region",
    );
    expect(await hint('Publish', { TopicArn: TopicArn.replace('sns', 'sqs'), Message: 'm' })).toContain('a queue');
    expect(await hint('Publish', { TopicArn: `${TopicArn}:7`, Message: 'm' })).toContain('a subscription');
    expect(await hint('Publish', { TopicArn: arn('paid'), Message: 'm' })).toBe('did you mean "paid.fifo"?');
    expect(await hint('Publish', { TopicArn, Message: 'm'.repeat(262_145) })).toBe(
      "it has 262145 bytes with its attributes, the limit is 262144; the topic's attribute MaximumMessageSize raises it up to 1048576",
    );
    expect(await hint('Publish', { PhoneNumber: '+4915112345678', Message: 'm'.repeat(262_145) })).toBe(
      'it has 262145 bytes with its attributes, the limit is 262144',
    );
    expect(await hint('Publish', { TopicArn, Message: 'm', Subject: 'a\nb' })).toContain('none of them a control');
    expect(await hint('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: 'inbox' })).toBe(
      'it is the ARN of the queue that is wanted, not its name: arn:aws:sqs:<region>:<account>:inbox',
    );
    expect(await hint('CreateTopic', { Name: 'pay', Attributes: { FifoTopic: 'true' } })).toBe(
      'the name of a FIFO topic ends in .fifo',
    );
    expect(await hint('CreateTopic', { Name: 'pay.fifo' })).toContain('FifoTopic');
    expect(await hint('CreateTopic', { Name: 'pay', Attributes: { Displayname: 'x' } })).toBe(
      'did you mean "DisplayName"?',
    );
    const set = { TopicArn, AttributeName: 'Displayname', AttributeValue: 'x' };
    expect(await hint('SetTopicAttributes', set)).toBe('did you mean "DisplayName"?');
    const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:inbox';
    const subscribed = (Attributes: Readonly<Record<string, string>>) =>
      hint('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint, Attributes });
    expect(await subscribed({ RawMessagedelivery: 'true' })).toBe('did you mean "RawMessageDelivery"?');
    expect(await subscribed({ RedrivePolicy: '{"deadLetterTargetARN":"x"}' })).toContain('{"deadLetterTargetArn":');
  }));

it('nobody is told of a topic that he may not see', () =>
  withWorld(
    async ({ topic, sns }) => {
      await topic('hidden');

      expect((await sns('Publish', { TopicArn: arn('hiden'), Message: 'm' })).hint).toBeUndefined();
    },
    { authorize: (_, action) => (action === 'browse' ? new GantryError('access-denied', 'no') : undefined) },
  ));
