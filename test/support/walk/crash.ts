/**
 * What a crash may leave behind. Of the steps since the last one that is on disk for certain, the last ones may be gone,
 * in whole and from the end. And of each entry that is left its deliveries may be those of an earlier step, back to the
 * last of them that was asked to be on disk: a receive with durability memory is written by itself, a little later.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../src/model/clock.ts';
import type { Random } from '../../../src/model/random.ts';
import type { QueueId } from '../../../storage/store.ts';
import type { ModelEntry, ModelQueue, ModelState } from '../model/state.ts';
import { cloneState } from '../model/state.ts';
import { createModelStore } from '../model-store.ts';
import { difference } from './difference.ts';
import type { Observed } from './observe.ts';
import { observe } from './observe.ts';
import type { Side } from './side.ts';

/** The model after a step. */
export interface Moment {
  readonly state: ModelState;
  readonly isOnDisk: boolean;
}

export interface CrashWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly queues: readonly QueueId[];
  readonly holders: Side['holders'];
}

/** @returns the model's state that shows what the engine shows @throws Error when there is none */
export async function findSurvivor(
  world: CrashWorld,
  history: readonly Moment[],
  engineShows: Observed,
): Promise<ModelState> {
  const seen = withoutDelivered(engineShows);
  const floor = history.findLastIndex(({ isOnDisk }) => isOnDisk);
  const differences: string[] = [];
  for (let last = history.length - 1; last >= Math.max(0, floor); last--) {
    const survivor = await fitted(world, history.slice(0, last + 1), seen);
    const { state, shows } = await recovered(world, survivor);
    if (isDeepStrictEqual(withoutDelivered(shows), seen)) return withTotals(state, engineShows);
    const expected = withoutDelivered(shows);
    differences.push(`${last}: got      ${difference(seen, expected)}\n       expected ${difference(expected, seen)}`);
  }
  throw new Error(
    `what is left after a crash is none of ${differences.length} states\n    ${differences.join('\n    ')}`,
  );
}

/** The last moment, each entry as it was at the moment whose deliveries the engine shows. */
async function fitted(world: CrashWorld, history: readonly Moment[], seen: Observed): Promise<ModelState> {
  const state = cloneState(history[history.length - 1]?.state ?? missing());
  const versions = new Map<ModelEntry, readonly ModelEntry[]>();
  for (const queue of state.queues.values()) {
    for (const entry of queue.entries) versions.set(entry, versionsOf(history, queue, entry.pos));
  }
  const depth = Math.max(1, ...[...versions.values()].map(({ length }) => length));
  for (let back = 1; back <= depth; back++) {
    const older = cloneState(state);
    for (const [id, queue] of state.queues) {
      const olderQueue = older.queues.get(id) ?? missing();
      olderQueue.entries = queue.entries.map((entry) => ({ ...(versions.get(entry)?.at(-back) ?? entry) }));
    }
    const { shows } = await recovered(world, older);
    for (const [index, queue] of world.queues.entries()) {
      const entries = state.queues.get(queue)?.entries ?? [];
      for (const entry of entries) {
        const version = versions.get(entry)?.at(-back);
        const place = placeOf(entries, entry);
        const isFound = isDeepStrictEqual(shows.shown[index]?.entries?.[place], seen.shown[index]?.entries?.[place]);
        if (version === undefined || !isFound) continue;
        Object.assign(entry, version);
        versions.set(entry, []);
      }
    }
  }
  return state;
}

/** Where `observe` shows it. */
function placeOf(entries: readonly ModelEntry[], entry: ModelEntry): number {
  const idOf = ({ message }: ModelEntry) => Buffer.from(message.id).toString('hex');
  return entries.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : idOf(a) > idOf(b) ? 1 : a.pos - b.pos)).indexOf(entry);
}

function versionsOf(history: readonly Moment[], { id, life }: ModelQueue, pos: number): readonly ModelEntry[] {
  let versions: ModelEntry[] = [];
  for (const { state, isOnDisk } of history) {
    const queue = state.queues.get(id);
    const entry = queue?.life === life ? queue.entries.find((other) => other.pos === pos) : undefined;
    if (entry === undefined || isDeepStrictEqual(versions.at(-1), entry)) continue;
    versions = isOnDisk ? [entry] : [...versions, entry];
  }
  return versions;
}

async function recovered({ clock, random, queues, holders }: CrashWorld, state: ModelState) {
  const disk = { state: cloneState(state) };
  const store = createModelStore({ clock, random, disk });
  await store.start();
  const shows = await observe({ store, receipts: [], holders, consumers: [], positions: new Map() }, queues);
  await store.stop();
  return { state: disk.state, shows };
}

/** How often entries were delivered in all is counted with each receive; a crash may have counted what it forgot. */
function withoutDelivered(observed: Observed): Observed {
  const shown = observed.shown.map((queue) =>
    queue.tally === undefined
      ? queue
      : { ...queue, tally: { ...queue.tally, total: { ...queue.tally.total, delivered: 0 } } },
  );
  return { ...observed, shown };
}

function withTotals(state: ModelState, { shown }: Observed): ModelState {
  for (const { queue: id, tally } of shown) {
    const queue = state.queues.get(id);
    if (queue !== undefined && tally !== undefined) queue.total.delivered = tally.total.delivered;
  }
  return state;
}

function missing(): never {
  throw new Error('a walk remembers at least one moment');
}
