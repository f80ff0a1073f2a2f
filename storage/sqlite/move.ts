import { GantryError } from '../../src/model/errors.ts';
import type { QueueId, Store } from '../store.ts';
import { type Arrival, moveEntry, type Origin } from './dead-letter.ts';
import type { EngineState } from './engine-state.ts';
import { noSlot, stateWaiting } from './entries.ts';
import type { EntryRow } from './entry-row.ts';
import { flush } from './flush.ts';
import type { QueueState } from './queue-state.ts';

type MoveOptions = Parameters<Store['move']>[0];
const rowsAtOnce = 512;
/** Entries looked at in one call; the next goes on from there, so that what cannot be moved holds up nothing for ever. */
const rowsMax = 16_384;

/** Moves waiting entries, the oldest first, to another queue or each to where it was dead-lettered from. */
export function move(state: EngineState, options: MoveOptions): { readonly moved: number; readonly left: number } {
  if (options.selector !== undefined) throw new GantryError('unsupported', 'this store has no selectors yet');
  if (options.to !== 'origin' && !state.queues.has(options.to)) {
    throw new GantryError('not-found', `no queue ${options.to}`);
  }
  const from = state.queues.get(options.from);
  if (from === undefined) return { moved: 0, left: 0 };
  flush(state);
  state.rows.write();
  let moved = 0;
  for (let looked = 0; moved < options.entriesMax && looked < rowsMax; ) {
    const { rank, pos } = from.moveFrom;
    const end = Number.MAX_SAFE_INTEGER;
    const rows = state.sql.receive.waiting.all(from.life, rank, pos, end, rowsAtOnce) as EntryRow[];
    for (const row of rows) {
      if (moved === options.entriesMax) break;
      if (moveRow(state, from, row, options)) moved++;
      from.moveFrom = { rank, pos: row.pos + 1 };
      looked++;
    }
    if (rows.length === rowsAtOnce || moved === options.entriesMax) continue;
    const next = state.sql.receive.nextRank.get(from.life, rank) as { rank: number } | undefined;
    from.moveFrom = { rank: next?.rank ?? 0, pos: 0 };
    if (next === undefined) break;
  }
  if (moved === options.entriesMax) from.moveFrom = { rank: 0, pos: 0 };
  return { moved, left: from.waiting };
}

function moveRow(state: EngineState, from: QueueState, row: EntryRow, options: MoveOptions): boolean {
  const to = options.to === 'origin' ? originOf(state, row) : state.queues.get(options.to);
  if (to === undefined || to === from) return false;
  const resident = state.entries.find(from.index, row.pos);
  if (resident !== noSlot && state.entries.state[resident] !== stateWaiting) return false;
  const slot = resident === noSlot ? state.loadScratch(from, row) : resident;
  moveEntry(state, from, slot, to, arrivalOf(state, row, options));
  return true;
}

function originOf(state: EngineState, row: EntryRow): QueueState | undefined {
  if (row.origin === null) return undefined;
  const origin = JSON.parse(row.origin) as Origin;
  return state.queues.get(origin.queue as QueueId);
}

function arrivalOf(state: EngineState, row: EntryRow, options: MoveOptions): Arrival {
  const expiresAt = row.expiresAt ?? 0;
  if (options.isCountReset) return { appendedAt: state.now, countBase: 0, firstAt: 0, expiresAt, origin: null };
  return {
    appendedAt: row.appendedAt,
    countBase: row.countBase + row.count - row.uncounted,
    firstAt: row.firstAt ?? 0,
    expiresAt,
    origin: row.origin,
  };
}
