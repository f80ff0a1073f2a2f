import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { openSqliteStore } from '../../../../storage/sqlite/index.ts';
import { good, type PublishWorld, type Received, withWorld } from './world.ts';

const raw = { RawMessageDelivery: 'true' };
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const binary = { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]).toString('base64') };
const attributes = {
  text: { DataType: 'String', StringValue: 'ü' },
  bytes: binary,
  number: { DataType: 'Number.int', StringValue: '1.50' },
};

async function one(world: PublishWorld, queue: string): Promise<Received> {
  const [message, ...others] = await world.messages(queue);
  if (message === undefined || others.length > 0) throw new Error(`${others.length} others in ${queue}`);
  return message;
}
/** Names of an object in their order. */
const fieldsOf = (message: Received) => Object.keys(JSON.parse(message.Body));

it('an envelope has its fields in order, and the attributes of the message inside alone', () =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('t');
    await world.subscribed(TopicArn, 'q');
    const Message = 'a\r\n"\\\u0001\u2028ü€😀';
    const input = { TopicArn, Message, Subject: 's', MessageAttributes: attributes };
    const { MessageId } = good(await world.sns('Publish', input));

    const message = await one(world, 'q');

    expect(fieldsOf(message)).toEqual([
      ...['Type', 'MessageId', 'TopicArn', 'Subject', 'Message', 'Timestamp', 'UnsubscribeURL', 'MessageAttributes'],
    ]);
    const envelope = JSON.parse(message.Body);
    expect(envelope).toMatchObject({ Type: 'Notification', MessageId, TopicArn, Subject: 's', Message });
    expect(envelope.Timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(envelope.UnsubscribeURL).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/\?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:.*:t:[0-9a-f-]{36}$/,
    );
    expect(envelope.MessageAttributes).toEqual({
      text: { Type: 'String', Value: 'ü' },
      bytes: { Type: 'Binary', Value: 'AP8=' },
      number: { Type: 'Number.int', Value: '1.50' },
    });
    expect(message.MessageAttributes).toBeUndefined();
    expect(message).toMatchObject({ MD5OfBody: hash('md5', message.Body) });
    expect(message.MessageId).toMatch(uuid);
    expect(message.MessageId).not.toBe(MessageId);
  }));

it('without subject and attributes their fields are not there', () =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('t');
    await world.subscribed(TopicArn, 'q');

    good(await world.sns('Publish', { TopicArn, Message: 'm' }));

    expect(fieldsOf(await one(world, 'q'))).toEqual([
      ...['Type', 'MessageId', 'TopicArn', 'Message', 'Timestamp', 'UnsubscribeURL'],
    ]);
  }));

it('raw, the message is the body, and its attributes are SQS attributes', () =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('t');
    await world.subscribed(TopicArn, 'q', raw);
    const Message = 'a\rb ü';

    good(await world.sns('Publish', { TopicArn, Message, Subject: 's', MessageAttributes: attributes }));

    const message = await one(world, 'q');
    expect(message).toMatchObject({ Body: Message, MD5OfBody: hash('md5', Message), MessageAttributes: attributes });
  }));

it('subscribers have texts of their own, and a queue shows who sent it and the trace it belongs to', () =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('t');
    await world.subscribed(TopicArn, 'q', raw);
    const input = { TopicArn, Message: '{"default":"d","sqs":"for queues"}', MessageStructure: 'json' };
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';

    good(await world.sns('Publish', input, { headers: { 'X-Amzn-Trace-Id': trace } }));

    const message = await one(world, 'q');
    expect(message.Body).toBe('for queues');
    expect(message.Attributes).toMatchObject({ AWSTraceHeader: trace, SenderId: 'AIDAIT2UOQQY3AUEKVGXU' });
  }));

it('from a FIFO topic a FIFO queue has group and dedup id, and an envelope with another sequence number', () =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('f.fifo');
    await world.subscribed(TopicArn, 'q.fifo');
    const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };

    const { SequenceNumber } = good(await world.sns('Publish', { TopicArn, Message: 'm', ...ids }));

    const message = await one(world, 'q.fifo');
    expect(fieldsOf(message)).toEqual([
      ...['Type', 'MessageId', 'SequenceNumber', 'TopicArn', 'Message', 'Timestamp', 'UnsubscribeURL'],
    ]);
    expect(JSON.parse(message.Body)).toMatchObject({ SequenceNumber });
    expect(message.Attributes).toMatchObject({ ...ids, SequenceNumber: expect.stringMatching(/^\d{20}$/) });
    expect(message.Attributes.SequenceNumber).not.toBe(SequenceNumber);
  }));

it('from a FIFO topic a standard queue has neither group nor dedup id nor sequence number, but the envelope has its own', () =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('f.fifo');
    await world.subscribed(TopicArn, 'q');
    const message = { TopicArn, Message: 'm', MessageGroupId: 'g', MessageDeduplicationId: 'd' };

    const { SequenceNumber } = good(await world.sns('Publish', message));
    good(await world.sns('Publish', message));

    const { Attributes, Body } = await one(world, 'q');
    const names = ['MessageGroupId', 'MessageDeduplicationId', 'SequenceNumber'];
    expect(Object.keys(Attributes).filter((name) => names.includes(name))).toEqual([]);
    expect(JSON.parse(Body)).toMatchObject({ SequenceNumber });
    expect(JSON.parse(Body)).not.toHaveProperty('Signature');
  }));

it('the message group of a standard topic reaches standard queues', () =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('t');
    await world.subscribed(TopicArn, 'q');

    good(await world.sns('Publish', { TopicArn, Message: 'm', MessageGroupId: 'tenant' }));

    expect((await one(world, 'q')).Attributes).toMatchObject({ MessageGroupId: 'tenant' });
  }));

it('a queue of another region is delivered to', () =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('t');
    await world.sqs('CreateQueue', { QueueName: 'q' }, 'eu-west-1');
    const Endpoint = 'arn:aws:sqs:eu-west-1:000000000000:q';
    good(await world.sns('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint, Attributes: raw }));

    good(await world.sns('Publish', { TopicArn, Message: 'm' }));

    expect(await world.sqs('ReceiveMessage', { QueueUrl: 'q' }, 'eu-west-1')).toMatchObject({
      Messages: [{ Body: 'm' }],
    });
  }));

it('a message at the limit arrives in its envelope', () =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('t');
    await world.subscribed(TopicArn, 'q');
    const Message = '"'.repeat(262_144);

    good(await world.sns('Publish', { TopicArn, Message }));

    expect(JSON.parse((await one(world, 'q')).Body).Message).toBe(Message);
  }));

it('a copy looks the same in a dead-letter queue, after its redrive, and to who looks without receiving', () =>
  withWorld(
    async (world) => {
      const TopicArn = await world.topic('t');
      const names = ['enveloped', 'bare'];
      await world.sqs('CreateQueue', { QueueName: 'dead', Attributes: { VisibilityTimeout: '0' } });
      await world.subscribed(TopicArn, 'enveloped');
      await world.subscribed(TopicArn, 'bare', raw);
      const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
      for (const QueueUrl of names) {
        const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
        await world.sqs('SetQueueAttributes', { QueueUrl, Attributes: { RedrivePolicy, VisibilityTimeout: '0' } });
      }
      good(await world.sns('Publish', { TopicArn, Message: 'm', Subject: 's', MessageAttributes: attributes }));
      const looks = await world.peeked('enveloped');
      const shown = new Map(await Promise.all(names.map(async (name) => [name, await one(world, name)] as const)));
      const essence = ({ MessageId, Body, MessageAttributes }: Received) => ({ MessageId, Body, MessageAttributes });
      const all = [...shown.values()].map(essence);

      for (const name of names) expect(await world.messages(name)).toEqual([]);
      const dead = (await world.messages('dead')).map(essence);
      await world.sqs('StartMessageMoveTask', { SourceArn: deadLetterTargetArn });
      await world.moved(deadLetterTargetArn);
      const back = await Promise.all(names.map((name) => one(world, name)));

      const first = shown.get('enveloped');
      for (const part of [first?.MessageId, first?.MD5OfBody]) expect(looks).toContain(part);
      expect(dead.toSorted((left, right) => left.Body.localeCompare(right.Body))).toEqual(
        all.toSorted((left, right) => left.Body.localeCompare(right.Body)),
      );
      expect(back.map(essence)).toEqual(all);
    },
    {
      openStore: ({ clock }) => openSqliteStore({ dataDir: ':memory:', clock, synchronous: 'OFF', isThreaded: false }),
    },
  ));
