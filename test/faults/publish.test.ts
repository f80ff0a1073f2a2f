/**
 * Kills a broker again and again while it publishes: to a topic with 50 queues, to a FIFO topic with three, and to endpoints that
 * answer badly. What was acknowledged has reached everybody in the end, what was not is in all queues or in none, and FIFO
 * subscribers see each message once, in order.
 */
import { createServer, type Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createFixedRandom, type FixedRandom } from '../support/fixed-random.ts';
import { type LaunchedBroker, launch, temporaryFolder } from '../support/launch.ts';
import { listOf, textOf } from './support/fields.ts';
import { inspectStore } from './support/inspect.ts';
import { Wire } from './support/wire.ts';

const seed = Number(process.env.GANTRY_SEED ?? Date.now() % 1_000_000);
const kills = Number(process.env.GANTRY_KILLS ?? (process.env.CI === 'true' ? 25 : 6));
const queueCount = 50;
const endpointCount = 5;
const publishers = 16;
const groups = ['g0', 'g1', 'g2', 'g3'] as const;
const fifoQueues = ['first.fifo', 'second.fifo', 'third.fifo'] as const;
const aliveMsMax = 500;
const timeoutMs = 120_000 + kills * 8_000;

test(`${kills} kills between publishes lose nothing that was acknowledged`, { timeout: timeoutMs }, async () => {
  const random = createFixedRandom(seed);
  const dataDir = await temporaryFolder();
  const endpoints = await Promise.all(Array.from({ length: endpointCount }, () => openEndpoint(random)));
  let broker = await launch({ dataDir });
  await subscribeAll(broker, endpoints);
  const standard = new Publications();
  const ordered = new Map(groups.map((group) => [group, new Publications()]));

  for (let kill = 0; kill < kills; kill++) {
    const ending = { isOver: false };
    const work = [
      ...Array.from({ length: publishers }, () => publishOn(broker, ending, standard)),
      ...[...ordered].map(([group, publications]) => publishOn(broker, ending, publications, group)),
    ];
    await setTimeout(random.below(aliveMsMax));
    ending.isOver = true;
    await broker.kill9();
    await Promise.all(work);
    broker = await launch({ dataDir });
  }
  for (const endpoint of endpoints) endpoint.isFlapping = false;

  const copies = await Promise.all(queueNames().map((name) => drain(broker, name)));
  const [first = []] = copies;
  const where = `GANTRY_SEED=${seed}`;
  expect(standard.acknowledged.size, 'publishes that were answered').toBeGreaterThan(kills);
  for (const [index, bodies] of copies.entries()) {
    expect(new Set(bodies).size, `queue ${index} has each once; ${where}`).toBe(bodies.length);
    expect(missing(standard.acknowledged, bodies), `queue ${index} lacks nothing; ${where}`).toEqual([]);
    expect(bodies.toSorted(), `queue ${index} has what the first has; ${where}`).toEqual(first.toSorted());
  }
  for (const name of fifoQueues) {
    const bodies = await drain(broker, name);
    for (const [group, publications] of ordered) {
      const own = bodies.filter((body) => body.startsWith(`${group}-`));
      expect(own, `${name} has the order of ${group}, each once; ${where}`).toEqual([...new Set(own)].toSorted());
      expect(missing(publications.acknowledged, own), `${name} lacks nothing of ${group}; ${where}`).toEqual([]);
    }
  }
  for (const [index, endpoint] of endpoints.entries()) {
    await untilAll(() => missing(standard.acknowledged, endpoint.taken).length === 0, `endpoint ${index}; ${where}`);
  }
  await broker.stop();
  await Promise.all(endpoints.map((endpoint) => endpoint.close()));
  expect(inspectStore(dataDir)).toEqual([]);
});

/** Numbered in the order in which they were published; padded, so that the order of texts is that of numbers. */
class Publications {
  readonly acknowledged = new Set<string>();
  private count = 0;

  next(group: string): string {
    return `${group}-${String(this.count++).padStart(8, '0')}`;
  }
}

/** One publish after the other, until the process is killed. What had no answer is not tried again. */
async function publishOn(
  broker: LaunchedBroker,
  ending: { readonly isOver: boolean },
  publications: Publications,
  group?: string,
): Promise<void> {
  while (!ending.isOver) {
    const body = publications.next(group ?? 'm');
    const fifo = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: body };
    const topic = group === undefined ? 'news' : 'news.fifo';
    const answer = await callSns(broker, {
      Action: 'Publish',
      TopicArn: topicArn(topic),
      Message: body,
      ...fifo,
    }).catch(
      () => undefined, // Killed.
    );
    if (answer !== undefined) publications.acknowledged.add(body);
  }
}

function missing(acknowledged: ReadonlySet<string>, bodies: readonly string[]): readonly string[] {
  const there = new Set(bodies);
  return [...acknowledged].filter((body) => !there.has(body));
}

function queueNames(): readonly string[] {
  return Array.from({ length: queueCount }, (_, index) => `queue-${index}`);
}

function topicArn(name: string): string {
  return `arn:aws:sns:us-east-1:000000000000:${name}`;
}

async function subscribeAll(broker: LaunchedBroker, endpoints: readonly Endpoint[]): Promise<void> {
  const wire = await Wire.open(broker.endpoint);
  await callSns(broker, { Action: 'CreateTopic', Name: 'news' });
  await callSns(broker, { Action: 'CreateTopic', Name: 'news.fifo', ...attribute('FifoTopic', 'true') });
  for (const [index, QueueName] of [...queueNames(), ...fifoQueues].entries()) {
    const isFifo = QueueName.endsWith('.fifo');
    const { status } = await wire.call(
      'CreateQueue',
      isFifo ? { QueueName, Attributes: { FifoQueue: 'true' } } : { QueueName },
    );
    expect(status).toBe(200);
    // Every other one takes the bare message.
    const raw = index % 2 === 0 ? attribute('RawMessageDelivery', 'true') : {};
    const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
    const TopicArn = topicArn(isFifo ? 'news.fifo' : 'news');
    await callSns(broker, { Action: 'Subscribe', TopicArn, Protocol: 'sqs', Endpoint, ...raw });
  }
  wire.close();
  const policy = { healthyRetryPolicy: { minDelayTarget: 1, maxDelayTarget: 1, numRetries: 100 } };
  for (const { url } of endpoints) {
    const delivery = attribute('DeliveryPolicy', JSON.stringify(policy));
    await callSns(broker, {
      Action: 'Subscribe',
      TopicArn: topicArn('news'),
      Protocol: 'http',
      Endpoint: url,
      ...delivery,
    });
  }
  await untilAll(() => endpoints.every((endpoint) => endpoint.isConfirmed), 'endpoints confirm');
}

function attribute(key: string, value: string) {
  return { 'Attributes.entry.1.key': key, 'Attributes.entry.1.value': value };
}

/** @throws Error on any status but 200, and when the connection is cut */
async function callSns(broker: LaunchedBroker, fields: Readonly<Record<string, string>>): Promise<string> {
  const body = new URLSearchParams({ Version: '2010-03-31', ...fields });
  const response = await fetch(broker.endpoint, { method: 'POST', body });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${fields.Action}: ${response.status} ${text}`);
  return text;
}

/** All that is in a queue, as it was published. */
async function drain(broker: LaunchedBroker, QueueUrl: string): Promise<readonly string[]> {
  const wire = await Wire.open(broker.endpoint);
  const bodies: string[] = [];
  for (;;) {
    const { value } = await wire.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    const messages = listOf(value, 'Messages');
    if (messages.length === 0) break;
    bodies.push(...messages.map((message) => published(textOf(message, 'Body'))));
    const Entries = messages.map((message, at) => ({
      Id: String(at),
      ReceiptHandle: textOf(message, 'ReceiptHandle'),
    }));
    await wire.call('DeleteMessageBatch', { QueueUrl, Entries });
  }
  wire.close();
  return bodies;
}

function published(body: string): string {
  return body.startsWith('{') ? textOf(JSON.parse(body), 'Message') : body;
}

interface Endpoint {
  readonly url: string;
  readonly taken: string[];
  isConfirmed: boolean;
  /** Refuses, or cuts off, some of what it is asked. */
  isFlapping: boolean;
  close(): Promise<void>;
}

async function openEndpoint(random: FixedRandom): Promise<Endpoint> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const message: unknown = JSON.parse(Buffer.concat(chunks).toString());
      if (request.headers['x-amz-sns-message-type'] === 'SubscriptionConfirmation') {
        void fetch(textOf(message, 'SubscribeURL')).then((answer) => {
          endpoint.isConfirmed = answer.status === 200;
        });
        return response.end();
      }
      const luck = endpoint.isFlapping ? random.below(4) : 3;
      if (luck === 0) return request.socket.destroy();
      if (luck === 1) response.statusCode = 503;
      else endpoint.taken.push(textOf(message, 'Message'));
      return response.end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const endpoint: Endpoint = {
    ...{ url: `http://127.0.0.1:${port}/`, taken: [], isConfirmed: false, isFlapping: true },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return endpoint;
}

/** The broker tries again every second. */
async function untilAll(isSo: () => boolean, what: string): Promise<void> {
  const stepMs = 50;
  for (let waited = 0; waited < 60_000; waited += stepMs) {
    if (isSo()) return;
    await setTimeout(stepMs);
  }
  throw new Error(`not within a minute: ${what}`);
}
