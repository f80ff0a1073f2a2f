import { expect, it } from 'vitest';
import { alice, bodies, quiet, watch } from '../world.ts';
import { createTopicsWorld, full, kindsOf, topicMessage } from './world.ts';

async function setup(attributes: Parameters<Awaited<ReturnType<typeof createTopicsWorld>>['topic']>[1] = {}) {
  const world = await createTopicsWorld();
  const topic = await world.topic('t.fifo', attributes);
  const queue = await world.queue('q.fifo');
  await world.subscribe(topic, 'q.fifo');
  return { world, topic, queue };
}
let made = 0;
const of = (groupId: string, body: string, dedupId = `d${made++}`) => topicMessage(body, { groupId, dedupId });
/** The second batch of a publish: what hands it on. */
const isFanOut = (batch: Parameters<typeof kindsOf>[0]) =>
  kindsOf(batch).includes('append') && kindsOf(batch).includes('settle');

it('a duplicate is found for five minutes, over a restart, and answers the first id and sequence', async () => {
  const { world, topic, queue } = await setup();
  const [first] = await world.publish(topic, of('g', 'one', 'd'));
  await world.restart();
  world.clock.advance(299_999);

  const [again] = await world.publish(topic, of('h', 'two', 'd'));
  world.clock.advance(2);
  const [later] = await world.publish(topic, of('g', 'three', 'd'));

  expect(again).toEqual({ ...first, isDuplicate: true });
  expect(later).toMatchObject({ ok: true, isDuplicate: false });
  expect(bodies(await world.drained(queue))).toEqual(['one', 'three']);
  await world.stop();
});

it('by message group, each group has dedup ids of its own', async () => {
  const { world, topic } = await setup({ dedupScope: 'message-group' });

  const results = await world.publish(topic, of('g', 'one', 'd'), of('h', 'two', 'd'), of('g', 'three', 'd'));

  expect(results.map((result) => result.ok && result.isDuplicate)).toEqual([false, false, true]);
  await world.stop();
});

it('a message group with U+0000 is refused alone: it stands between group and id', async () => {
  const { world, topic } = await setup();

  const results = await world.publish(topic, of('g\u0000', 'one'), of('g', 'two'));

  expect(results).toMatchObject([{ ok: false, error: { code: 'invalid-argument' } }, { ok: true }]);
  await world.stop();
});

it('several publishers at once keep the order of the log in each group', async () => {
  const { world, topic, queue } = await setup();
  const calls = Array.from({ length: 12 }, (_, at) =>
    world.publish(topic, of(`g${at % 3}`, `${at}a`), of(`g${at % 3}`, `${at}b`)),
  );

  const results = (await Promise.all(calls)).map((all) => all.map((result) => result.ok && result.sequence));

  expect(results.flat()).toEqual(results.flat().toSorted((left, right) => Number(left) - Number(right)));
  const seen = bodies(await world.drained(queue));
  for (const group of [0, 1, 2]) {
    const own = seen.filter((body) => Number.parseInt(body, 10) % 3 === group);
    expect(own).toEqual([0, 3, 6, 9].flatMap((at) => [`${at + group}a`, `${at + group}b`]));
  }
  await world.stop();
});

it('a crash between log and fan-out loses nothing and repeats nothing', async () => {
  const { world, topic, queue } = await setup();
  world.judged((batch) => (isFanOut(batch) ? new Promise(() => {}) : 'pass'));
  void world.publish(topic, of('g', 'one'), of('g', 'two'));
  await quiet();

  await world.crash();
  await quiet();

  expect(bodies(await world.drained(queue))).toEqual(['one', 'two']);
  await world.restart();
  await quiet();
  expect(await world.drained(queue)).toEqual([]);
  await world.stop();
});

it('a fan-out that the store refuses is made later, and nothing of its group comes before it', async () => {
  const { world, topic, queue } = await setup();
  let refused = 0;
  world.judged((batch) => (isFanOut(batch) && refused++ < 2 ? full() : 'pass'));
  const first = world.publish(topic, of('g', 'one'), of('g', 'two'));
  await quiet();
  const second = world.publish(topic, of('g', 'three'));
  await quiet();
  expect(await world.drained(queue)).toEqual([]);

  for (let second = 0; second < 3; second++) {
    world.clock.advance(1_000);
    await quiet();
  }

  await Promise.all([first, second]);
  expect(bodies(await world.drained(queue))).toEqual(['one', 'two', 'three']);
  await world.stop();
});

it('a publish is answered when its own message is handed on, though another group was faster', async () => {
  const { world, topic, queue } = await setup();
  let letGo = () => {};
  const held = new Promise<'pass'>((resolve) => {
    letGo = () => resolve('pass');
  });
  world.judged((batch) => (isFanOut(batch) ? held : 'pass'));
  const slow = watch(world.publish(topic, of('slow', 'one')));
  await quiet();
  world.judged(() => 'pass');

  await world.publish(topic, of('fast', 'two'));
  expect([slow.isSettled, bodies(await world.drained(queue))]).toEqual([false, ['two']]);
  letGo();
  await quiet();

  expect([slow.isSettled, bodies(await world.drained(queue))]).toEqual([true, ['one']]);
  await world.stop();
});

it('a duplicate of what is still being handed on is answered with it, one of long ago at once', async () => {
  const { world, topic } = await setup();
  await world.publish(topic, of('g', 'old', 'old'));
  let letGo = () => {};
  const held = new Promise<'pass'>((resolve) => {
    letGo = () => resolve('pass');
  });
  world.judged((batch) => (isFanOut(batch) ? held : 'pass'));
  const first = watch(world.publish(topic, of('g', 'new', 'new')));
  await quiet();

  const again = watch(world.publish(topic, of('g', 'new', 'new')));
  const old = watch(world.publish(topic, of('g', 'old', 'old')));
  await quiet();
  expect([first, again, old].map(({ isSettled }) => isSettled)).toEqual([false, false, true]);
  letGo();
  await quiet();

  expect([first, again].map(({ isSettled }) => isSettled)).toEqual([true, true]);
  await world.stop();
});

it('a topic that goes while messages are handed on ends the waiting, and one of its name hears nothing of them', async () => {
  const { world, topic, queue } = await setup();
  let letGo = () => {};
  const held = new Promise<ReturnType<typeof full>>((resolve) => {
    letGo = () => resolve(full());
  });
  world.judged((batch) => (isFanOut(batch) ? held : 'pass'));
  const publishing = watch(world.publish(topic, of('g', 'one')));
  await quiet();

  await world.broker.topics.catalogue.drop(alice, topic.address);
  const next = await world.topic('t.fifo');
  await world.subscribe(next, 'q.fifo');
  await quiet();
  expect(publishing.isSettled).toBe(true);
  letGo();
  world.clock.advance(2_000);
  await quiet();

  expect(await world.drained(queue)).toEqual([]);
  await world.stop();
});
