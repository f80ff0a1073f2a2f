/** What no single answer shows: numbers that rise, handles that differ, lists that end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../../../storage/sqlite/index.ts';
import { call } from './call.ts';
import type { JsonObject } from './cases/case.ts';
import { type SqsServerOptions, serveSqs } from './serve-sqs.ts';
import { withServer } from './with-server.ts';

const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };

it('sequence numbers have twenty digits and rise, over groups and batches [1.11]', () =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'f.fifo', Attributes: fifo });
    const numbers: string[] = [];
    for (let round = 0; round < 3; round++) {
      const one = { QueueUrl: 'f.fifo', MessageBody: `${round}`, MessageGroupId: `g${round % 2}` };
      numbers.push(String((await call(server, 'SendMessage', one)).output.SequenceNumber));
      const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: `${round}${Id}`, MessageGroupId: Id }));
      const { output } = await call(server, 'SendMessageBatch', { QueueUrl: 'f.fifo', Entries });
      numbers.push(...textsAt(output, 'Successful', 'SequenceNumber'));
    }

    expect(numbers).toHaveLength(9);
    expect(numbers.filter((number) => !/^\d{20}$/.test(number))).toEqual([]);
    expect(numbers).toEqual([...new Set(numbers)].toSorted());
  }));

it('each receive of a message has a handle of its own, of at most 1,024 characters [1.7, 1.8]', () =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'a' });
    await call(server, 'SendMessage', { QueueUrl: 'a', MessageBody: 'm' });
    const handles: string[] = [];
    for (let round = 0; round < 3; round++) {
      const { output } = await call(server, 'ReceiveMessage', { QueueUrl: 'a', VisibilityTimeout: 0 });
      handles.push(...textsAt(output, 'Messages', 'ReceiptHandle'));
    }

    expect(new Set(handles).size).toBe(3);
    expect(Math.max(...handles.map(({ length }) => length))).toBeLessThanOrEqual(1024);
  }));

it('a list without MaxResults ends at a thousand queues, without a token [1.3]', () =>
  withServer(async ({ broker, port }) => {
    const principal = { name: 'anonymous', account: '000000000000', isAnonymous: true };
    await call({ port }, 'CreateQueue', { QueueName: 'q' });
    const model = broker.catalogue.find({ account: '000000000000', region: 'us-east-1', name: 'q' });
    if (model === undefined) throw new Error('the queue was made');
    const { kind, attributes, extras, tags } = model;
    for (let index = 0; index < 1000; index++) {
      const address = { ...model.address, name: `q${String(index).padStart(4, '0')}` };
      await broker.catalogue.create(principal, { address, kind, attributes, extras, tags });
    }

    const all = (await call({ port }, 'ListQueues', {})).output;
    const first = (await call({ port }, 'ListQueues', { MaxResults: 1000 })).output;
    const second = (await call({ port }, 'ListQueues', { MaxResults: 1000, NextToken: first.NextToken ?? '' })).output;

    expect([lengthOf(all), lengthOf(first), lengthOf(second)]).toEqual([1000, 1000, 1]);
    expect(all).not.toHaveProperty('NextToken');
    expect(second).not.toHaveProperty('NextToken');
  }));

it('queues of one name in two regions and two accounts are four, and each sees its own in a list [0.3, 1.3]', () =>
  withServer(async (server) => {
    const places = ['us-east-1', 'eu-west-1'].flatMap((region) =>
      ['111111111111', '222222222222'].map((key) => [key, region]),
    );
    const at = ([key = '', region = '']: readonly string[]) => ({
      headers: { Authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/${region}/sqs/aws4_request, Signature=0` },
    });
    for (const place of places) {
      await call(server, 'CreateQueue', { QueueName: 'a' }, at(place));
      await call(server, 'SendMessage', { QueueUrl: 'a', MessageBody: place.join(' ') }, at(place));
    }

    for (const place of places) {
      const { output } = await call(server, 'ReceiveMessage', { QueueUrl: 'a', MaxNumberOfMessages: 10 }, at(place));
      expect(textsAt(output, 'Messages', 'Body')).toEqual([place.join(' ')]);
      expect(lengthOf((await call(server, 'ListQueues', {}, at(place))).output)).toBe(1);
    }
  }));

it('a handle, a deduplication id and a limit outlive a restart [1.8, 1.11]', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gantry-sqs-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const options: SqsServerOptions = {
    openStore: ({ clock }) => openSqliteStore({ dataDir, clock, synchronous: 'OFF', isThreaded: false }),
  };
  const message = { QueueUrl: 'f.fifo', MessageBody: 'm', MessageGroupId: 'g' };
  const before = await serveSqs(options);
  await call(before, 'CreateQueue', { QueueName: 'f.fifo', Attributes: { ...fifo, MaximumMessageSize: '1024' } });
  const sent = await call(before, 'SendMessage', message);
  const received = await call(before, 'ReceiveMessage', { QueueUrl: 'f.fifo', VisibilityTimeout: 600 });
  await before.stop();

  const after = await serveSqs(options);
  const again = await call(after, 'SendMessage', message);
  const large = await call(after, 'SendMessage', { ...message, MessageBody: 'x'.repeat(1025) });
  const [ReceiptHandle = ''] = textsAt(received.output, 'Messages', 'ReceiptHandle');
  const extended = await call(after, 'ChangeMessageVisibility', {
    QueueUrl: 'f.fifo',
    ReceiptHandle,
    VisibilityTimeout: 9,
  });
  const deleted = await call(after, 'DeleteMessage', { QueueUrl: 'f.fifo', ReceiptHandle });
  const left = await call(after, 'GetQueueAttributes', { QueueUrl: 'f.fifo', AttributeNames: ['All'] });
  await after.stop();

  expect(again.output).toEqual(sent.output);
  expect(large.queryError).toBe('InvalidParameterValue;Sender');
  expect([extended.status, deleted.status]).toEqual([200, 200]);
  expect(left.output).toMatchObject({
    Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' },
  });
});

function textsAt(output: JsonObject, list: string, name: string): readonly string[] {
  const rows: unknown = output[list];
  if (!Array.isArray(rows)) return [];
  return rows.map((row: Readonly<Record<string, unknown>>) => String(row[name]));
}

function lengthOf({ QueueUrls }: JsonObject): number {
  return Array.isArray(QueueUrls) ? QueueUrls.length : 0;
}
