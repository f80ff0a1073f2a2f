import { GantryError } from '../../src/model/errors.ts';
import type { MoveCursor, MoveResult, QueueId, Store } from '../store.ts';
import { type Arrival, moveEntry, type Origin } from './dead-letter.ts';
import { rowAt } from './discard.ts';
import type { EngineState } from './engine-state.ts';
import { noSlot, stateWaiting } from './entries.ts';
import type { EntryRow } from './entry-row.ts';
import { flush } from './flush.ts';
import type { QueueState } from './queue-state.ts';

type MoveOptions = Parameters<Store['move']>[0];
const rowsAtOnce = 512;
/** Entries looked at in one call, so that those that cannot be moved make nobody wait; the cursor goes on from there. */
const rowsMax = 4_096;

const onlyMax = 1_000;

/** Moves waiting entries, the oldest first, to another queue or each to where it was dead-lettered from. */
export function move(state: EngineState, options: MoveOptions): MoveResult {
  if (options.selector !== undefined) throw new GantryError('unsupported', 'this store has no selectors yet');
  if (options.to !== 'origin' && !state.queues.has(options.to)) {
    throw new GantryError('not-found', `no queue ${options.to}`);
  }
  const counts = { moved: 0, withoutOrigin: 0, originGone: 0 };
  const from = state.queues.get(options.from);
  if (from === undefined) return { ...counts, left: 0 };
  flush(state);
  state.rows.write();
  const origins = options.origins === undefined ? undefined : new Set(options.origins);
  if (options.only !== undefined) return moveOnly(state, from, options, origins);
  const place = placeOf(options.after);
  for (let looked = 0; ; ) {
    const rowsLeft = Math.min(rowsAtOnce, rowsMax - looked);
    if (rowsLeft === 0 || counts.moved === options.entriesMax) {
      return { ...counts, left: from.waiting, next: cursorAt(place) };
    }
    const end = Number.MAX_SAFE_INTEGER;
    const rows = state.sql.receive.waiting.all(from.life, place.rank, place.pos, end, rowsLeft) as EntryRow[];
    for (const row of rows) {
      if (counts.moved === options.entriesMax) break;
      const did = moveRow(state, from, row, options, origins);
      if (did !== 'stayed') counts[did]++;
      place.pos = row.pos + 1;
      looked++;
    }
    if (rows.length === rowsLeft || counts.moved === options.entriesMax) continue;
    const next = state.sql.receive.nextRank.get(from.life, place.rank) as { rank: number } | undefined;
    if (next === undefined) return { ...counts, left: from.waiting };
    place.rank = next.rank;
    place.pos = 0;
  }
}

/** In the order of the queue: what is moved out of a message group stays in its order. */
function moveOnly(
  state: EngineState,
  from: QueueState,
  options: MoveOptions,
  origins: ReadonlySet<QueueId> | undefined,
): MoveResult {
  const counts = { moved: 0, withoutOrigin: 0, originGone: 0 };
  for (const pos of [...new Set(options.only)].sort((a, b) => a - b).slice(0, onlyMax)) {
    if (counts.moved === options.entriesMax) break;
    const row = rowAt(state, from, pos);
    if (row === undefined || row.due !== null || row.holder !== null) continue; // Gone, or it does not wait.
    const did = moveRow(state, from, row, options, origins);
    if (did !== 'stayed') counts[did]++;
  }
  return { ...counts, left: from.waiting };
}

interface Place {
  rank: number;
  pos: number;
}

function placeOf(cursor: MoveCursor | undefined): Place {
  const [rank = 0, pos = 0] = (cursor ?? '0.0').split('.').map(Number);
  return { rank, pos };
}

function cursorAt({ rank, pos }: Place): MoveCursor {
  return `${rank}.${pos}` as MoveCursor;
}

function moveRow(
  state: EngineState,
  from: QueueState,
  row: EntryRow,
  options: MoveOptions,
  origins: ReadonlySet<QueueId> | undefined,
): 'moved' | 'withoutOrigin' | 'originGone' | 'stayed' {
  if (options.to === 'origin' && row.origin === null) return 'withoutOrigin';
  const to = options.to === 'origin' ? originOf(state, row) : state.queues.get(options.to);
  if (to === undefined) return 'originGone';
  if (options.to === 'origin' && origins?.has(to.id) === false) return 'withoutOrigin';
  if (to === from) return 'stayed';
  // Ahead of what is in flight it would overtake its own group.
  if (from.isStrict && row.lane !== 0 && from.leasedByLane.has(row.lane)) return 'stayed';
  const resident = state.entries.find(from.index, row.pos);
  if (resident !== noSlot && state.entries.state[resident] !== stateWaiting) return 'stayed';
  const slot = resident === noSlot ? state.loadScratch(from, row) : resident;
  moveEntry(state, from, slot, to, arrivalOf(state, row, options));
  return 'moved';
}

function originOf(state: EngineState, row: EntryRow): QueueState | undefined {
  const origin = JSON.parse(row.origin ?? '') as Origin;
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
