import { expect, it } from 'vitest';
import type { EventMap } from '../../../src/core/broker.ts';
import { address, alice, bodies, quiet } from '../world.ts';
import { createTopicsWorld, full, kindsOf, topicMessage } from './world.ts';

const dayMs = 86_400_000;
const ever = { from: 0, to: undefined };
type World = Awaited<ReturnType<typeof createTopicsWorld>>;

/** A topic with an archive, and a queue without a subscription. */
async function setup(options: Parameters<typeof createTopicsWorld>[0] = {}) {
  const world = await createTopicsWorld(options);
  const topic = await world.topic('t.fifo', { archiveMs: 30 * dayMs });
  const queue = await world.queue('q.fifo');
  return { world, topic, queue };
}
type Setup = Awaited<ReturnType<typeof setup>>;

const of = (body: string, groupId = 'g') => topicMessage(body, { groupId, dedupId: body });
const publish = ({ world, topic }: Setup, ...names: readonly string[]) =>
  world.publish(topic, ...names.map((name) => of(name)));
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `m${at}`);

async function publishMany(set: Setup, count: number): Promise<void> {
  for (let at = 0; at < count; at += 50) await publish(set, ...numbered(count).slice(at, at + 50));
}
const isSlice = (batch: Parameters<typeof kindsOf>[0]) => {
  const kinds = kindsOf(batch);
  return kinds[0] === 'append' && kinds.at(-1) === 'put';
};
const stateOf = (
  world: World,
  { address }: { address: Parameters<World['broker']['topics']['replays']['stateOf']>[0] },
) => world.broker.topics.replays.stateOf(address);

it('what was published before a subscription reaches it in order, marked, with its envelope as it was', async () => {
  const set = await setup();
  const { world, topic, queue } = set;
  await publish(set, 'one', 'two');
  const subscription = await world.subscribe(topic, 'q.fifo', { isRaw: false });

  await world.broker.topics.replays.begin(alice, subscription.address, ever);
  expect(stateOf(world, subscription)).toBe('pending');
  await quiet(40);
  await publish(set, 'three');

  expect(stateOf(world, subscription)).toBe('completed');
  const [first, second, third] = bodies(await world.drained(queue));
  expect([first, second]).toEqual([
    expect.stringMatching(/^sealed \d+: one replayed$/),
    expect.stringMatching(/^sealed \d+: two replayed$/),
  ]);
  expect(third).toMatch(/^sealed \d+: three$/);
  await world.stop();
});

it('who has had a message gets it once more, however soon', async () => {
  const set = await setup();
  const { world, topic, queue } = set;
  const subscription = await world.subscribe(topic, 'q.fifo');
  await publish(set, 'one');

  await world.broker.topics.replays.begin(alice, subscription.address, ever);
  await quiet(40);

  expect(bodies(await world.drained(queue))).toEqual(['one', 'one']);
  await world.stop();
});

it('only the span that was asked for is replayed, both ends included, and only what the filter lets through', async () => {
  const set = await setup();
  const { world, topic, queue } = set;
  const start = world.clock.now();
  for (const kind of ['a', 'b', 'c', 'd', 'e']) {
    const properties = [{ name: 'kind', type: 'string', value: kind } as const];
    await world.publish(topic, { ...of(kind), properties });
    world.clock.advance(1_000);
  }
  const filter = { policy: '{"kind":["b","d","e"]}', scope: 'attributes' } as const;
  const subscription = await world.subscribe(topic, 'q.fifo', { filter });

  await world.broker.topics.replays.begin(alice, subscription.address, { from: start + 1_000, to: start + 3_000 });
  await quiet(40);

  expect(bodies(await world.drained(queue))).toEqual(['b', 'd']);
  await world.stop();
});

it('a replay of many slices goes on after a crash in the middle, and loses and doubles nothing', async () => {
  const set = await setup();
  const { world, topic, queue } = set;
  await publishMany(set, 250);
  const subscription = await world.subscribe(topic, 'q.fifo');
  let slices = 0;
  world.judged((batch) => (isSlice(batch) && ++slices === 2 ? new Promise(() => {}) : 'pass'));
  await world.broker.topics.replays.begin(alice, subscription.address, ever);
  await quiet(40);
  expect(stateOf(world, subscription)).toBe('running');

  await world.crash();
  await quiet(60);

  expect(stateOf(world, subscription)).toBe('completed');
  expect(bodies(await world.drained(queue))).toEqual(numbered(250));
  await world.stop();
});

it('a slice that the store refuses is tried again', async () => {
  const set = await setup();
  const { world, topic, queue } = set;
  await publish(set, 'one');
  const subscription = await world.subscribe(topic, 'q.fifo');
  let refused = 0;
  world.judged((batch) => (isSlice(batch) && refused++ === 0 ? full() : 'pass'));
  await world.broker.topics.replays.begin(alice, subscription.address, ever);
  await quiet(40);
  expect(await world.drained(queue)).toEqual([]);

  world.clock.advance(1_000);
  await quiet(40);

  expect([refused, bodies(await world.drained(queue))]).toEqual([2, ['one']]);
  await world.stop();
});

it('another replay takes the place of one that runs, and an end ends it', async () => {
  const set = await setup();
  const { world, topic, queue } = set;
  await publishMany(set, 250);
  const subscription = await world.subscribe(topic, 'q.fifo');
  const { replays } = world.broker.topics;
  let slices = 0;
  const held = new Map<number, () => void>();
  world.judged((batch) => {
    if (!isSlice(batch)) return 'pass';
    slices++;
    return slices === 2 || slices === 4 ? new Promise((resolve) => held.set(slices, () => resolve('pass'))) : 'pass';
  });
  await replays.begin(alice, subscription.address, ever);
  await quiet(40);
  await replays.begin(alice, subscription.address, ever);
  held.get(2)?.();
  await quiet(40);
  expect(stateOf(world, subscription)).toBe('running');
  await replays.end(alice, subscription.address);
  held.get(4)?.();
  await quiet(40);

  expect(stateOf(world, subscription)).toBeUndefined();
  // Of each the first slice; what was on its way when it was replaced or ended was not handed out.
  expect(bodies(await world.drained(queue))).toEqual([...numbered(100), ...numbered(100)]);
  await world.stop();
});

it('a subscription that asks for a replay while messages are published gets each exactly once', async () => {
  const set = await setup();
  const { world, topic, queue } = set;
  await publish(set, 'm0', 'm1');
  const publishing = numbered(60)
    .slice(2)
    .map((name) => publish(set, name));
  const subscription = await world.subscribe(topic, 'q.fifo');
  await world.broker.topics.replays.begin(alice, subscription.address, ever);
  await Promise.all(publishing);
  await publish(set, 'last');
  await quiet(60);

  const seen = bodies(await world.drained(queue));
  // The subscription was there before the last of them: what it had by itself before the replay began comes once more.
  expect(new Set(seen)).toEqual(new Set([...numbered(60), 'last']));
  await world.stop();
});

it('without an archive there is nothing to replay, and over the quota there is no room', async () => {
  const { world, topic } = await setup({ replaysMax: 1 });
  const plain = await world.topic('plain.fifo');
  const [a, b, c] = [
    await world.subscribe(plain, 'q.fifo'),
    await world.subscribe(topic, 'q.fifo'),
    await world.subscribe(topic, 'q.fifo'),
  ];
  world.judged((batch) => (kindsOf(batch).join() === 'put' ? new Promise(() => {}) : 'pass'));
  const { replays } = world.broker.topics;

  await expect(replays.begin(alice, a.address, ever)).rejects.toMatchObject({ code: 'unsupported' });
  await replays.begin(alice, b.address, ever);
  await expect(replays.begin(alice, c.address, ever)).rejects.toMatchObject({ code: 'limit-exceeded' });
  await replays.begin(alice, b.address, ever);

  await world.crash();
  await world.stop();
});

it('an archive that goes makes a replay fail, a subscription that goes takes its replay along', async () => {
  const set = await setup();
  const { world, topic } = set;
  await publishMany(set, 150);
  const subscription = await world.subscribe(topic, 'q.fifo');
  let letGo = () => {};
  let slices = 0;
  world.judged((batch) =>
    isSlice(batch) && ++slices === 2
      ? new Promise((resolve) => {
          letGo = () => resolve(full());
        })
      : 'pass',
  );
  await world.broker.topics.replays.begin(alice, subscription.address, ever);
  await quiet(40);
  await world.broker.topics.catalogue.alter(alice, topic.address, () => ({ attributes: { archiveMs: undefined } }));
  letGo();
  await quiet(20);
  world.clock.advance(1_000);
  await quiet(40);
  expect(stateOf(world, subscription)).toBe('failed');

  await world.broker.topics.subscriptions.drop(alice, subscription.address, undefined);
  await quiet();
  expect(stateOf(world, subscription)).toBeUndefined();
  await world.restart();
  expect(stateOf(world, subscription)).toBeUndefined();
  await world.stop();
});

it('what an archive takes and what is replayed are told apart from what is delivered', async () => {
  const set = await setup();
  const { world, topic } = set;
  const told: [string, object][] = [];
  const note = (kind: string) => (event: EventMap['archived' | 'replayed' | 'notified']) => told.push([kind, event]);
  for (const kind of ['archived', 'replayed', 'notified'] as const) world.broker.events.on(kind, note(kind));
  const subscription = await world.subscribe(topic, 'q.fifo');
  await publish(set, 'one');
  await world.subscribe(topic, 'gone.fifo', { deadLetter: address('dead.fifo') });

  await world.broker.topics.replays.begin(alice, subscription.address, ever);
  await quiet(40);

  expect(told).toMatchObject([
    ['notified', { delivered: 1, failed: 0 }],
    ['archived', { messages: 1, bytes: 3 }],
    ['replayed', { delivered: 1, failed: 0 }],
  ]);
  await world.stop();
});
