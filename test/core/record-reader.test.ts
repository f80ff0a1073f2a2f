import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Broker } from '../../src/core/broker.ts';
import { decodeQueueRecord, recordKey } from '../../src/core/queue-record.ts';
import { createRecordReader } from '../../src/core/record-reader.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { QueueId } from '../../src/model/queue.ts';
import type { Store } from '../../storage/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFixedRandom } from '../support/fixed-random.ts';
import { createModelDisk, createModelStore } from '../support/model-store.ts';
import { address, alice, createWorld, plainAttributes, quiet, watch } from './world.ts';

/** Between core and the model: once slow, things are done, answers heard and changes told when the walk says so. */
function createSlowness() {
  const undone: (() => void)[] = [];
  const unread: (() => void)[] = [];
  const unheard: (() => void)[] = [];
  const untold: (() => void)[] = [];
  const slowness = { undone, unread, unheard, untold, isSlow: false, wrap };
  return slowness;

  function wrap(store: Store): Store {
    return {
      ...store,
      commit: (batch) => slowly(undone, () => store.commit(batch)),
      records: (...of) => slowly(unread, () => store.records(...of)),
      onRecords: (prefix, listener) =>
        store.onRecords(prefix, (keys) => {
          if (slowness.isSlow) untold.push(() => listener(keys));
          else listener(keys);
        }),
    };
  }

  function slowly<T>(queued: (() => void)[], call: () => Promise<T>): Promise<T> {
    if (!slowness.isSlow) return call();
    return new Promise((resolve) =>
      queued.push(() => void call().then((result) => unheard.push(() => resolve(result)))),
    );
  }
}

/** What a node believes never goes back: a queue that is gone stays so, a version only rises. */
function createWatcher({ catalogue }: Broker) {
  const versions = new Map<QueueId, number>();
  const gone = new Set<QueueId>();
  const faults: string[] = [];
  return {
    faults,
    look(): void {
      const present = new Set<QueueId>();
      for (const queue of catalogue.all()) {
        present.add(queue.id);
        const version = 'version' in queue && typeof queue.version === 'number' ? queue.version : 0;
        if (gone.has(queue.id)) faults.push(`queue ${queue.id} came back`);
        if (version < (versions.get(queue.id) ?? 1)) faults.push(`queue ${queue.id} went back to version ${version}`);
        versions.set(queue.id, version);
      }
      for (const id of versions.keys()) if (!present.has(id)) gone.add(id);
    },
  };
}

const steps = fc.oneof(
  fc.record({
    verb: fc.constantFrom('create', 'alter', 'drop'),
    node: fc.constantFrom(0, 1),
    name: fc.constant('orders'),
  }),
  fc.record({ verb: fc.constantFrom('do', 'do', 'read', 'tell', 'hear'), place: fc.nat(3) }),
);

test('in any order in which changes are made, answered and told, each node ends with what the store has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 40, size: 'max' }), async (walk) => {
      const slowness = createSlowness();
      const { another, broker, store } = await createWorld({ wrap: slowness.wrap });
      const nodes = [broker, await another()];
      const watchers = nodes.map((node) => createWatcher(node));
      slowness.isSlow = true;

      for (const step of walk) {
        if ('node' in step) void change(nodes[step.node], step.verb, step.name);
        else if (step.verb === 'do') slowness.undone.shift()?.();
        else if (step.verb === 'read') slowness.unread.shift()?.();
        else if (step.verb === 'tell') slowness.untold.shift()?.();
        else slowness.unheard.splice(step.place, 1)[0]?.(); // Answers of a reader may overtake those of the writer.
        await settled();
      }
      const queues = [slowness.undone, slowness.unread, slowness.unheard, slowness.untold];
      while (queues.some(({ length }) => length > 0)) {
        for (const queued of queues) queued.shift()?.();
        await settled();
      }

      expect(watchers.flatMap(({ faults }) => faults)).toEqual([]);
      slowness.isSlow = false;
      for (const name of ['orders']) {
        const [record] = await store.records(recordKey(address(name)));
        const stored = record && decodeQueueRecord(address(name), record.value, record.version);
        for (const node of nodes) expect(node.catalogue.find(address(name))).toEqual(stored);
      }

      async function settled(): Promise<void> {
        await quiet(2);
        for (const { look } of watchers) look();
      }
    }),
    { numRuns: 1_500 },
  );
});

async function change(node: Broker | undefined, verb: string, name: string): Promise<void> {
  const { catalogue } = node ?? {};
  const queue = {
    address: address(name),
    kind: 'standard',
    attributes: plainAttributes,
    extras: {},
    tags: {},
  } as const;
  try {
    if (verb === 'create') await catalogue?.create(alice, queue);
    else if (verb === 'alter') await catalogue?.alter(alice, queue.address, () => ({ tags: { verb } }));
    else await catalogue?.drop(alice, queue.address);
  } catch (error) {
    if (!(error instanceof GantryError)) throw error; // What races and loses is refused; nothing else may happen.
  }
}

/** The answer to one commit comes when the test says so. */
function holdAnswer() {
  const held = { isNext: false, release: (): void => undefined };
  const wrap = (store: Store): Store => ({
    ...store,
    async commit(batch) {
      const result = store.commit(batch);
      if (held.isNext) {
        held.isNext = false;
        await new Promise<void>((resolve) => {
          held.release = resolve;
        });
      }
      return result;
    },
  });
  return { held, wrap };
}

test('the late answer to a drop takes away nothing that was made since', async () => {
  const { held, wrap } = holdAnswer();
  const { another, broker, createQueue, receive } = await createWorld({ wrap });
  const other = await another();
  const { attributes } = await createQueue('orders');
  held.isNext = true;
  const dropped = broker.catalogue.drop(alice, address('orders'));
  await quiet();
  const create = { address: address('orders'), kind: 'standard', attributes, extras: {}, tags: {} } as const;
  const made = await other.catalogue.create(alice, create);
  await quiet();
  const waiting = watch(receive(made, { waitMs: 20_000 }));
  await quiet();

  held.release();
  await dropped;
  await quiet();

  expect(broker.catalogue.find(address('orders'))).toEqual(made);
  expect(waiting.isSettled).toBe(false);
});

test('the late answer to a create brings nothing back that was dropped since', async () => {
  const { held, wrap } = holdAnswer();
  const { another, broker, createQueue } = await createWorld({ wrap });
  const other = await another();
  held.isNext = true;
  const created = createQueue('orders');
  await quiet();
  expect(broker.catalogue.find(address('orders'))).toBeDefined(); // By the notice, before the answer.
  await other.catalogue.drop(alice, address('orders'));
  await quiet();

  held.release();
  await created;
  await quiet();

  expect(broker.catalogue.find(address('orders'))).toBeUndefined();
});

test('the pages of a start are smaller where the records are large, and none is left out', async () => {
  const random = createFixedRandom();
  const store = createModelStore({ clock: createFakeClock(), random, disk: createModelDisk(random) });
  await store.start();
  const put = (name: string, bytes: number) =>
    store.commit({
      changes: [{ do: 'put', key: ['thing', name], value: new Uint8Array(bytes) }],
      durability: 'disk',
    });
  for (let at = 0; at < 130; at++) await put(`large ${String(at).padStart(3, '0')}`, 100_000);
  for (let at = 0; at < 300; at++) await put(`small ${String(at).padStart(3, '0')}`, 10);
  const asked: (number | undefined)[] = [];
  const records: Store['records'] = (prefix, after, max) => {
    asked.push(max);
    return store.records(prefix, after, max);
  };
  const known = new Map<string, { readonly address: string; readonly version: number }>();
  const index = {
    find: (address: string) => known.get(address),
    all: () => known.values(),
    set: (thing: { readonly address: string; readonly version: number }) => known.set(thing.address, thing),
    remove: () => undefined,
  };
  const kind = {
    ...{ prefix: ['thing'], textOf: String, keyOf: (name: string) => ['thing', name], isSame: () => true },
    addressOf: ([, name]: readonly unknown[]) => String(name),
    sharing: (name: string) => name,
    decode: (address: string, _: Uint8Array, version: number) => ({ address, version }),
  };
  const reader = createRecordReader({ ...store, records }, kind, index, () => undefined);

  await reader.start();
  await reader.stop();

  expect(known.size).toBe(430);
  const [first, second, third] = asked;
  expect([first, second, third]).toEqual([100, 21, 21]);
  const growths = asked.map((max = 0, at) => max / (asked[at - 1] ?? max));
  expect(Math.max(...growths)).toBeLessThanOrEqual(4);
  await store.stop();
});
