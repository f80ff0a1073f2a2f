import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Broker } from '../../src/core/broker.ts';
import { createBroker } from '../../src/core/broker.ts';
import { defaultNamespace, type Queue } from '../../src/model/queue.ts';
import { anonymous } from '../../src/security/anonymous.ts';
import { readPage } from '../docs/pages.ts';
import { temporaryFolder } from '../support/launch.ts';
import { startWorld } from './setup.ts';

async function startWithBroker(flags: Readonly<Record<string, readonly string[]>> = {}) {
  let broker: Broker | undefined;
  const world = await startWorld(flags, undefined, {
    createBroker: async (dependencies) => {
      broker = createBroker(dependencies);
      return broker;
    },
  });
  if (broker === undefined) throw new Error('no broker was made');
  const scrape = async (): Promise<string> => await (await fetch(world.url('/metrics'))).text();
  return { broker, scrape, url: world.url('/metrics') };
}

async function makeQueue(broker: Broker, name: string): Promise<Queue> {
  return await broker.catalogue.create(anonymous, {
    address: { ...defaultNamespace, name },
    kind: 'standard',
    attributes: {
      delayMs: 0,
      leaseMs: 30_000,
      retentionMs: 345_600_000,
      messageBytesMax: 1_048_576,
      receiveWaitMs: 0,
      isContentDeduplicated: false,
      dedupScope: 'queue',
      throughputScope: 'queue',
      redrive: undefined,
      redriveAllow: undefined,
      policy: undefined,
    },
    extras: {},
    tags: {},
  });
}

const once = { deliveriesMax: 1, leaseMs: undefined, waitMs: 0 };
const message = { headers: {}, properties: [], body: new Uint8Array(100), delayMs: undefined };

test('every queue shows what waits, is in flight, went through, and what was asked in vain', async () => {
  const { broker, scrape } = await startWithBroker();
  const queue = await makeQueue(broker, 'orders');
  await broker.receive(anonymous, queue, once);
  await broker.publish(anonymous, queue, [message, message, { ...message, delayMs: 60_000 }], 'disk');
  await broker.receive(anonymous, queue, once);

  const text = await scrape();

  const labels = '{account="000000000000",region="us-east-1",queue="orders"}';
  for (const line of [
    `gantry_queue_waiting${labels} 1`,
    `gantry_queue_delayed${labels} 1`,
    `gantry_queue_leased${labels} 1`,
    `gantry_queue_appended_total${labels} 3`,
    `gantry_queue_groups_leased${labels} 0`,
    `gantry_queue_delivered_total${labels} 1`,
    `gantry_queue_acked_total${labels} 0`,
    `gantry_queue_empty_receives_total${labels} 1`,
    '# TYPE gantry_queue_appended_total counter',
    '# TYPE gantry_queue_waiting gauge',
    'gantry_queues 1',
    'gantry_queues_left_out 0',
    'gantry_waiting_receives 0',
    'gantry_invariant_failures_total 0',
  ])
    expect(text).toContain(`${line}\n`);
  // Three messages of 100 bytes, with what is kept beside each body.
  const size = Number(/^gantry_queue_appended_bytes_total\{.*\} (\d+)$/m.exec(text)?.[1]);
  expect(size).toBeGreaterThan(300);
  expect(size).toBeLessThan(600);
  expect(text).toMatch(/^gantry_store_commits_total \d+$/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
});

test('every topic shows what was published, what became of the copies, and who is subscribed', async () => {
  const { broker, scrape } = await startWithBroker();
  const queue = await makeQueue(broker, 'orders');
  const topic = await broker.topics.catalogue.create(anonymous, {
    address: { ...defaultNamespace, name: 'news' },
    kind: 'standard',
    attributes: {
      isContentDeduplicated: false,
      dedupScope: 'topic',
      messageBytesMax: 262_144,
      policy: undefined,
      archiveMs: undefined,
    },
    extras: {},
    tags: {},
  });
  for (const name of ['orders', 'gone']) {
    await broker.topics.subscriptions.create(anonymous, {
      ...{ topic: topic.address, protocol: 'sqs', endpoint: name, owner: '000000000000', extras: {} },
      target: { type: 'queue', queue: { ...queue.address, name } },
      ...{ state: 'confirmed', isRaw: true, filter: undefined, deadLetter: undefined },
    });
  }
  await broker.topics.publish(anonymous, topic, [message], {});

  const text = await scrape();

  const labels = '{account="000000000000",region="us-east-1",topic="news"}';
  for (const line of [
    'gantry_topics 1',
    'gantry_topics_left_out 0',
    `gantry_topic_published_total${labels} 1`,
    `gantry_topic_published_bytes_total${labels} 100`,
    `gantry_topic_duplicates_total${labels} 0`,
    `gantry_topic_delivered_total${labels} 1`,
    `gantry_topic_failed_total${labels} 1`,
    `gantry_topic_dead_lettered_total${labels} 0`,
    `gantry_topic_subscriptions${labels} 2`,
    `gantry_topic_subscriptions_pending${labels} 0`,
    `gantry_topic_pushes_waiting${labels} 0`,
  ])
    expect(text).toContain(`${line}\n`);
});

test('a second scrape shows counts, not sums of counts, and a dropped queue is gone', async () => {
  const { broker, scrape } = await startWithBroker();
  const kept = await makeQueue(broker, 'kept');
  const dropped = await makeQueue(broker, 'dropped');
  await broker.publish(anonymous, kept, [message], 'disk');
  await broker.receive(anonymous, dropped, once);

  const first = await scrape();
  await broker.catalogue.drop(anonymous, dropped.address);
  const second = await scrape();

  expect(first).toContain('queue="dropped"');
  expect(second).not.toContain('queue="dropped"');
  expect(second).toMatch(/^gantry_queue_appended_total\{.*queue="kept"\} 1$/m);
});

test('queues beyond the limit are counted, not shown', async () => {
  const { broker, scrape } = await startWithBroker({ metricsQueuesMax: ['1'] });
  await makeQueue(broker, 'a');
  await makeQueue(broker, 'b');

  const text = await scrape();

  expect(text.match(/^gantry_queue_waiting\{/gm)).toHaveLength(1);
  expect(text).toContain('gantry_queues 2\n');
  expect(text).toContain('gantry_queues_left_out 1\n');
});

test('a name with quotes and line ends stays one label', async () => {
  const { broker, scrape } = await startWithBroker();
  await makeQueue(broker, 'a"b\n c');

  expect(await scrape()).toMatch(/^gantry_queue_waiting\{.*queue="a\\"b\\n c"\} 0$/m);
});

test('scrapes at the same time all see whole figures', async () => {
  const { broker, scrape } = await startWithBroker();
  const queue = await makeQueue(broker, 'orders');
  await broker.publish(anonymous, queue, [message], 'disk');

  const texts = await Promise.all(Array.from({ length: 10 }, scrape));

  for (const text of texts) expect(text).toMatch(/^gantry_queue_appended_total\{.*\} 1$/m);
});

test('each metric that the page of SQS names is shown for every queue', async () => {
  const { broker, scrape } = await startWithBroker();
  await makeQueue(broker, 'orders');
  const page = await readPage('protocols/sqs/README.md');
  const names = [...page.matchAll(/`(gantry_queue_\w+)`/g)].map(([, name]) => name);

  const text = await scrape();

  expect(names.length).toBeGreaterThanOrEqual(11);
  expect(names.filter((name) => !text.includes(`${name}{`))).toEqual([]);
});

test('refused requests are counted by reason, and reasons without any are shown', async () => {
  const world = await startWorld({}, undefined, {
    createHttpFront: async ({ refused }) => {
      const requested = { operation: 'SendMessage', keyId: 'AKIASHOP', remoteAddress: '127.0.0.1', queue: undefined };
      for (let at = 0; at < 2; at++) refused({ reason: 'wrong-signature', why: undefined, requested });
      return { handle: () => false, handleWhole: () => false };
    },
  });

  const text = await (await fetch(world.url('/metrics'))).text();

  expect(text).toContain('# TYPE gantry_requests_refused_total counter\n');
  expect(text).toContain('gantry_requests_refused_total{reason="wrong-signature"} 2\n');
  expect(text).toContain('gantry_requests_refused_total{reason="unknown-key"} 0\n');
});

test('the help of what was sent says what is not in it', async () => {
  const { scrape } = await startWithBroker();

  expect(await scrape()).toContain(
    '# HELP gantry_queue_appended_total Messages that producers sent; what is moved in, as a dead letter or by a move task, is not counted\n',
  );
});

test('readiness, the version and a full store are told', async () => {
  const { server, url } = await startWorld();
  const scrape = async (): Promise<string> => await (await fetch(url('/metrics'))).text();

  const ready = await scrape();
  server.status.store = { state: 'full', why: 'the disk is full' };
  const full = await scrape();
  server.status.store = { state: 'broken', why: 'a sync failed' };
  const broken = await scrape();

  expect(ready).toContain(`gantry_build_info{version="${server.status.version}"} 1\n`);
  expect(ready).toContain('gantry_ready 1\n');
  expect(ready).toContain('gantry_store_full 0\n');
  expect(full).toContain('gantry_ready 1\n');
  expect(full).toContain('gantry_store_full 1\n');
  expect(broken).toContain('gantry_ready 0\n');
});

test('the disk of the data folder shows its size, what is free and what the files take', async () => {
  const folder = await temporaryFolder();
  const world = await startWorld({ dataDir: [folder] });
  await writeFile(join(folder, 'messages'), new Uint8Array(1000));

  const text = await (await fetch(world.url('/metrics'))).text();

  const value = (name: string): number => Number(new RegExp(`^gantry_${name} (\\d+)$`, 'm').exec(text)?.[1]);
  expect(value('data_bytes')).toBe(1000);
  expect(value('disk_free_bytes')).toBeGreaterThan(0);
  expect(value('disk_size_bytes')).toBeGreaterThanOrEqual(value('disk_free_bytes'));
});

test('what keeps nothing on a disk shows none', async () => {
  const world = await startWorld();

  const text = await (await fetch(world.url('/metrics'))).text();

  expect(text).not.toMatch(/^gantry_(disk|data)_/m);
});
