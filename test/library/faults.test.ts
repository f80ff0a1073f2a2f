import { expect, test } from 'vitest';
import type { Gantry } from '../../src/index.ts';
import { ask, receive, startWorld } from './world.ts';

const QueueUrl = 'orders';
const send = (gantry: Gantry, isStreamed = false) =>
  ask(gantry, 'SendMessage', { QueueUrl, MessageBody: 'a' }, isStreamed);

async function setup(): Promise<Gantry> {
  const gantry = await startWorld();
  await ask(gantry, 'CreateQueue', { QueueName: QueueUrl });
  return gantry;
}

async function query(gantry: Gantry, parameters: Readonly<Record<string, string>>) {
  const response = await fetch(gantry.endpoint, { method: 'POST', body: new URLSearchParams(parameters) });
  return { status: response.status, text: await response.text() };
}

test('an error comes in AWS JSON, by the shape or the code that people know it by, with the rule in a hint', async () => {
  const gantry = await setup();
  const id = gantry.faults.add({
    action: 'SendMessage',
    kind: 'error',
    code: 'AWS.SimpleQueueService.NonExistentQueue',
  });

  const answer = await send(gantry);

  expect(answer).toMatchObject({ status: 400, type: 'com.amazonaws.sqs#QueueDoesNotExist' });
  expect(answer.hint).toBe(`made by the fault rule "${id}"`);
  expect(await receive(gantry, { QueueUrl })).toEqual([]);
});

test('an error comes in the Query protocol as XML', async () => {
  const gantry = await setup();
  gantry.faults.add({ action: 'SendMessage', kind: 'error', code: 'RequestThrottled', message: 'slow <down>' });

  const { status, text } = await query(gantry, { Action: 'SendMessage', QueueUrl, MessageBody: 'a' });

  expect(status).toBe(403);
  expect(text).toContain('<Code>RequestThrottled</Code><Message>slow &lt;down&gt;</Message>');
});

test('an error that AWS has not is answered as it is written', async () => {
  const gantry = await setup();
  gantry.faults.add({ action: '*', kind: 'error', code: 'Oops', status: 418, count: 1 });

  expect(await send(gantry)).toMatchObject({ status: 418, type: 'com.amazonaws.sqs#Oops' });
  expect(await send(gantry)).toMatchObject({ status: 200 });
});

test.each([
  ['whole', false],
  ['streamed', true],
])('the connection of a %s request is dropped, and nothing was done', async (_, isStreamed) => {
  const gantry = await setup();
  gantry.faults.add({ action: 'SendMessage', kind: 'drop', count: 1 });

  await expect(send(gantry, isStreamed)).rejects.toThrow('fetch failed');

  expect(await receive(gantry, { QueueUrl })).toEqual([]);
  expect(await send(gantry, isStreamed)).toMatchObject({ status: 200 });
});

test.each([
  ['whole', false],
  ['streamed', true],
])(
  'the answer to a %s request is lost, and its message is there: a sender that repeats it sends twice',
  async (_, isStreamed) => {
    const gantry = await setup();
    gantry.faults.add({ action: 'SendMessage', kind: 'drop', when: 'after', count: 1 });

    await expect(send(gantry, isStreamed)).rejects.toThrow('fetch failed');
    await send(gantry, isStreamed);

    expect(await receive(gantry, { QueueUrl })).toEqual(['a', 'a']);
  },
);

test('an error in place of an answer leaves what was done', async () => {
  const gantry = await setup();
  gantry.faults.add({ action: 'SendMessage', kind: 'error', code: 'ServiceUnavailable', when: 'after', count: 1 });

  expect(await send(gantry)).toMatchObject({ status: 503, type: 'com.amazonaws.sqs#ServiceUnavailable' });
  expect(await receive(gantry, { QueueUrl })).toEqual(['a']);
});

test('a delay before keeps the message back, a delay after only its answer; both end by the broker’s clock', async () => {
  const gantry = await setup();
  const one = gantry.faults.add({ action: 'SendMessage', kind: 'delay', delayMs: 60_000 });
  const before = send(gantry);
  await untilHit(gantry);
  expect(await receive(gantry, { QueueUrl })).toEqual([]);
  gantry.faults.clear(one);
  gantry.faults.add({ action: 'SendMessage', kind: 'delay', delayMs: 60_000, when: 'after' });
  const after = send(gantry);
  expect(await receive(gantry, { QueueUrl, WaitTimeSeconds: 20, VisibilityTimeout: 900 })).toEqual(['a']);

  await gantry.advance(60_000);

  expect(await Promise.all([before, after])).toMatchObject([{ status: 200 }, { status: 200 }]);
  expect(await receive(gantry, { QueueUrl })).toEqual(['a']);
});

test('who is gone is not waited for, and a stop waits for no delay', async () => {
  const gantry = await setup();
  gantry.faults.add({ action: 'SendMessage', kind: 'delay', delayMs: 60_000 });
  const leaving = new AbortController();
  const left = fetch(gantry.endpoint, {
    method: 'POST',
    headers: { 'X-Amz-Target': 'AmazonSQS.SendMessage' },
    body: JSON.stringify({ QueueUrl, MessageBody: 'left' }),
    signal: leaving.signal,
  });
  await untilHit(gantry);
  leaving.abort();
  await expect(left).rejects.toThrow('aborted');
  expect(await receive(gantry, { QueueUrl, WaitTimeSeconds: 20 })).toEqual(['left']);

  const delayed = send(gantry);
  await untilHit(gantry, 2);
  await gantry.stop();

  expect((await delayed).status).toBeGreaterThanOrEqual(200);
});

test('a rule is for one queue, by whatever the request names it', async () => {
  const gantry = await setup();
  await ask(gantry, 'CreateQueue', { QueueName: 'others' });
  gantry.faults.add({ action: '*', queue: 'orders', kind: 'error', code: 'InternalFailure' });
  const url = `${gantry.endpoint}/000000000000/orders`;

  expect(await ask(gantry, 'GetQueueUrl', { QueueName: 'orders' })).toMatchObject({ status: 500 });
  expect(await ask(gantry, 'SendMessage', { QueueUrl: url, MessageBody: 'a' })).toMatchObject({ status: 500 });
  expect(await ask(gantry, 'SendMessage', { QueueUrl: 'others', MessageBody: 'a' })).toMatchObject({ status: 200 });
  expect(await ask(gantry, 'ListQueues', {})).toMatchObject({ status: 200 });
  expect(await ask(gantry, 'SendMessage', { QueueUrl: 7 })).toMatchObject({ status: 400 });
});

test('who signs with a wrong key is refused as ever: a fault does not hide it', async () => {
  const gantry = await startWorld({
    users: [{ name: 'root', admin: true, accessKeys: [{ id: 'ROOT', secret: 's' }] }],
  });
  gantry.faults.add({ action: '*', kind: 'drop' });
  const scope = 'Credential=OTHER/20261127/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0';

  const { status } = await fetch(gantry.endpoint, {
    method: 'POST',
    headers: { 'X-Amz-Target': 'AmazonSQS.ListQueues', Authorization: `AWS4-HMAC-SHA256 ${scope}` },
    body: '{}',
  });

  expect(status).toBe(403);
});

/** Settles when so many requests have been hit by a rule that is still there. */
async function untilHit(gantry: Gantry, hits = 1): Promise<void> {
  while ((gantry.faults.list()[0]?.hits ?? 0) < hits) await ask(gantry, 'ListQueues', {});
}
