/** The options of SQS reach it through the whole server. */
import { expect, test } from 'vitest';
import { defaultParts } from '../../src/server/parts.ts';
import { startWorld } from './setup.ts';

async function serve(flags: Readonly<Record<string, readonly string[]>>) {
  const { createHttpFront } = defaultParts;
  const world = await startWorld(flags, undefined, { createHttpFront });
  return async (operation: string, input: object): Promise<string> => {
    const response = await fetch(world.url(), {
      method: 'POST',
      headers: { 'X-Amz-Target': `AmazonSQS.${operation}`, 'Content-Type': 'application/x-amz-json-1.0' },
      body: JSON.stringify(input),
    });
    await response.arrayBuffer();
    return response.headers.get('x-amzn-query-error')?.replace(/^AWS.SimpleQueueService.|;Sender$/g, '') ?? 'OK';
  };
}

const a = { QueueUrl: 'a' };
const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };

test.each([
  ['sqsInFlightMax', '1', 'OverLimit'],
  ['sqsInFlightMax', '0', 'OK'],
])('--%s %s: a second message in flight is %s', async (option, value, expected) => {
  const ask = await serve({ [option]: [value] });
  await ask('CreateQueue', { QueueName: 'a' });
  for (const MessageBody of ['1', '2']) await ask('SendMessage', { ...a, MessageBody });
  await ask('ReceiveMessage', a);

  expect(await ask('ReceiveMessage', a)).toBe(expected);
});

test.each([
  ['60000', ['OK', 'PurgeQueueInProgress']],
  ['0', ['OK', 'OK']],
])('--sqs-purge-interval-ms %s: two purges are %j', async (value, expected) => {
  const ask = await serve({ sqsPurgeIntervalMs: [value] });
  await ask('CreateQueue', { QueueName: 'a' });

  expect([await ask('PurgeQueue', a), await ask('PurgeQueue', a)]).toEqual(expected);
});

test.each([
  ['60000', 'QueueDeletedRecently'],
  ['0', 'OK'],
])('--sqs-recreate-interval-ms %s: a queue made again is %s', async (value, expected) => {
  const ask = await serve({ sqsRecreateIntervalMs: [value] });
  await ask('CreateQueue', { QueueName: 'a' });
  await ask('DeleteQueue', a);

  expect(await ask('CreateQueue', { QueueName: 'a' })).toBe(expected);
});

test.each([
  ['1', 'RequestThrottled'],
  ['0', 'OK'],
])('--sqs-fifo-rate-max %s: a second send within a second is %s', async (value, expected) => {
  const ask = await serve({ sqsFifoRateMax: [value] });
  await ask('CreateQueue', { QueueName: 'a.fifo', Attributes: fifo });
  const message = { QueueUrl: 'a.fifo', MessageBody: 'm', MessageGroupId: 'g' };

  expect([await ask('SendMessage', message), await ask('SendMessage', message)]).toEqual(['OK', expected]);
});

test.each([
  ['true', 'OK'],
  ['false', 'InvalidParameterValue'],
])('--sqs-lenient-attempts %s: an attempt id on a standard queue is %s', async (value, expected) => {
  const ask = await serve({ sqsLenientAttempts: [value] });
  await ask('CreateQueue', { QueueName: 'a' });

  expect(await ask('ReceiveMessage', { ...a, ReceiveRequestAttemptId: 'x' })).toBe(expected);
});
