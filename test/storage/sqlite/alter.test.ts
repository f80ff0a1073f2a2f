import { expect, it } from 'vitest';
import { createSetup, minuteMs, plain, strict, texts } from '../../../storage/contract/world.ts';
import { openSqlite } from './open-sqlite.ts';

const setup = createSetup(openSqlite());

it('a queue neither becomes strict nor ceases to be, for it could not find what waits in it', async () => {
  const { createQueue, append, commit, receive } = await setup();
  const queue = await createQueue();
  const fifo = await createQueue(strict);
  await append(queue, 'urgent', { priority: 9 });

  const results = [
    await commit({ do: 'alter-queue', queue, settings: strict }),
    await commit({ do: 'alter-queue', queue: fifo, settings: plain }),
  ];

  expect(results).toMatchObject([
    { ok: false, error: { code: 'unsupported' } },
    { ok: false, error: { code: 'unsupported' } },
  ]);
  expect(texts(await receive(queue))).toEqual(['urgent']);
});

it('a queue that becomes fair knows what is in flight of its groups, and tells it when it ends', async () => {
  const { createQueue, appendAll, receive, commitOk, tally, ack } = await setup();
  const queue = await createQueue();
  await appendAll(queue, ['a', 'b', 'c'], { group: 'g' });
  const given = await receive(queue, { forMs: minuteMs });

  await commitOk({ do: 'alter-queue', queue, settings: { ...plain, groups: 'fair' } });
  const before = (await tally(queue)).groupsLeased;
  for (const delivery of given) await ack(delivery);

  expect([before, (await tally(queue)).groupsLeased]).toEqual([1, 0]);
});

it('retention, limits and delays change on a queue with leases out', async () => {
  const { createQueue, appendAll, receive, commitOk, clock, release, tally } = await setup();
  const queue = await createQueue(strict);
  await appendAll(queue, ['a', 'b'], { group: 'g' });
  const [first] = await receive(queue, { max: 1, forMs: 60 * minuteMs });

  await commitOk({ do: 'alter-queue', queue, settings: { ...strict, delayMs: minuteMs, retentionMs: 90 * minuteMs } });
  if (first !== undefined) await release(first);
  const atOnce = texts(await receive(queue, { forMs: 60 * minuteMs }));
  clock.advance(minuteMs);

  expect(atOnce).toEqual(['a']); // It was received, so the delay leaves it alone; the next waits for its own.
  expect(await tally(queue)).toMatchObject({ leased: 1, waiting: 1, delayed: 0 });
});
