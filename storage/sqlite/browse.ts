import { GantryError } from '../../src/model/errors.ts';
import type { BrowseCursor, EntryState, QueueId, Store } from '../store.ts';
import { readBody } from './bodies.ts';
import type { Origin } from './dead-letter.ts';
import type { EngineState } from './engine-state.ts';
import type { EntryRow } from './entry-row.ts';
import { flush } from './flush.ts';
import type { QueueState } from './queue-state.ts';

type BrowseOptions = Parameters<Store['browse']>[0];
type BrowseSlice = Awaited<ReturnType<Store['browse']>>;
type BrowsedEntry = BrowseSlice['entries'][number];
const scannedAtOnce = 2_000;
/** Rows read at a time, if so many are wanted: a full one costs 4 us. */
const rowsAtOnce = 128;
const rowsMin = 16;
/** Bodies handed out in one slice, unless the first alone is larger. */
const bytesAtOnce = 8 * 1024 * 1024;

/** A slice of a queue in delivery order: a walk, not a snapshot, that leaves no trace. */
export function browse(state: EngineState, options: BrowseOptions): BrowseSlice {
  if (options.selector !== undefined) throw new GantryError('unsupported', 'this store has no selectors yet');
  const queue = state.queues.get(options.queue);
  if (queue === undefined) return { entries: [] };
  flush(state); // So that the rows show what is leased.
  state.rows.write();
  const walk = new Walk(state, queue, options);
  return walk.slice();
}

class Walk {
  private readonly state: EngineState;
  private readonly queue: QueueState;
  private readonly options: BrowseOptions;
  private readonly entries: BrowsedEntry[] = [];
  private left: number;
  private bytes = 0;

  constructor(state: EngineState, queue: QueueState, options: BrowseOptions) {
    this.state = state;
    this.queue = queue;
    this.options = options;
    this.left = Math.min(options.scannedMax, scannedAtOnce);
  }

  slice(): BrowseSlice {
    let { rank, pos } = readCursor(this.options.from);
    for (;;) {
      const wanted = this.options.entriesMax - this.entries.length + 1; // One more says that there is more.
      const rowsMax = Math.min(this.left, rowsAtOnce, Math.max(wanted, rowsMin));
      const rows = this.state.sql.receive.all.all(this.queue.life, rank, pos, rowsMax) as EntryRow[];
      for (const row of rows) {
        if (this.isFull(row)) return { entries: this.entries, next: cursorAt(rank, row.pos) };
        this.left--;
        this.look(row);
        pos = row.pos + 1;
      }
      if (this.left === 0) return { entries: this.entries, next: cursorAt(rank, pos) };
      if (rows.length === rowsMax) continue;
      const next = this.state.sql.receive.nextRank.get(this.queue.life, rank) as { rank: number } | undefined;
      if (next === undefined) return { entries: this.entries };
      rank = next.rank;
      pos = 0;
    }
  }

  private isFull(row: EntryRow): boolean {
    if (this.entries.length >= this.options.entriesMax) return true;
    return this.bytes + row.size > bytesAtOnce && this.entries.length > 0;
  }

  private look(row: EntryRow): void {
    const entryState = stateOf(row, this.state.now);
    if (!this.options.states.includes(entryState) || this.isExpired(row)) return;
    this.bytes += row.size;
    this.entries.push(shown(this.state, this.queue, row, entryState));
  }

  private isExpired(row: EntryRow): boolean {
    const { now } = this.state;
    const { retentionMs } = this.queue.settings;
    return (
      (row.expiresAt !== null && row.expiresAt <= now) ||
      (retentionMs !== undefined && row.appendedAt + retentionMs <= now)
    );
  }
}

function stateOf(row: EntryRow, now: number): EntryState {
  if (row.due !== null && row.due <= now) return 'waiting';
  if (row.leasedAt !== null) return 'leased';
  return row.due === null ? 'waiting' : 'delayed';
}

function shown(state: EngineState, queue: QueueState, row: EntryRow, entryState: EntryState): BrowsedEntry {
  const { head, data } = readBody(state, Math.abs(row.body));
  const deliveries = row.countBase + row.count - row.uncounted;
  const origin = row.origin === null ? undefined : (JSON.parse(row.origin) as Origin);
  return {
    queue: queue.id,
    pos: row.pos,
    id: head.subarray(0, 16),
    head: head.subarray(16),
    body: data,
    ...(row.note === null ? {} : { note: row.note }),
    ...(row.tag === null ? {} : { tag: row.tag }),
    appendedAt: row.appendedAt,
    firstReceivedAt: row.firstAt ?? 0,
    deliveries,
    isRedelivered: deliveries > 0 || row.pos <= queue.suspectTo,
    ...(origin === undefined ? {} : { deadLetteredFrom: { queue: origin.queue as QueueId, cause: origin.cause } }),
    state: entryState,
  };
}

function cursorAt(rank: number, pos: number): BrowseCursor {
  return `${rank}.${pos}` as BrowseCursor;
}

function readCursor(cursor: BrowseCursor | undefined): { rank: number; pos: number } {
  const [rank, pos] = (cursor ?? '0.0').split('.').map(Number);
  if (rank === undefined || pos === undefined || !Number.isInteger(rank) || !Number.isInteger(pos)) {
    throw new GantryError('invalid-argument', 'this is no cursor of a browse');
  }
  return { rank, pos };
}
