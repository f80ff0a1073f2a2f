/**
 * Random walks of publishes, subscriptions, restarts and crashes. Whoever is subscribed when a message is published gets it
 * exactly once, and from a FIFO topic in the order of its group; what a crash cut off is there for all of them or for none.
 */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Queue } from '../../../src/model/queue.ts';
import type { SubscriptionAddress } from '../../../src/model/topic.ts';
import { alice, bodies, quiet } from '../world.ts';
import { createTopicsWorld, topicMessage } from './world.ts';

const place = fc.nat({ max: 2 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('publish' as const), group: place, count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('subscribe' as const), queue: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unsubscribe' as const), queue: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  // The batch that the crash swallows: of a FIFO topic the first is the log's, the second hands it on.
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('crash' as const), group: place, batch: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 2_000 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Expected {
  readonly body: string;
  readonly queues: ReadonlySet<number>;
  /** False: nobody was told that it was taken. */
  readonly isSure: boolean;
}

async function walk(kind: 'standard' | 'fifo', steps: readonly Step[]): Promise<void> {
  const suffix = kind === 'fifo' ? '.fifo' : '';
  const world = await createTopicsWorld();
  const topic = await world.topic(`t${suffix}`);
  const queues: Queue[] = [];
  for (const at of [0, 1, 2]) queues.push(await world.queue(`q${at}${suffix}`));
  const subscribed = new Map<number, SubscriptionAddress>();
  const published: Expected[] = [];
  let last = messageOf(0, 0);

  function messageOf(number: number, group: number) {
    const body = `${number} of ${group}`;
    return topicMessage(body, kind === 'fifo' ? { groupId: `g${group}`, dedupId: body } : { groupId: `g${group}` });
  }
  function next(group: number, isSure: boolean) {
    last = messageOf(published.length, group);
    published.push({ body: String(last.body), queues: new Set(subscribed.keys()), isSure });
    return last;
  }

  for (const each of steps) {
    if (each.do === 'publish') {
      const messages = Array.from({ length: each.count }, () => next(each.group, true));
      const results = await world.publish(topic, ...messages);
      expect(results.every(({ ok }) => ok)).toBe(true);
    } else if (each.do === 'repeat' && kind === 'fifo' && published.at(-1)?.isSure === true) {
      expect(await world.publish(topic, last)).toMatchObject([{ ok: true, isDuplicate: true }]);
    } else if (each.do === 'subscribe' && !subscribed.has(each.queue)) {
      const { address } = await world.subscribe(topic, `q${each.queue}${suffix}`);
      subscribed.set(each.queue, address);
    } else if (each.do === 'unsubscribe') {
      const address = subscribed.get(each.queue);
      if (address !== undefined) await world.broker.topics.subscriptions.drop(alice, address, undefined);
      subscribed.delete(each.queue);
    } else if (each.do === 'restart') await world.restart();
    else if (each.do === 'crash') {
      let batches = 0;
      world.judged(() => (++batches >= each.batch ? new Promise(() => {}) : 'pass'));
      const cut = world.publish(topic, next(each.group, false), next(each.group, false));
      cut.catch(() => undefined); // Whoever published hears that the outcome is not known.
      await quiet();
      await world.crash();
      await quiet();
    } else if (each.do === 'wait') world.clock.advance(each.ms);
  }
  await quiet();

  const seen = await Promise.all(queues.map(async (queue) => bodies(await world.drained(queue))));
  for (const [at, all] of seen.entries()) {
    expect(new Set(all).size, 'each once').toBe(all.length);
    const groups = [0, 1, 2].map((group) => all.filter((body) => body.endsWith(` of ${group}`)).map(Number.parseFloat));
    if (kind === 'fifo') for (const own of groups) expect(own).toEqual(own.toSorted((left, right) => left - right));
    const wanted = published.filter(({ queues }) => queues.has(at)).map(({ body }) => body);
    expect(
      all.filter((body) => !wanted.includes(body)),
      'nothing else',
    ).toEqual([]);
  }
  for (const { body, queues, isSure } of published) {
    const has = [...queues].map((at) => seen[at]?.includes(body) === true);
    if (isSure) expect(has, body).not.toContain(false);
    else expect(new Set(has).size, body).toBeLessThan(2);
  }
  await world.stop();
}

it.each(['standard', 'fifo'] as const)('whoever is subscribed to a %s topic gets each message exactly once', (kind) =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), (steps) => walk(kind, steps)),
    { numRuns: 60 },
  ),
);
