import { expect, onTestFinished, test } from 'vitest';
import {
  launchFor,
  metric,
  newQueue,
  openFilesMax,
  RawClient,
  residentMib,
  untilMetric,
  workOn,
} from './support/crowd.ts';
import { listOf, textOf } from './support/fields.ts';
import { Wire } from './support/wire.ts';

const idleConnections = 10_000;
const pollers = 5_000;
/** The broker's own files, and those of the test's process. */
const filesBeside = 500;
const hasFiles = (openFilesMax() ?? 0) >= idleConnections + filesBeside;
/** Generous: the machine may be shared, and one answer that waits behind all others is what is looked for. */
const promptMsMax = 5_000;

test.skipIf(!hasFiles)(
  `${idleConnections} idle connections cost memory in proportion and nobody's time (needs as many open files)`,
  { timeout: 120_000 },
  async () => {
    const broker = await launchFor(
      '--connections-max',
      String(idleConnections + 10),
      '--keep-alive-timeout-ms',
      '600000',
    );
    const worker = await Wire.open(broker.endpoint);
    const queueUrl = await newQueue(worker, 'work');
    await workOn(worker, queueUrl, 200);
    const residentBefore = residentMib(broker);

    const idle = await Wire.openMany(broker.endpoint, idleConnections);
    onTestFinished(() => closeAll(idle));
    // As an SDK's pool leaves them: each has had its answer.
    for (let from = 0; from < idle.length; from += 500)
      await Promise.all(idle.slice(from, from + 500).map((wire) => wire.call('GetQueueUrl', { QueueName: 'work' })));
    const slowestMs = await workOn(worker, queueUrl, 200);
    const connections = await metric(broker, 'gantry_connections');
    const residentEach = ((residentMib(broker) - residentBefore) * 1024) / idleConnections;
    const answers = await Promise.all(
      idle.filter((_, at) => at % 100 === 0).map((wire) => wire.call('GetQueueUrl', { QueueName: 'work' })),
    );
    closeAll(idle);
    await untilMetric(broker, 'gantry_connections', (count) => count <= 2);

    expect(slowestMs).toBeLessThan(promptMsMax);
    expect(connections).toBeGreaterThan(idleConnections);
    expect(residentEach).toBeLessThan(24); // KiB
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  },
);

test(`${pollers} long pollers: each message goes to one of them at once, and the others wait to the end`, {
  timeout: 120_000,
}, async () => {
  const queues = 100;
  const messagesEach = 10;
  const waitSeconds = 15;
  const broker = await launchFor();
  const worker = await Wire.open(broker.endpoint);
  const work = await newQueue(worker, 'work');
  const urls = await Promise.all(Array.from({ length: queues }, (_, at) => newQueueOn(broker.endpoint, `q${at}`)));
  const wires = await Wire.openMany(broker.endpoint, pollers);
  onTestFinished(() => closeAll(wires));

  const polled = wires.map(async (wire, at) => {
    const input = { QueueUrl: urls[at % queues], WaitTimeSeconds: waitSeconds, MaxNumberOfMessages: 1 };
    const askedAt = performance.now();
    const { status, value } = await wire.call('ReceiveMessage', input);
    const bodies = listOf(value, 'Messages').map((message) => textOf(message, 'Body'));
    return { status, bodies, answeredAt: performance.now(), waitedMs: performance.now() - askedAt };
  });
  await untilMetric(broker, 'gantry_waiting_receives', (count) => count === pollers);
  const slowestMs = await workOn(worker, work, 100);
  const sentAt = performance.now();
  const entries = Array.from({ length: messagesEach }, (_, at) => ({ Id: `${at}`, MessageBody: `m${at}` }));
  for (const url of urls) await worker.call('SendMessageBatch', { QueueUrl: url, Entries: entries });
  const results = await Promise.all(polled);

  const woken = results.filter(({ bodies }) => bodies.length > 0);
  const empty = results.filter(({ bodies }) => bodies.length === 0);
  const lastWokenMs = Math.max(...woken.map(({ answeredAt }) => answeredAt)) - sentAt;
  expect(results.every(({ status }) => status === 200)).toBe(true);
  expect(slowestMs).toBeLessThan(promptMsMax);
  expect(woken).toHaveLength(queues * messagesEach);
  expect(woken.flatMap(({ bodies }) => bodies).toSorted()).toEqual(
    entries.flatMap(({ MessageBody }) => Array<string>(queues).fill(MessageBody)).toSorted(),
  );
  expect(lastWokenMs).toBeLessThan(promptMsMax);
  expect(Math.min(...empty.map(({ waitedMs }) => waitedMs))).toBeGreaterThan(waitSeconds * 1000 - 50);
  expect(Math.max(...empty.map(({ waitedMs }) => waitedMs))).toBeLessThan(waitSeconds * 1000 + 5_000);
  expect(await metric(broker, 'gantry_waiting_receives')).toBe(0);
});

function closeAll(wires: readonly Wire[]): void {
  for (const wire of wires) wire.close();
}

async function newQueueOn(endpoint: string, name: string): Promise<string> {
  const wire = await Wire.open(endpoint);
  const url = await newQueue(wire, name);
  wire.close();
  return url;
}

const head = (length: number) =>
  `POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.ListQueues\r\nContent-Length: ${length}\r\n`;

test('a crowd of half requests is cut off in time, each with its reason, and troubles nobody', async () => {
  const each = 150;
  const limits = ['--header-timeout-ms', '1500', '--request-timeout-ms', '1500'];
  const broker = await launchFor(...limits);
  const worker = await Wire.open(broker.endpoint);
  const queueUrl = await newQueue(worker, 'work');
  const halves = ['POST / HT', head(2), `${head(2)}\r\n`, `${head(1000)}\r\n{"QueueNamePrefix":"`];

  const clients = await Promise.all(
    Array.from({ length: halves.length * each }, async (_, at) => {
      const client = await RawClient.open(broker, true);
      client.socket.write(halves[at % halves.length] ?? '');
      return client;
    }),
  );
  const slowestMs = await workOn(worker, queueUrl, 200);
  await Promise.all(clients.map(({ ended }) => ended));

  expect(slowestMs).toBeLessThan(promptMsMax);
  expect(new Set(clients.map(({ received }) => received.slice(0, 12)))).toEqual(new Set(['HTTP/1.1 408']));
  expect(await metric(broker, 'gantry_invariant_failures_total')).toBe(0);
});

test('clients that send one byte at a time are served or cut off, and trouble nobody', async () => {
  const broker = await launchFor('--header-timeout-ms', '3000');
  const worker = await Wire.open(broker.endpoint);
  const queueUrl = await newQueue(worker, 'work');
  const clients = await Promise.all(Array.from({ length: 200 }, () => RawClient.open(broker, true)));
  const request = `${head(2)}Connection: close\r\n\r\n{}`;
  const patient = clients.filter((_, at) => at % 2 === 0); // These never come to an end of their head.
  let at = 0;

  const dribble = setInterval(() => {
    for (const [index, client] of clients.entries()) {
      const isPatient = index % 2 === 0;
      const byte = isPatient ? (request[at % 40] ?? '') : (request[at] ?? '');
      if (client.socket.writable) client.socket.write(byte);
    }
    at += 1;
  }, 8);
  onTestFinished(() => clearInterval(dribble));
  const slowestMs = await workOn(worker, queueUrl, 200);
  await Promise.all(clients.map(({ ended }) => ended));

  const statusOf = ({ received }: RawClient) => received.slice(9, 12);
  expect(slowestMs).toBeLessThan(promptMsMax);
  expect(new Set(clients.filter((client) => !patient.includes(client)).map(statusOf))).toEqual(new Set(['200']));
  expect(new Set(patient.map(statusOf)).has('200')).toBe(false);
});

test('clients that take no answers hold up nobody, and cost no more than their connections', {
  timeout: 60_000,
}, async () => {
  const clientCount = 40;
  const requestsEach = 50;
  const bodyBytes = 100 * 1024;
  const broker = await launchFor();
  const worker = await Wire.open(broker.endpoint);
  const work = await newQueue(worker, 'work');
  const big = await newQueue(worker, 'big');
  for (let message = 0; message < 10; message++)
    await worker.call('SendMessage', { QueueUrl: big, MessageBody: 'x'.repeat(bodyBytes) });
  // The same ten again and again: a megabyte an answer, 2 GB if all were made.
  const input = JSON.stringify({ QueueUrl: big, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
  const request = `POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.ReceiveMessage\r\nContent-Length: ${input.length}\r\n\r\n${input}`;
  const residentBefore = residentMib(broker);

  const clients = await Promise.all(
    Array.from({ length: clientCount }, async () => {
      const client = await RawClient.open(broker, false);
      client.socket.write(request.repeat(requestsEach));
      return client;
    }),
  );
  const slowestMs = await workOn(worker, work, 200);
  const grownMib = residentMib(broker) - residentBefore;
  const [reader] = clients;
  const answers = await reader?.readAnswers(requestsEach);
  await broker.kill9(); // A stop would wait for all those answers to be taken.

  expect(slowestMs).toBeLessThan(promptMsMax);
  expect(grownMib).toBeLessThan(300);
  expect(answers).toEqual(Array<number>(requestsEach).fill(200));
});
