/** What a walk may do next: each maker draws its choices once, so that both sides do exactly the same. */
import type { Change, NewMessage, QueueId, QueueSettings, RecordKey, Target } from '../../../storage/store.ts';
import type { FixedRandom } from '../fixed-random.ts';
import type { Action, Answer, Side } from './side.ts';
import { forgedReceipt, placeOf, seenBatch, seenDelivery, seenError } from './side.ts';

/** Everything happens at whole ticks, so that between two of them nothing is about to change its state. */
export const tickMs = 10_000;

/** A change that each side says with its own receipts and positions. */
interface Draft {
  readonly name: string;
  readonly places: readonly string[]; // of what it appends
  make(side: Side): Change;
}

export interface Drawing {
  readonly random: FixedRandom;
  readonly now: () => number;
  /** The queue that stands in each place now. */
  readonly queues: QueueId[];
  readonly settings: readonly QueueSettings[];
  readonly placesUsed: { readonly queue: QueueId; readonly place: string }[];
  /** A restart may forget attempts, so each time has ids of its own. */
  restarts: number;
  /** How many the sides have noted. */
  readonly counts: () => { readonly receipts: number; readonly holders: number; readonly consumers: number };
}

const durabilities = ['disk', 'memory'] as const;

function pick<T>(random: FixedRandom, items: readonly T[]): T {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
const often = (random: FixedRandom, percent: number) => random.below(100) < percent;

// ---- changes ----
function draftAppend(drawing: Drawing): Draft {
  const { random, now } = drawing;
  const first = drawTarget(drawing, drawing.queues);
  const others = drawing.queues.filter((queue) => queue !== first.queue);
  const targets = often(random, 80) ? [first] : [first, drawTarget(drawing, others)];
  const message: NewMessage = {
    id: random.uuid(),
    head: random.bytes(1 + random.below(4)),
    body: random.bytes(random.below(30)),
    priority: 4,
    ...(often(random, 10) ? { expiresAt: now() + tickMs * (1 + random.below(5)) } : {}),
  };
  const places = targets.map(({ queue }) => placeOf(queue, message.id));
  for (const [index, { queue }] of targets.entries()) drawing.placesUsed.push({ queue, place: places[index] ?? '' });
  // Priorities say nothing about order within a strict group, so only appends to others have one.
  const isStrict = targets.some(({ queue }) => settingsOf(drawing, queue)?.groups === 'strict');
  const prioritised = isStrict ? message : { ...message, priority: random.below(10) };
  return {
    name: `append ${targets.map(({ queue, group, dedup }) => [queue, group, dedup].join(':')).join(' ')}`,
    places,
    make: () => ({ do: 'append', message: prioritised, to: targets }),
  };
}

function settingsOf({ queues, settings }: Drawing, queue: QueueId): QueueSettings | undefined {
  return settings[queues.indexOf(queue)];
}

function drawTarget(drawing: Drawing, among: readonly QueueId[]): Target {
  const { random, now } = drawing;
  const queue = pick(random, among);
  const { groups } = settingsOf(drawing, queue) ?? { groups: 'ignore' };
  return {
    queue,
    ...(groups === 'strict' ? { group: `g${random.below(3)}` } : {}),
    ...(often(random, 25) ? { dedup: `k${random.below(4)}` } : {}),
    // A strict queue's delay is the queue's alone: a message of its own would hold up its group at will.
    ...(groups !== 'strict' && often(random, 15) ? { visibleAt: now() + tickMs * random.below(4) } : {}),
    ...(often(random, 20) ? { note: random.bytes(3) } : {}),
  };
}

function draftSettle(drawing: Drawing): Draft {
  const { random, now } = drawing;
  const { receipts } = drawing.counts();
  const place = Math.max(0, receipts - 1 - random.below(Math.min(25, Math.max(1, receipts))));
  const wrongQueue = often(random, 5) ? { queue: pick(random, drawing.queues) } : {};
  const isForged = often(random, 3);
  const outcome = pick(random, [
    { type: 'ack' },
    { type: 'ack' },
    { type: 'ack' },
    { type: 'release', isCounted: true },
    { type: 'release', isCounted: false },
    { type: 'release', isCounted: true, visibleAt: now() + tickMs * random.below(4), note: random.bytes(2) },
    { type: 'extend', until: now() + tickMs * (random.below(5) - 1), totalMsMax: 12 * 60 * 60_000 },
    { type: 'reject', cause: 'walked' },
  ] as const);
  return {
    name: `settle ${place} ${JSON.stringify(outcome)}${isForged ? ' forged' : ''}`,
    places: [],
    make({ receipts: known }) {
      const receipt = (isForged ? undefined : known[place]) ?? forgedReceipt;
      return { do: 'settle', receipt, as: outcome, ...wrongQueue };
    },
  };
}

function draftRecord({ random }: Drawing): Draft {
  const key: RecordKey = ['r', random.below(3), `name-${random.below(3)}`];
  const ifVersion = often(random, 30) ? { ifVersion: random.below(3) } : {};
  const isForget = often(random, 30);
  const value = random.bytes(4);
  return {
    name: `${isForget ? 'forget' : 'put'} ${key.join('/')} ${JSON.stringify(ifVersion)}`,
    places: [],
    make: () => (isForget ? { do: 'forget', key, ...ifVersion } : { do: 'put', key, value, ...ifVersion }),
  };
}

function draftDiscard({ random, placesUsed, queues }: Drawing): Draft {
  const used =
    placesUsed.length === 0 ? undefined : placesUsed[placesUsed.length - 1 - random.below(placesUsed.length)];
  const queue = used?.queue ?? pick(random, queues);
  return {
    name: `discard ${used?.place}`,
    places: [],
    make: ({ positions }) => ({ do: 'discard', queue, pos: positions.get(used?.place ?? '') ?? 999_999_999 }),
  };
}

function draftPurge({ random, queues }: Drawing): Draft {
  const queue = pick(random, queues);
  return { name: `purge ${queue}`, places: [], make: () => ({ do: 'purge-queue', queue }) };
}

function commitOf(drawing: Drawing, drafts: readonly Draft[], durability = pick(drawing.random, durabilities)): Action {
  // An engine may refuse a transaction that settles an entry twice, whatever comes of the first.
  const settles = drafts.filter(({ name }) => name.startsWith('settle'));
  const isStrict = drafts.length > 1 && settles.length < 2 && often(drawing.random, 30);
  return {
    name: `commit ${durability}${isStrict ? ' strict' : ''} [${drafts.map(({ name }) => name).join('; ')}]`,
    async run({ store, ...side }) {
      const changes = drafts.map((draft) => draft.make({ store, ...side }));
      const places = drafts.map((draft) => draft.places).filter((ofDraft) => ofDraft.length > 0);
      const answer = seenBatch(await store.commit({ changes, durability, isStrict }), places);
      return { ...answer, isOnDisk: durability === 'disk' && answer.isOnDisk === true };
    },
  };
}

const drafts = [draftAppend, draftAppend, draftAppend, draftSettle, draftSettle, draftRecord] as const;

export function drawCommit(drawing: Drawing): Action {
  const { random } = drawing;
  if (often(random, 2)) return commitOf(drawing, [draftPurge(drawing)]);
  if (often(random, 4)) return commitOf(drawing, [draftDiscard(drawing)]);
  const length = often(random, 75) ? 1 : 2 + random.below(3);
  return commitOf(
    drawing,
    Array.from({ length }, () => pick(random, drafts)(drawing)),
  );
}

/** The queue in one place is dropped and another of the same settings takes its place, or one is altered. */
export function drawQueueChange(drawing: Drawing, fresh: QueueId): Action {
  const { random, queues } = drawing;
  const place = random.below(queues.length);
  const settings = drawing.settings[place];
  const queue = queues[place];
  if (settings === undefined || queue === undefined) throw new Error('a place without a queue');
  if (often(random, 60)) {
    const altered: QueueSettings = { ...settings, delayMs: tickMs * random.below(3) };
    const change: Change = { do: 'alter-queue', queue, settings: altered };
    const draft = { name: `alter ${queue} delayMs ${altered.delayMs}`, places: [], make: () => change };
    return commitOf(drawing, [draft], 'disk'); // Settings do not show, so a crash must not be able to forget them.
  }
  queues[place] = fresh;
  const owned = often(random, 30) ? random.below(drawing.counts().holders + 1) : -1;
  const create = ({ holders }: Side): Change => {
    const ownedBy = holders[owned];
    return {
      do: 'create-queue',
      queue: fresh,
      settings: { ...settings, ...(ownedBy === undefined ? {} : { ownedBy }) },
    };
  };
  const drop: Draft = { name: `drop ${queue}`, places: [], make: () => ({ do: 'drop-queue', queue }) };
  return commitOf(drawing, [drop, { name: `create ${fresh} owned by ${owned}`, places: [], make: create }], 'disk');
}

// ---- receives ----
export function drawReceive(drawing: Drawing): Action {
  const { random } = drawing;
  const queue = pick(random, drawing.queues);
  const durability = pick(random, durabilities);
  const { consumers } = drawing.counts();
  const consumer = consumers > 0 && often(random, 30) ? random.below(consumers) : undefined;
  const deliveriesMax = 1 + random.below(4);
  const tags = often(random, 50) ? { tags: Array.from({ length: deliveriesMax }, () => random.below(100)) } : {};
  const forMs = tickMs * random.below(4);
  const isTimed = consumer === undefined;
  const attempt = isTimed && often(random, 20) ? { attempt: `t${drawing.restarts}-${random.below(3)}` } : {};
  // Where groups take turns the contract has a case of its own for what bytes cut off.
  const isStrict = settingsOf(drawing, queue)?.groups === 'strict';
  const bytesMax = !isStrict && often(random, 20) ? { bytesMax: 20 + random.below(40) } : {};
  const request = { queue, deliveriesMax, durability, ...attempt, ...bytesMax };
  return {
    name: `receive ${JSON.stringify(request)} ${consumer === undefined ? `for ${forMs}` : `by consumer ${consumer}`}`,
    // What a consumer asks that is gone reaches no queue.
    from: ({ consumers: known }, open) => {
      const by = consumer === undefined ? undefined : known[consumer];
      return by === undefined ? queue : open.get(by.id)?.queue;
    },
    async run({ store, consumers: known }): Promise<Answer> {
      const by = consumer === undefined ? undefined : known[consumer];
      const lease = by === undefined ? { forMs } : { consumer: by.id, ...tags };
      try {
        const deliveries = await store.receive({ ...request, queue: by?.queue ?? queue, lease });
        return {
          seen: deliveries.map(seenDelivery),
          receipts: deliveries.map(({ receipt }) => receipt),
          isOnDisk: durability === 'disk' && deliveries.length > 0,
        };
      } catch (error) {
        return { seen: seenError(error) };
      }
    },
  };
}

// ---- holders, consumers, moves ----
export function drawHolderStep(drawing: Drawing): Action {
  const { random } = drawing;
  const { holders, receipts } = drawing.counts();
  const holder = random.below(Math.max(1, holders));
  if (holders === 0 || often(random, 25)) return openHolder(often(random, 50) ? `s${random.below(2)}` : undefined);
  if (often(random, 60)) return openConsumer(holder, pick(random, drawing.queues));
  if (often(random, 30)) return closeConsumer(random.below(1 + drawing.counts().consumers));
  const unseen = Array.from({ length: 3 }, () => Math.max(0, receipts - 1 - random.below(10)));
  return closeHolder(holder, pick(random, ['keep', 'end', unseen] as const));
}

function openHolder(key: string | undefined): Action {
  return {
    name: `open ${key === undefined ? 'a connection' : `session ${key}`}`,
    async run({ store }) {
      // An id may come again once its holder is gone, so each opening has a place of its own.
      const holder = await store.openHolder(key === undefined ? 'connection' : 'session', key);
      return { seen: 'opened', holder };
    },
  };
}

function openConsumer(place: number, queue: QueueId): Action {
  return {
    name: `open a consumer of holder ${place} on ${queue}`,
    async run({ store, holders }): Promise<Answer> {
      const holder = holders[place];
      if (holder === undefined) return { seen: 'no holder' };
      try {
        const id = await store.openConsumer({ holder, queue, priority: 0, isExclusive: false });
        return { seen: 'opened', consumer: { id, queue } };
      } catch (error) {
        return { seen: seenError(error) };
      }
    },
  };
}

function closeConsumer(place: number): Action {
  return {
    name: `close consumer ${place}`,
    async run({ store, consumers }) {
      const consumer = consumers[place];
      if (consumer !== undefined) await store.closeConsumer(consumer.id);
      return { seen: 'closed' };
    },
  };
}

function closeHolder(place: number, how: 'keep' | 'end' | readonly number[]): Action {
  return {
    name: `close holder ${place} ${JSON.stringify(how)}`,
    async run({ store, holders, receipts }) {
      const holder = holders[place];
      if (holder === undefined) return { seen: 'no holder' };
      const unseen = typeof how === 'string' ? [] : how.flatMap((index) => receipts[index] ?? []);
      await store.closeHolder(holder, typeof how === 'string' ? how : { unseen: [...new Set(unseen)] });
      return { seen: 'closed' };
    },
  };
}

export function drawMove({ random, queues }: Drawing): Action {
  const from = pick(random, queues);
  const others = queues.filter((queue) => queue !== from);
  const to = often(random, 50) ? ('origin' as const) : pick(random, others);
  const origins = to === 'origin' && often(random, 50) ? { origins: others } : {};
  const entriesMax = 1 + random.below(4);
  const options = { from, to, entriesMax, isCountReset: often(random, 50), ...origins };
  return {
    name: `move ${JSON.stringify(options)}`,
    async run({ store }): Promise<Answer> {
      try {
        const { next: _each_engine_its_own, ...seen } = await store.move(options);
        return { seen };
      } catch (error) {
        return { seen: seenError(error) };
      }
    },
  };
}
