import { GantryError } from '../../src/model/errors.ts';
import type { ConsumerId, ConsumerOptions, HolderId } from '../store.ts';
import type { EngineState } from './engine-state.ts';
import type { LivedEntryRow } from './entry-row.ts';
import { flush } from './flush.ts';
import { dropQueue } from './queues.ts';
import { release } from './release.ts';

interface HolderRow {
  readonly id: number;
  readonly kind: 'connection' | 'session';
  readonly key: string | null;
}

/** At the start: sessions come back; connections of the former process are gone, what they held was released. */
export function loadHolders(state: EngineState): void {
  state.begin();
  state.sql.receive.releaseConnections.run();
  state.sql.queue.connectionsForget.run();
  readHolders(state);
}

/** As the disk has them. */
export function readHolders(state: EngineState): void {
  for (const row of state.sql.queue.holders.all() as HolderRow[]) {
    state.holders.set(row.id, { id: row.id as HolderId, kind: row.kind, key: row.key ?? undefined, isOpen: false });
  }
}

/** @returns the holder, and whether another opener loses it */
export function openHolder(
  state: EngineState,
  kind: 'connection' | 'session',
  key: string | undefined,
): { readonly holder: HolderId; readonly isTaken: boolean } {
  if (kind === 'session' && key !== undefined) {
    const known = state.sql.queue.holderByKey.get(key) as { id: number } | undefined;
    const holder = known === undefined ? undefined : state.holders.get(known.id);
    if (holder !== undefined) {
      endConsumers(state, holder.id);
      const isTaken = holder.isOpen;
      holder.isOpen = true;
      return { holder: holder.id, isTaken };
    }
  }
  const id = state.nextHolder++ as HolderId;
  state.holders.set(id, { id, kind, key, isOpen: true });
  state.begin();
  state.sql.queue.holderInsert.run(id, kind, key ?? null);
  return { holder: id, isTaken: false };
}

function endConsumers(state: EngineState, holder: HolderId): void {
  for (const [id, consumer] of state.consumers) if (consumer.holder === holder) state.consumers.delete(id);
}

export function openConsumer(state: EngineState, options: ConsumerOptions): ConsumerId {
  if (options.selector !== undefined) throw new GantryError('unsupported', 'this store has no selectors yet');
  if (options.isExclusive) throw new GantryError('unsupported', 'this store has no exclusive consumers yet');
  if (!state.holders.has(options.holder)) throw new GantryError('not-found', `no holder ${options.holder}`);
  if (!state.queues.has(options.queue)) throw new GantryError('not-found', `no queue ${options.queue}`);
  const id = state.nextConsumer++ as ConsumerId;
  state.consumers.set(id, { holder: options.holder, queue: options.queue });
  return id;
}

/** What a holder holds, in the order given. Everything held is on disk when this returns. */
export function heldRows(state: EngineState, holder: HolderId): readonly LivedEntryRow[] {
  flush(state);
  state.rows.write();
  return state.sql.receive.held.all(holder) as LivedEntryRow[];
}

/**
 * Ends a holder: what it holds goes back to its place, counted but for the unseen, and its own queues go. `keep` leaves
 * a session as it is and ends its consumers only.
 */
export function closeHolder(
  state: EngineState,
  holder: HolderId,
  isKept: boolean,
  isUnseen: (life: number, pos: number, count: number) => boolean,
): void {
  endConsumers(state, holder);
  const known = state.holders.get(holder);
  if (known === undefined) return;
  known.isOpen = false;
  if (isKept && known.kind === 'session') return;
  for (const row of heldRows(state, holder)) {
    const queue = state.queuesByLife.get(row.life);
    if (queue === undefined) continue;
    const slot = state.entries.find(queue.index, row.pos);
    const isDetached = slot === -1;
    const isCounted = !isUnseen(row.life, row.pos, row.count);
    release(state, queue, isDetached ? state.loadScratch(queue, row) : slot, isDetached, {
      visibleAt: 0,
      isCounted,
      note: undefined,
    });
  }
  for (const queue of [...state.queues.values()]) if (queue.settings.ownedBy === holder) dropQueue(state, queue);
  state.holders.delete(holder);
  state.begin();
  state.sql.queue.holderRemove.run(holder);
}
