import { expect, it } from 'vitest';
import type { EventMap } from '../../../src/core/broker.ts';
import { decodeHead } from '../../../src/model/head.ts';
import { address, alice, bodies, quiet } from '../world.ts';
import { createTopicsWorld, full, kindsOf, topicMessage } from './world.ts';

type Notified = EventMap['notified'];

async function setup(queueNames: readonly string[] = ['a', 'b', 'c']) {
  const world = await createTopicsWorld();
  const topic = await world.topic('t');
  const queues = await Promise.all(queueNames.map((name) => world.queue(name)));
  const told: Notified[] = [];
  world.broker.events.on('notified', (event) => told.push(event));
  return { world, topic, queues, told };
}

it('one publish to three queues is one batch with one append, whose body is there once', async () => {
  const { world, topic, queues } = await setup();
  for (const name of ['a', 'b', 'c']) await world.subscribe(topic, name);
  world.batches.length = 0;

  await world.publish(topic, topicMessage('m'));

  expect(world.batches.map(kindsOf)).toEqual([['append']]);
  const [append] = world.batches[0]?.changes ?? [];
  expect(append?.do === 'append' && append.to).toHaveLength(3);
  for (const queue of queues) expect(bodies(await world.drained(queue))).toEqual(['m']);
  await world.stop();
});

it('subscribers with the same text share a body, those with another have another', async () => {
  const { world, topic } = await setup();
  for (const [name, protocol] of [
    ['a', 'one'],
    ['b', 'two'],
    ['c', 'three'],
  ] as const) {
    await world.subscribe(topic, name, { protocol });
  }
  world.batches.length = 0;
  const same = Buffer.from('other');

  await world.publish(topic, {
    ...topicMessage('default'),
    bodies: new Map([
      ['one', same],
      ['two', same],
    ]),
  });

  const changes = world.batches.flatMap(({ changes }) => changes);
  const shown = changes.map((change) => change.do === 'append' && [String(change.message.body), change.to.length]);
  expect(shown.toSorted()).toEqual([
    ['default', 1],
    ['other', 2],
  ]);
  await world.stop();
});

it('a queue that is not there has its message in the dead-letter queue in the same batch', async () => {
  const { world, topic, told } = await setup(['dead']);
  await world.subscribe(topic, 'gone', { deadLetter: address('dead') });
  await world.subscribe(topic, 'gone too');
  world.batches.length = 0;

  await world.publish(topic, topicMessage('m'));

  expect(world.batches.map(kindsOf)).toEqual([['append']]);
  const dead = world.broker.catalogue.find(address('dead'));
  expect(dead && bodies(await world.drained(dead))).toEqual(['m']);
  expect(told).toMatchObject([{ delivered: 0, failed: 2, deadLettered: 1, deadLetterFailed: 0 }]);
  await world.stop();
});

it('a queue that goes while the batch is on its way leaves its message to the dead-letter queue', async () => {
  const { world, topic, queues, told } = await setup(['a', 'dead']);
  await world.subscribe(topic, 'a', { deadLetter: address('dead') });
  let isDropped = false;
  world.judged(async (batch): Promise<'pass'> => {
    if (isDropped || !kindsOf(batch).includes('append')) return 'pass';
    isDropped = true;
    await world.broker.catalogue.drop(alice, address('a'));
    return 'pass';
  });

  await world.publish(topic, topicMessage('m'));

  const [, dead] = queues;
  expect(dead && bodies(await world.drained(dead))).toEqual(['m']);
  expect(told).toMatchObject([{ delivered: 0, failed: 1, deadLettered: 1 }]);
  await world.stop();
});

it('raw, eleven properties are more than a queue takes, and ten are not', async () => {
  const { world, topic, queues } = await setup(['a', 'b', 'dead']);
  await world.subscribe(topic, 'a', { deadLetter: address('dead') });
  await world.subscribe(topic, 'b', { isRaw: false, deadLetter: address('dead') });
  const properties = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ name: `p${at}`, type: 'string', value: 'v' }) as const);

  await world.publish(
    topic,
    { ...topicMessage('ten'), properties: properties(10) },
    { ...topicMessage('eleven'), properties: properties(11) },
  );

  const [a, b, dead] = queues;
  expect(a && bodies(await world.drained(a))).toEqual(['ten']);
  expect(b && bodies(await world.drained(b))).toEqual(['sealed -: ten', 'sealed -: eleven']);
  expect(dead && bodies(await world.drained(dead))).toEqual(['eleven']);
  await world.stop();
});

it('what an envelope makes too large for a queue is dead-lettered, what it leaves small enough is delivered', async () => {
  const { world, topic } = await setup([]);
  const queue = await world.queue('small', { messageBytesMax: 1_024 });
  const dead = await world.queue('dead');
  await world.subscribe(topic, 'small', { isRaw: false, deadLetter: address('dead') });

  await world.publish(topic, topicMessage('x'.repeat(924)), topicMessage('y'.repeat(925)));

  expect(bodies(await world.drained(queue))).toEqual([`sealed -: ${'x'.repeat(924)}`]);
  expect(bodies(await world.drained(dead))).toEqual([`sealed -: ${'y'.repeat(925)}`]);
  await world.stop();
});

it('a store without room refuses the publish, and nobody has it', async () => {
  const { world, topic, queues } = await setup();
  for (const name of ['a', 'b', 'c']) await world.subscribe(topic, name);
  world.judged((batch) => (kindsOf(batch).includes('append') ? full() : 'pass'));

  const results = await world.publish(topic, topicMessage('m'));

  expect(results).toMatchObject([{ ok: false, error: { code: 'store-full' } }]);
  for (const queue of queues) expect(await world.drained(queue)).toEqual([]);
  await world.stop();
});

it('a subscription that another node makes, and one that it ends, hold here at once', async () => {
  const { world, topic, queues } = await setup();
  const other = await world.another();
  const mine = await world.subscribe(topic, 'a');
  const fields = { ...mine, topic: topic.address, target: { type: 'queue', queue: address('b') } as const };
  await other.topics.subscriptions.create(alice, fields);
  await other.topics.subscriptions.drop(alice, mine.address, undefined);
  await quiet();

  await world.publish(topic, topicMessage('m'));

  const [a, b] = queues;
  expect(a && (await world.drained(a))).toEqual([]);
  expect(b && bodies(await world.drained(b))).toEqual(['m']);
  await other.stop();
  await world.stop();
});

it('who listens to what is published hears the copy that its receiver gets', async () => {
  const { world, topic, queues } = await setup(['a', 'b']);
  await world.subscribe(topic, 'a');
  await world.subscribe(topic, 'b', { isRaw: false });
  const told = new Map<string, EventMap['messages-appended']['messages'][number]>();
  world.broker.events.on('messages-appended', ({ queue, messages: [first] }) => {
    if (first !== undefined) told.set(queue.name, first);
  });

  await world.publish(topic, {
    ...topicMessage('m', { type: 's' }),
    properties: [{ name: 'p', type: 'string', value: 'v' }],
  });

  for (const queue of queues) {
    const [received] = await world.drained(queue);
    const heard = told.get(queue.address.name);
    expect(received).toMatchObject({ id: heard?.id, head: heard?.head, body: heard?.body, pos: heard?.pos });
  }
  await world.stop();
});

it('the dead-letter queue of a FIFO subscription keeps group and dedup id', async () => {
  const { world } = await setup([]);
  const topic = await world.topic('f.fifo');
  const dead = await world.queue('dead.fifo');
  await world.subscribe(topic, 'gone.fifo', { deadLetter: address('dead.fifo') });

  await world.publish(topic, topicMessage('m', { groupId: 'g', dedupId: 'd' }));

  const [copy] = await world.drained(dead);
  expect(copy && decodeHead(copy.head).headers).toMatchObject({ groupId: 'g', dedupId: 'd' });
  await world.stop();
});
