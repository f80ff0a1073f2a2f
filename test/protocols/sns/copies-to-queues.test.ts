/** What a queue gets of a topic as its receivers see it, signatures and dead letters included [sqs-sns 2.6, 2.7, 2.9, 2.11]. */
import { expect, it } from 'vitest';
import type { FunctionInvoker } from '../../../src/core/functions.ts';
import { quiet } from '../../core/world.ts';
import { call } from '../sqs/call.ts';
import type { JsonObject } from '../sqs/cases/case.ts';
import { account, namingSigner, queueArn, type Topics, withTopics } from './with-topics.ts';

interface Received {
  readonly Body: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: JsonObject;
}
const sqs = async ({ port }: Topics, operation: string, input: JsonObject) => {
  const answer = await call({ port }, operation, input);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.output;
};
async function createQueue(topics: Topics, QueueName: string): Promise<void> {
  const Attributes = QueueName.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  await sqs(topics, 'CreateQueue', { QueueName, Attributes });
}
async function received(topics: Topics, QueueUrl: string): Promise<readonly Received[]> {
  const all = { AttributeNames: ['All'], MessageAttributeNames: ['All'] };
  const { Messages = [] } = await sqs(topics, 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, ...all });
  return JSON.parse(JSON.stringify(Messages));
}
async function one(topics: Topics, queue: string): Promise<Received> {
  const [message, ...others] = await received(topics, queue);
  if (message === undefined || others.length > 0) throw new Error(`${others.length} others in ${queue}`);
  return message;
}
const kind = (value: string) => ({
  'MessageAttributes.entry.1.Name': 'kind',
  'MessageAttributes.entry.1.Value.DataType': 'String',
  'MessageAttributes.entry.1.Value.StringValue': value,
});

it('an envelope has its fields in this order, the signature among them (verified) [2.9]', () =>
  withTopics(
    async (topics) => {
      const TopicArn = await topics.createTopic('t');
      await createQueue(topics, 'q');
      await topics.subscribe(TopicArn, 'sqs', queueArn('q'));

      await topics.query('Publish', { TopicArn, Message: 'm', Subject: 's', ...kind('order') });

      const { Body, MessageAttributes } = await one(topics, 'q');
      expect(Object.keys(JSON.parse(Body))).toEqual([
        ...['Type', 'MessageId', 'TopicArn', 'Subject', 'Message', 'Timestamp', 'SignatureVersion', 'Signature'],
        ...['SigningCertURL', 'UnsubscribeURL', 'MessageAttributes'],
      ]);
      expect(JSON.parse(Body)).toMatchObject({
        SignatureVersion: '1',
        MessageAttributes: { kind: { Value: 'order' } },
      });
      expect(MessageAttributes).toBeUndefined();
    },
    { signer: namingSigner },
  ));

it.each(['q', 'q.fifo'])('an envelope of a FIFO topic in %s is not signed (verified) [2.6]', (queue) =>
  withTopics(
    async (topics) => {
      const TopicArn = await topics.createTopic('t.fifo');
      await createQueue(topics, queue);
      await topics.subscribe(TopicArn, 'sqs', queueArn(queue));
      const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };

      const answer = await topics.query('Publish', { TopicArn, Message: 'm', Subject: 's', ...ids, ...kind('order') });

      const envelope = JSON.parse((await one(topics, queue)).Body);
      expect(Object.keys(envelope)).toEqual([
        ...['Type', 'MessageId', 'SequenceNumber', 'TopicArn', 'Subject', 'Message', 'Timestamp', 'UnsubscribeURL'],
        'MessageAttributes',
      ]);
      expect(envelope.SequenceNumber).toBe(answer.text('SequenceNumber'));
      expect(envelope.SequenceNumber).toMatch(/^\d{20}$/);
    },
    { signer: namingSigner },
  ),
);

it('of a queue that is gone, the dead-letter queue gets the envelope, or raw the body with its attributes (verified) [2.11]', () =>
  withTopics(async (topics) => {
    const TopicArn = await topics.createTopic('t');
    for (const dead of ['dead-enveloped', 'dead-bare']) await createQueue(topics, dead);
    const deadIn = (name: string) => ({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn(name) }) });
    for (const gone of ['enveloped', 'bare']) await createQueue(topics, gone);
    await topics.subscribe(TopicArn, 'sqs', queueArn('enveloped'), deadIn('dead-enveloped'));
    await topics.subscribe(TopicArn, 'sqs', queueArn('bare'), { ...deadIn('dead-bare'), RawMessageDelivery: 'true' });
    for (const gone of ['enveloped', 'bare']) await sqs(topics, 'DeleteQueue', { QueueUrl: gone });

    const MessageId = (await topics.query('Publish', { TopicArn, Message: 'm', ...kind('order') })).text('MessageId');
    await quiet();

    const enveloped = await one(topics, 'dead-enveloped');
    expect(JSON.parse(enveloped.Body)).toMatchObject({
      ...{ Type: 'Notification', MessageId, Message: 'm' },
      MessageAttributes: { kind: { Type: 'String', Value: 'order' } },
    });
    expect(enveloped.MessageAttributes).toBeUndefined();
    expect(await one(topics, 'dead-bare')).toMatchObject({
      Body: 'm',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'order' } },
    });
  }));

it('of a function that is gone, the dead-letter queue gets the envelope with its attributes (verified) [2.11]', () => {
  const functions: FunctionInvoker = {
    invoke: async () => ({ type: 'refused', reason: 'no function', statusCode: 404 }),
  };
  return withTopics(
    async (topics) => {
      const TopicArn = await topics.createTopic('t');
      await createQueue(topics, 'dead');
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead') });
      const functionArn = `arn:aws:lambda:us-east-1:${account}:function:f`;
      await topics.subscribe(TopicArn, 'lambda', functionArn, { RedrivePolicy });

      const MessageId = (await topics.query('Publish', { TopicArn, Message: 'm', ...kind('order') })).text('MessageId');
      await quiet();

      expect(JSON.parse((await one(topics, 'dead')).Body)).toMatchObject({
        ...{ Type: 'Notification', MessageId, TopicArn, Message: 'm' },
        MessageAttributes: { kind: { Type: 'String', Value: 'order' } },
      });
    },
    { functions },
  );
});

it.each([{}, { RawMessageDelivery: 'true' }])(
  'each message of a batch is filtered on its own, by attributes and by body, with the settings %o (verified) [2.7, 2.8]',
  (delivery) =>
    withTopics(async (topics) => {
      const TopicArn = await topics.createTopic('t');
      for (const queue of ['attributes', 'body', 'all']) await createQueue(topics, queue);
      const byAttributes = { FilterPolicy: '{"kind":["order"]}', ...delivery };
      const byBody = { FilterPolicy: '{"kind":["order"]}', FilterPolicyScope: 'MessageBody', ...delivery };
      await topics.subscribe(TopicArn, 'sqs', queueArn('attributes'), byAttributes);
      await topics.subscribe(TopicArn, 'sqs', queueArn('body'), byBody);
      await topics.subscribe(TopicArn, 'sqs', queueArn('all'), delivery);

      const bodies = ['{"kind":"order"}', '{"kind":"offer"}', '"kind"', 'order'];
      const batch = bodies.flatMap((Message, at) => {
        const entry = `PublishBatchRequestEntries.member.${at + 1}`;
        const attributes = Object.entries(kind(at % 2 === 0 ? 'offer' : 'order'));
        return [
          [`${entry}.Id`, `${at}`],
          [`${entry}.Message`, Message],
          ...attributes.map(([name, value]) => [`${entry}.${name}`, value]),
        ];
      });
      expect(await topics.query('PublishBatch', { TopicArn, ...Object.fromEntries(batch) })).toMatchObject({
        status: 200,
      });

      const messagesIn = async (queue: string) =>
        (await received(topics, queue))
          .map(({ Body }) => ('RawMessageDelivery' in delivery ? Body : JSON.parse(Body).Message))
          .toSorted();
      expect(await messagesIn('attributes')).toEqual([bodies[3], bodies[1]].toSorted());
      expect(await messagesIn('body')).toEqual([bodies[0]]);
      expect(await messagesIn('all')).toEqual(bodies.toSorted());
    }),
);

it('a message is published by the parameters of a URL as well (verified) [0.1]', () =>
  withTopics(async (topics) => {
    const TopicArn = await topics.createTopic('t');
    await createQueue(topics, 'q');
    await topics.subscribe(TopicArn, 'sqs', queueArn('q'));
    const parameters = new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', TopicArn, Message: 'a b&c' });

    const answer = await topics.follow(`${topics.url}/?${parameters}`);

    expect(answer).toMatchObject({ status: 200, xml: expect.stringContaining('<PublishResponse ') });
    expect(JSON.parse((await one(topics, 'q')).Body)).toMatchObject({
      ...{ MessageId: answer.text('MessageId'), Message: 'a b&c' },
    });
  }));

it.each(['ListSubscriptionsByTopic', 'Publish', 'PublishBatch', 'Subscribe'])(
  '%s refuses a topic of another region than its request (verified) [2.2]',
  (operation) =>
    withTopics(async ({ createTopic, query }) => {
      const TopicArn = await createTopic('t');
      const entry = 'PublishBatchRequestEntries.member.1';
      const more = { Message: 'm', Protocol: 'sqs', Endpoint: queueArn('q', 'eu-west-1') };
      const parameters = { TopicArn, ...more, [`${entry}.Id`]: '1', [`${entry}.Message`]: 'm' };

      expect(await query(operation, parameters, 'eu-west-1')).toMatchObject({
        ...{ status: 400, code: 'InvalidParameter', message: 'Invalid parameter: TopicArn' },
      });
    }),
);
