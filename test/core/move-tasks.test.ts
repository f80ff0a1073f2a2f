import { expect, test } from 'vitest';
import type { Broker, MoveTask } from '../../src/core/broker.ts';
import { limits } from '../../src/core/limits.ts';
import { moveTasksKey } from '../../src/core/move-task-record.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Queue } from '../../src/model/queue.ts';
import type { Store } from '../../storage/store.ts';
import { address, alice, bodies, createWorld, message, quiet, type WorldOptions } from './world.ts';

const hourMs = 3_600_000;

/** A dead-letter queue with its source, and another queue. */
async function setup(options: WorldOptions = {}) {
  const world = await createWorld(options);
  const dead = await world.createQueue('dead');
  const source = await world.createQueue('source', { redrive: { deadLetter: dead.address, deliveryCountMax: 1 } });
  const other = await world.createQueue('other');
  const send = async (queue: Queue, count: number, from = 0) => {
    for (let at = from; at < from + count; at++) await world.publish(queue, message(`m${at}`));
  };
  /** Sent to the source and dead-lettered there. */
  const kill = async (count: number, from = 0, queue = source) => {
    await send(queue, count, from);
    for (let received = 0; received < count; received += 10) await world.receive(queue, { leaseMs: 0 });
    await world.receive(queue);
    await quiet();
  };
  const tasks = (broker = world.broker) => broker.moves.list(alice, dead, 10);
  const waiting = async (queue: Queue) => (await world.store.tallies([queue.id]))[0]?.waiting;
  return { ...world, dead, source, other, send, kill, tasks, waiting };
}

function start(broker: Broker, from: Queue, to: Queue | 'origin' = 'origin', rateMax?: number): Promise<MoveTask> {
  return broker.moves.start(alice, from, { to, rateMax });
}

async function untilEnded(tasks: () => Promise<readonly MoveTask[]>): Promise<MoveTask> {
  for (let turn = 0; turn < 200; turn++) {
    const [task] = await tasks();
    if (task !== undefined && task.state !== 'running' && task.state !== 'cancelling') return task;
    await quiet(2);
  }
  throw new Error('the task does not end');
}

test('a task brings each message back to where it was dead-lettered, as if it were new', async () => {
  const { broker, clock, createQueue, dead, kill, receive, source, tasks } = await setup();
  const second = await createQueue('second', { redrive: { deadLetter: dead.address, deliveryCountMax: 1 } });
  await kill(3);
  await kill(2, 3, second);

  const started = await start(broker, dead);

  expect(started).toMatchObject({ state: 'running', moved: 0, toMove: 5, startedAt: clock.now(), to: 'origin' });
  expect(await untilEnded(tasks)).toEqual({ ...started, state: 'completed', moved: 5, origins: undefined });
  const deliveries = await receive(source);
  expect(bodies(deliveries)).toEqual(['m0', 'm1', 'm2']);
  expect(deliveries.map(({ deliveries: count }) => count)).toEqual([1, 1, 1]);
  expect(deliveries[0]?.deadLetteredFrom).toBeUndefined();
  expect(bodies(await receive(second))).toEqual(['m3', 'm4']);
});

test('with a destination all go there, in their order, wherever they are from', async () => {
  const { broker, dead, kill, other, receive, send, tasks } = await setup();
  await send(dead, 1);
  await kill(2, 1);

  await start(broker, dead, other);

  expect(await untilEnded(tasks)).toMatchObject({ state: 'completed', moved: 3 });
  expect(bodies(await receive(other))).toEqual(['m0', 'm1', 'm2']);
});

test('more than a chunk is moved, a chunk a commit', async () => {
  const sizes: number[] = [];
  const wrap = (store: Store): Store => ({
    ...store,
    async move(options) {
      const result = await store.move(options);
      sizes.push(result.moved);
      return result;
    },
  });
  const { broker, dead, other, send, tasks, waiting } = await setup({ wrap });
  const count = 2 * limits.moveChunkMax + 1;
  await send(dead, count);

  await start(broker, dead, other);

  expect(await untilEnded(tasks)).toMatchObject({ state: 'completed', moved: count });
  expect(sizes.filter((size) => size > 0)).toEqual([limits.moveChunkMax, limits.moveChunkMax, 1]);
  expect(await waiting(other)).toBe(count);
});

test('a wake-up comes with what a task moves', async () => {
  const { broker, dead, kill, receive, source } = await setup();
  await kill(1);
  const received = receive(source, { waitMs: 20_000 });
  await quiet();

  await start(broker, dead);

  expect(bodies(await received)).toEqual(['m0']);
});

test('a rate is kept in every second, and what is moved shows', async () => {
  const { broker, clock, dead, other, send, tasks, waiting } = await setup();
  await send(dead, 30);

  await start(broker, dead, other, 15);
  await quiet();

  const moved: (number | undefined)[] = [];
  for (let step = 0; step < 20; step++) {
    moved.push(await waiting(other));
    clock.advance(100);
    await quiet();
  }
  for (const [at, count = 0] of moved.entries()) {
    const earlier = moved[at - 10] ?? 0;
    expect(count - earlier).toBeLessThanOrEqual(15 + 2); // Chunks of two: the one at each end of the second.
  }
  expect(moved[10]).toBeGreaterThanOrEqual(14);
  expect(await untilEnded(tasks)).toMatchObject({ state: 'completed', moved: 30, rateMax: 15 });
});

test('one message a second is one message a second', async () => {
  const { broker, clock, dead, other, send, tasks, waiting } = await setup();
  await send(dead, 3);
  await start(broker, dead, other, 1);
  await quiet();
  const moved: (number | undefined)[] = [];

  for (let step = 0; step < 4; step++) {
    moved.push(await waiting(other));
    clock.advance(999);
    await quiet();
    moved.push(await waiting(other));
    clock.advance(1);
    await quiet();
  }

  expect(moved).toEqual([1, 1, 2, 2, 3, 3, 3, 3]);
  expect(await untilEnded(tasks)).toMatchObject({ state: 'completed', moved: 3, toMove: 3 });
});

test('a queue has one task at a time, and remembers the last ten', async () => {
  const { broker, clock, dead, other, send, tasks } = await setup();
  await send(dead, 2);
  const first = await start(broker, dead, other, 1);

  await expect(start(broker, dead, other)).rejects.toMatchObject({ code: 'already-exists', resource: 'dead' });
  const race = await Promise.allSettled([1, 2, 3].map(() => start(broker, other, dead, 1)));

  expect(race.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
  await broker.moves.cancel(alice, dead, first.id);
  await untilEnded(tasks);
  const ids: string[] = [first.id];
  for (let task = 0; task < limits.moveTasksKept; task++) {
    clock.advance(1);
    ids.unshift((await start(broker, dead, other)).id);
    await untilEnded(tasks);
  }
  expect((await tasks()).map(({ id }) => id)).toEqual(ids.slice(0, limits.moveTasksKept));
  expect((await broker.moves.list(alice, dead, 1)).map(({ id }) => id)).toEqual(ids.slice(0, 1));
});

test('a task that is cancelled ends after what is under way, at once also when it waits for its rate', async () => {
  const { broker, dead, other, send, tasks, waiting } = await setup();
  await send(dead, 5);
  const { id } = await start(broker, dead, other, 1);
  await quiet();

  const cancelled = await broker.moves.cancel(alice, dead, id);

  expect(cancelled).toMatchObject({ state: 'cancelling', moved: 1 });
  expect(await untilEnded(tasks)).toMatchObject({ state: 'cancelled', moved: 1, toMove: 5 });
  expect([await waiting(dead), await waiting(other)]).toEqual([4, 1]);
  await expect(broker.moves.cancel(alice, dead, id)).rejects.toMatchObject({ code: 'not-found' });
  expect(await start(broker, dead, other)).toMatchObject({ state: 'running', toMove: 4 });
});

test('another node cancels the task of this one', async () => {
  const { another, broker, clock, dead, other, send, tasks } = await setup();
  const node = await another();
  await send(dead, 5);
  const { id } = await start(broker, dead, other, 1);
  await quiet();

  await node.moves.cancel(alice, dead, id);
  clock.advance(1_000);

  expect(await untilEnded(tasks)).toMatchObject({ state: 'cancelled', moved: 1 });
  expect(await tasks(node)).toEqual(await tasks());
});

test('a task goes on after a restart until it is done, with its rate', async () => {
  const { another, broker, clock, dead, other, send, tasks, waiting } = await setup();
  await send(dead, 4);
  const { id } = await start(broker, dead, other, 1);
  await quiet();
  await broker.stop();
  clock.advance(hourMs);
  await quiet();
  expect(await waiting(other)).toBe(1);

  const restarted = await another();
  await quiet();
  expect(await tasks(restarted)).toMatchObject([{ id, state: 'running', moved: 2, rateMax: 1 }]);
  for (let step = 0; step < 3; step++) {
    clock.advance(1_000);
    await quiet();
  }

  expect(await untilEnded(() => tasks(restarted))).toMatchObject({ id, state: 'completed', moved: 4 });
  expect(await waiting(other)).toBe(4);
});

test('a task that was being cancelled as the broker ended is cancelled by the next one', async () => {
  const { another, broker, dead, other, send, store, tasks } = await setup();
  await send(dead, 2);
  await start(broker, dead, other, 1);
  await quiet();
  await broker.stop();
  const key = moveTasksKey(dead.id);
  const [record] = await store.records(key);
  const text = Buffer.from(record?.value ?? '').toString();
  const value = Buffer.from(text.replace('"running"', '"cancelling"'));
  await store.commit({ changes: [{ do: 'put', key, value }], durability: 'disk' });

  const restarted = await another();

  expect(await untilEnded(() => tasks(restarted))).toMatchObject({ state: 'cancelled', moved: 1 });
});

test('what has no origin stays, what has one goes, and the task says that it failed', async () => {
  const { broker, dead, kill, receive, send, source, tasks, waiting } = await setup();
  await send(dead, 2, 10);
  await kill(3);

  await start(broker, dead);

  expect(await untilEnded(tasks)).toMatchObject({ state: 'failed', failure: 'no-origin', moved: 3, toMove: 5 });
  expect(bodies(await receive(source))).toEqual(['m0', 'm1', 'm2']);
  expect(await waiting(dead)).toBe(2);
});

test('what came from a queue that is gone stays, and the task says that it failed', async () => {
  const { broker, createQueue, dead, kill, source, tasks, waiting } = await setup();
  await createQueue('second', { redrive: { deadLetter: dead.address, deliveryCountMax: 1 } });
  await kill(2);
  await broker.catalogue.drop(alice, source.address);

  await start(broker, dead);

  expect(await untilEnded(tasks)).toMatchObject({ state: 'failed', failure: 'destination-gone', moved: 0 });
  expect(await waiting(dead)).toBe(2);
});

test('what is the dead-letter queue of no queue goes back nowhere', async () => {
  const { broker, other, send, tasks } = await setup();
  await send(other, 1);

  await expect(start(broker, other)).rejects.toMatchObject({ code: 'invalid-argument' });
  expect(await tasks()).toEqual([]);
});

test('a destination that is dropped under a task ends it; one of the same name made anew is another', async () => {
  const { broker, clock, createQueue, dead, other, send, tasks, waiting } = await setup();
  await send(dead, 5);
  await start(broker, dead, other, 1);
  await quiet();
  await broker.catalogue.drop(alice, other.address);
  const anew = await createQueue('other');

  clock.advance(1_000);

  expect(await untilEnded(tasks)).toMatchObject({ state: 'failed', failure: 'destination-gone', moved: 1, toMove: 5 });
  expect([await waiting(dead), await waiting(anew)]).toEqual([4, 0]);
});

test('a task ends with its queue, and a queue of the same name has none', async () => {
  const { broker, clock, createQueue, dead, other, send, store } = await setup();
  await send(dead, 5);
  await start(broker, dead, other, 1);
  await quiet();

  await broker.catalogue.drop(alice, dead.address);
  const anew = await createQueue('dead');
  await send(anew, 1);
  clock.advance(hourMs);
  await quiet();

  expect(await broker.moves.list(alice, anew, 10)).toEqual([]);
  expect(await store.records(['move-tasks'])).toEqual([]);
  expect((await store.tallies([anew.id]))[0]?.waiting).toBe(1);
  expect(await start(broker, anew, other)).toMatchObject({ toMove: 1 });
});

test('a task that starts as its queue is dropped leaves nothing behind', async () => {
  const { broker, dead, other, store } = await setup();

  const started = start(broker, dead, other);
  const dropped = broker.catalogue.drop(alice, dead.address);
  await Promise.allSettled([started, dropped]);
  await quiet();

  expect(await store.records(['move-tasks'])).toEqual([]);
});

test('tasks of a queue that is gone are forgotten at the start', async () => {
  const { another, broker, dead, other, store, tasks } = await setup();
  await start(broker, dead, other);
  await untilEnded(tasks);
  await broker.stop();
  const [record] = await store.records(moveTasksKey(dead.id));
  const value = record?.value ?? new Uint8Array();
  const key = ['move-tasks', 123_456] as const;
  await store.commit({ changes: [{ do: 'put', key, value }], durability: 'disk' });

  const restarted = await another();

  expect((await store.records(['move-tasks'])).map((each) => each.key)).toEqual([['move-tasks', dead.id]]);
  expect(await tasks(restarted)).toHaveLength(1);
});

test('a task ends after 36 hours', async () => {
  const { broker, clock, dead, other, send, tasks } = await setup();
  await send(dead, 2);
  await start(broker, dead, other, 1);
  await quiet();

  clock.advance(36 * hourMs);

  expect(await untilEnded(tasks)).toMatchObject({ state: 'failed', failure: 'too-long', moved: 1 });
});

test('while the store takes nothing a task waits, and then goes on', async () => {
  let isFull = false;
  const full = new GantryError('store-full', 'full');
  const wrap = (store: Store): Store => ({
    ...store,
    move: (options) => (isFull ? Promise.reject(full) : store.move(options)),
    commit: async (batch) => {
      const isReport = batch.changes.some((change) => change.do === 'put' && change.key[0] === 'move-tasks');
      return isFull && isReport ? { ok: false, error: full } : store.commit(batch);
    },
  });
  const { broker, clock, dead, other, send, tasks, waiting } = await setup({ wrap });
  await send(dead, 20);
  await start(broker, dead, other, 10);
  await quiet();
  isFull = true;
  for (let step = 0; step < 5; step++) {
    clock.advance(1_000);
    await quiet();
  }
  expect(await waiting(other)).toBe(1);
  isFull = false;

  for (let step = 0; step < 25; step++) {
    clock.advance(100 + (step === 0 ? 1_000 : 0));
    await quiet();
  }

  expect(await untilEnded(tasks)).toMatchObject({ state: 'completed', moved: 20 });
});

test('an account has a hundred tasks at once', async () => {
  const { broker, createQueue, other, send } = await setup();
  const queues: Queue[] = [];
  for (let at = 0; at <= limits.moveTasksMax; at++) queues.push(await createQueue(`q${at}`));
  for (const queue of queues) await send(queue, 2);
  for (const queue of queues.slice(1)) await start(broker, queue, other, 1);
  const [last] = queues;
  if (last === undefined) throw new Error('no queue');

  await expect(start(broker, last, other)).rejects.toMatchObject({ code: 'limit-exceeded' });

  const [first] = await broker.moves.list(alice, queues[1] ?? last, 1);
  await broker.moves.cancel(alice, queues[1] ?? last, first?.id ?? '');
  await quiet();
  expect(await start(broker, last, other)).toMatchObject({ state: 'running' });
});

test('an account has a hundred tasks at once, also of those that are started at once', async () => {
  const { broker, createQueue, other, send } = await setup();
  const queues: Queue[] = [];
  for (let at = 0; at < limits.moveTasksMax + 5; at++) queues.push(await createQueue(`q${at}`));
  for (const queue of queues) await send(queue, 2);

  const results = await Promise.allSettled(queues.map((queue) => start(broker, queue, other, 1)));

  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(limits.moveTasksMax);
});

test('queues of two kinds, or one queue twice, are no task', async () => {
  const { broker, createQueue, dead } = await setup();
  const fifo = await createQueue('f.fifo');

  await expect(start(broker, dead, fifo)).rejects.toMatchObject({ code: 'invalid-argument' });
  await expect(start(broker, fifo, dead)).rejects.toMatchObject({ code: 'invalid-argument' });
  await expect(start(broker, dead, dead)).rejects.toMatchObject({ code: 'invalid-argument' });
});

test('between FIFO queues groups keep their order, and one in flight waits for the next task', async () => {
  const { broker, createQueue, publish, receive } = await setup();
  const [from, to] = [await createQueue('from.fifo'), await createQueue('to.fifo')];
  for (const [groupId, body] of [
    ['a', 'a1'],
    ['b', 'b1'],
    ['a', 'a2'],
    ['b', 'b2'],
  ] as const) {
    await publish(from, message(body, { groupId, dedupId: body }));
  }
  await receive(from, { deliveriesMax: 1 });

  await start(broker, from, to);
  const ended = await untilEnded(() => broker.moves.list(alice, from, 1));

  expect(ended).toMatchObject({ state: 'completed', moved: 2, toMove: 3 });
  expect(bodies(await receive(to))).toEqual(['b1', 'b2']);
});

test('one who may not manage the queue, or send where the messages go, starts nothing', async () => {
  const refusedActions = new Set<string>();
  const denied = new GantryError('access-denied', 'no');
  const authorize: WorldOptions['authorize'] = (_, action, resource) =>
    refusedActions.has(`${action} ${'name' in resource ? resource.name : ''}`) ? denied : undefined;
  const { broker, dead, other } = await setup({ authorize });

  for (const [refusal, to] of [
    ['manage dead', other],
    ['receive dead', other],
    ['send other', other],
    ['send source', 'origin'],
  ] as const) {
    refusedActions.add(refusal);
    await expect(start(broker, dead, to)).rejects.toBe(denied);
    await expect(broker.moves.moveSome(alice, dead, to, [1])).rejects.toBe(denied);
    refusedActions.clear();
  }
  refusedActions.add('manage dead').add('browse dead');
  await expect(broker.moves.cancel(alice, dead, 'x')).rejects.toBe(denied);
  await expect(broker.moves.list(alice, dead, 1)).rejects.toBe(denied);
});

test('what came from a queue to which one may not send stays, also when it is a source no longer', async () => {
  const refused = new Set<string>();
  const denied = new GantryError('access-denied', 'no');
  const authorize: WorldOptions['authorize'] = (_, action, resource) =>
    action === 'send' && 'name' in resource && refused.has(resource.name) ? denied : undefined;
  const { broker, createQueue, dead, kill, receive, source, tasks, waiting } = await setup({ authorize });
  const redrive = { deadLetter: dead.address, deliveryCountMax: 1 };
  const former = await createQueue('former', { redrive });
  const forbidden = await createQueue('forbidden', { redrive });
  await kill(2);
  await kill(1, 2, former);
  await kill(1, 3, forbidden);
  await broker.catalogue.alter(alice, former.address, () => ({ attributes: { redrive: undefined } }));
  refused.add('former').add('forbidden');

  const { origins } = await start(broker, dead);

  expect(origins).toEqual([source.id]);
  expect(await untilEnded(tasks)).toMatchObject({ state: 'failed', failure: 'no-origin', moved: 2, toMove: 4 });
  expect(bodies(await receive(source))).toEqual(['m0', 'm1']);
  expect([await waiting(former), await waiting(forbidden), await waiting(dead)]).toEqual([0, 0, 2]);
});

test('a task keeps where it may send over a restart', async () => {
  const refused = new Set<string>();
  const denied = new GantryError('access-denied', 'no');
  const authorize: WorldOptions['authorize'] = (_, action, resource) =>
    action === 'send' && 'name' in resource && refused.has(resource.name) ? denied : undefined;
  const { another, broker, clock, createQueue, dead, kill, source, tasks, waiting } = await setup({ authorize });
  const forbidden = await createQueue('forbidden', { redrive: { deadLetter: dead.address, deliveryCountMax: 1 } });
  await kill(2);
  await kill(1, 2, forbidden);
  refused.add('forbidden');
  const { id } = await start(broker, dead, 'origin', 1);
  await quiet();
  await broker.stop();
  clock.advance(hourMs);

  const restarted = await another();
  for (let step = 0; step < 5; step++) {
    await quiet();
    clock.advance(1_000);
  }

  expect(await untilEnded(() => tasks(restarted))).toMatchObject({
    id,
    state: 'failed',
    failure: 'no-origin',
    moved: 2,
  });
  expect([await waiting(source), await waiting(forbidden)]).toEqual([2, 0]);
});

test('a running task of version 1 goes on to the sources that there are', async () => {
  const { another, broker, clock, dead, kill, store, tasks, waiting, source } = await setup();
  await kill(3);
  await start(broker, dead, 'origin', 1);
  await quiet();
  await broker.stop();
  const key = moveTasksKey(dead.id);
  const [record] = await store.records(key);
  const text = Buffer.from(record?.value ?? '').toString();
  const old = text.replace('"v":2', '"v":1').replace(/"origins":\[\d+\],/, '');
  expect(old).not.toContain('origins');
  await store.commit({ changes: [{ do: 'put', key, value: Buffer.from(old) }], durability: 'disk' });

  const restarted = await another();
  for (let step = 0; step < 5; step++) {
    await quiet();
    clock.advance(1_000);
  }

  expect(await untilEnded(() => tasks(restarted))).toMatchObject({ state: 'completed', moved: 3 });
  expect(await waiting(source)).toBe(3);
});

test('a dead letter of more queues than a task may serve needs a destination', async () => {
  const { broker, createQueue, dead, other } = await setup();
  const redrive = { deadLetter: dead.address, deliveryCountMax: 1 };
  for (let at = 0; at < limits.moveOriginsMax; at++) await createQueue(`s${at}`, { redrive });

  await expect(start(broker, dead)).rejects.toMatchObject({ code: 'limit-exceeded' });
  expect(await start(broker, dead, other)).toMatchObject({ state: 'running', origins: undefined });
});

test('a record of tasks that a later version wrote stops the start, with a hint', async () => {
  const { another, broker, dead, store } = await setup();
  await broker.stop();
  const put = (text: string) =>
    store.commit({
      changes: [{ do: 'put', key: moveTasksKey(dead.id), value: Buffer.from(text) }],
      durability: 'disk',
    });

  await put('{"v":3,"tasks":[]}');
  await expect(another()).rejects.toMatchObject({ code: 'internal', hint: expect.stringContaining('version') });
  await put('{"v":1,"tasks":[{"id":"a"}]}');
  await expect(another()).rejects.toMatchObject({ code: 'internal' });
  await put('no JSON');
  await expect(another()).rejects.toMatchObject({ code: 'internal' });
});

test('a queue named in a task need not be there when it is shown', async () => {
  const { broker, dead, other, tasks } = await setup();
  await start(broker, dead, other);
  await untilEnded(tasks);
  await broker.catalogue.drop(alice, other.address);

  expect(await tasks()).toMatchObject([{ to: { address: address('other') } }]);
});

test('chosen messages go back to where they came from, the others stay', async () => {
  const { broker, dead, kill, receive, source } = await setup();
  await kill(4);
  const { entries } = await broker.browse(alice, dead, { states: ['waiting'], entriesMax: 10, bytesMax: 1_000 });
  const [, second, , fourth] = entries.map(({ pos }) => pos);

  const result = await broker.moves.moveSome(alice, dead, 'origin', [fourth ?? 0, second ?? 0, 1_000_000]);

  expect(result).toMatchObject({ moved: 2, withoutOrigin: 0, originGone: 0 });
  expect(bodies(await receive(source))).toEqual(['m1', 'm3']);
  expect(bodies(await receive(dead))).toEqual(['m0', 'm2']);
});

test('a queue cannot move chosen messages to itself', async () => {
  const { broker, dead } = await setup();

  await expect(broker.moves.moveSome(alice, dead, dead, [1])).rejects.toMatchObject({ code: 'invalid-argument' });
});
