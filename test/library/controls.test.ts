import { expect, test } from 'vitest';
import type { Gantry } from '../../src/index.ts';
import { ask, receive, startWorld, untilWaiting } from './world.ts';

const hourMs = 3_600_000;
const QueueUrl = 'orders';

async function setup(attributes: Readonly<Record<string, string>> = {}, name = QueueUrl): Promise<Gantry> {
  const gantry = await startWorld();
  await ask(gantry, 'CreateQueue', { QueueName: name, Attributes: attributes });
  return gantry;
}

test('a delay and a lease end when the clock is moved behind them, and not before', async () => {
  const gantry = await setup();
  await ask(gantry, 'SendMessage', { QueueUrl, MessageBody: 'delayed', DelaySeconds: 900 });
  await ask(gantry, 'SendMessage', { QueueUrl, MessageBody: 'leased' });
  const first = await receive(gantry, { QueueUrl, VisibilityTimeout: 43_200 });

  expect(first).toEqual(['leased']);
  expect(await receive(gantry, { QueueUrl })).toEqual([]);
  await gantry.advance(hourMs);
  expect(await receive(gantry, { QueueUrl, VisibilityTimeout: 43_200 })).toEqual(['delayed']);
  await gantry.advance(11 * hourMs);

  expect(await receive(gantry, { QueueUrl })).toEqual(['leased']);
});

test('a waiting receive is given what becomes visible by a step of the clock', async () => {
  const gantry = await setup();
  await ask(gantry, 'SendMessage', { QueueUrl, MessageBody: 'delayed', DelaySeconds: 600 });
  const waiting = receive(gantry, { QueueUrl, WaitTimeSeconds: 20 });
  await untilWaiting(gantry, 1);

  // Its own wait ends by the same step, and what it is answered is what is there at its end.
  await gantry.advance(600_000);

  expect(await waiting).toEqual(['delayed']);
});

test('a long poll ends empty when the clock is moved behind its end', async () => {
  const gantry = await setup();
  const waiting = receive(gantry, { QueueUrl, WaitTimeSeconds: 20 });
  await untilWaiting(gantry, 1);

  await gantry.advance(20_000);

  expect(await waiting).toEqual([]);
});

test('retention and deduplication windows end as well', async () => {
  const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true', MessageRetentionPeriod: '3600' };
  const gantry = await setup(fifo, 'orders.fifo');
  const send = () => ask(gantry, 'SendMessage', { QueueUrl: 'orders.fifo', MessageBody: 'same', MessageGroupId: 'g' });
  const count = async () => {
    const { output } = await ask(gantry, 'GetQueueAttributes', { QueueUrl: 'orders.fifo', AttributeNames: ['All'] });
    return output.Attributes;
  };
  await send();
  await send();

  expect(await count()).toMatchObject({ ApproximateNumberOfMessages: '1' });
  await gantry.advance(300_001);
  await send();
  expect(await count()).toMatchObject({ ApproximateNumberOfMessages: '2' });
  await gantry.advance(hourMs);

  expect(await count()).toMatchObject({ ApproximateNumberOfMessages: '0' });
});

test('the clock does not go back, nor by parts of a millisecond', async () => {
  const gantry = await startWorld();

  await expect(gantry.advance(-1)).rejects.toMatchObject({ name: 'GantryError', code: 'invalid-argument' });
  await expect(gantry.advance(0.5)).rejects.toMatchObject({ code: 'invalid-argument' });
});

test('after a reset nothing is there, and no rule of a fault', async () => {
  const gantry = await setup();
  await ask(gantry, 'SendMessage', { QueueUrl, MessageBody: 'a' });
  gantry.faults.add({ action: 'ListQueues', kind: 'drop' });

  await gantry.reset();

  expect((await ask(gantry, 'ListQueues', {})).output).toEqual({});
  expect(gantry.faults.list()).toEqual([]);
  await ask(gantry, 'CreateQueue', { QueueName: QueueUrl });
  expect(await receive(gantry, { QueueUrl })).toEqual([]);
});

test('after a reset there is no topic and no subscription', async () => {
  const gantry = await setup();
  const admin = async (method: string, path: string, json?: object) =>
    await fetch(`${gantry.endpoint}/_gantry${path}`, { method, ...(json && { body: JSON.stringify(json) }) });
  await admin('PUT', '/topics/alerts');
  expect((await admin('POST', '/topics/alerts/subscriptions', { queue: QueueUrl })).status).toBe(201);

  await gantry.reset();

  expect(await (await admin('GET', '/topics')).json()).toEqual({ topics: [] });
  await admin('PUT', '/topics/alerts');
  expect(await (await admin('GET', '/topics/alerts/subscriptions')).json()).toEqual({ subscriptions: [] });
});

test('a receive that waits while everything is reset ends as when its queue is deleted', async () => {
  const gantry = await setup();
  const waiting = ask(gantry, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  await untilWaiting(gantry, 1);

  await gantry.reset();

  expect(await waiting).toMatchObject({ status: 400, type: 'com.amazonaws.sqs#QueueDoesNotExist' });
});

test('a name that was deleted can be used at once after a reset, though AWS’s minute is asked for', async () => {
  const gantry = await startWorld({ sqsRecreateIntervalMs: 60_000 });
  const create = () => ask(gantry, 'CreateQueue', { QueueName: QueueUrl });
  await create();
  await ask(gantry, 'DeleteQueue', { QueueUrl });

  expect(await create()).toMatchObject({ type: 'com.amazonaws.sqs#QueueDeletedRecently' });
  await gantry.reset();

  expect(await create()).toMatchObject({ status: 200 });
});

test('a broker that is stopped is not reset or moved on, and says so', async () => {
  const gantry = await startWorld();
  await gantry.stop();

  await expect(gantry.reset()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(gantry.advance(1)).rejects.toMatchObject({ code: 'unavailable' });
});
