import { GantryError } from '../../src/model/errors.ts';
import type { QueueId, QueueSettings } from '../store.ts';
import type { EngineState } from './engine-state.ts';
import { flush } from './flush.ts';
import { QueueState } from './queue-state.ts';

interface QueueRow {
  readonly id: number;
  readonly life: number;
  readonly settings: string;
  readonly nextPos: number;
  readonly handedTo: number;
  readonly entries: number;
  readonly bytes: number;
  readonly appended: number;
  readonly duplicate: number;
  readonly delivered: number;
  readonly acked: number;
  readonly expired: number;
  readonly deadLettered: number;
  readonly dropped: number;
  readonly hasMixedAges: number;
}

/** At the start, or after a commit that failed: every queue as the disk has it. */
export function loadQueues(state: EngineState): void {
  for (const row of state.sql.queue.all.all() as QueueRow[]) {
    const queue = enlist(state, row.id as QueueId, row.life, JSON.parse(row.settings) as QueueSettings);
    queue.nextPos = row.nextPos;
    queue.handedTo = row.handedTo;
    queue.suspectTo = Math.min(row.handedTo, row.nextPos - 1);
    queue.entries = row.entries;
    queue.bytes = row.bytes;
    queue.hasMixedAges = row.hasMixedAges === 1;
    const { appended, duplicate, delivered, acked, expired, deadLettered, dropped } = row;
    queue.total = { appended, duplicate, delivered, acked, expired, deadLettered, dropped };
    state.nextLife = Math.max(state.nextLife, row.life + 1);
  }
}

/** What is delayed and leased, counted from the rows: so no crash can make the counts and the rows differ. */
export function loadCounts(state: EngineState): void {
  for (const queue of state.queues.values()) {
    queue.delayed = 0;
    queue.leased = 0;
    queue.leasedByLane.clear();
  }
  for (const row of state.sql.receive.countDelayed.all() as { life: number; entries: number }[]) {
    const queue = state.queuesByLife.get(row.life);
    if (queue !== undefined) queue.delayed = row.entries;
  }
  for (const statement of [state.sql.receive.leasedDue, state.sql.receive.leasedHeld]) {
    for (const row of statement.iterate() as Iterable<{ life: number; lane: number }>) {
      state.queuesByLife.get(row.life)?.leaseBegan(row.lane);
    }
  }
}

/** Temporary queues whose holder is gone: a crash does not outlive them. */
export function dropOrphans(state: EngineState): void {
  for (const queue of [...state.queues.values()]) {
    const { ownedBy } = queue.settings;
    if (ownedBy !== undefined && !state.holders.has(ownedBy)) dropQueue(state, queue);
  }
}

function enlist(state: EngineState, id: QueueId, life: number, settings: QueueSettings): QueueState {
  const index = state.freeIndexes.pop() ?? Math.max(1, state.queuesByIndex.length);
  const queue = new QueueState(id, index, life, settings);
  state.queuesByIndex[index] = queue;
  state.queues.set(id, queue);
  state.queuesByLife.set(life, queue);
  if (settings.limit?.onFull === 'refuse') state.hasRefusingQueues = true;
  return queue;
}

function newLife(state: EngineState): number {
  const life = state.nextLife++;
  state.begin();
  state.sql.queue.metaPut.run('nextLife', state.nextLife);
  return life;
}

/** Why a queue cannot be made so; undefined: it can. */
export function refusalOfSettings(settings: QueueSettings): GantryError | undefined {
  if (settings.groups !== 'sticky') return undefined;
  return new GantryError('unsupported', 'this store has no sticky message groups yet');
}

export function createQueue(state: EngineState, id: QueueId, settings: QueueSettings): void {
  const queue = enlist(state, id, newLife(state), settings);
  state.sql.queue.insert.run(id, queue.life, JSON.stringify(settings));
  state.touchTally(queue);
}

export function alterQueue(state: EngineState, queue: QueueState, settings: QueueSettings): void {
  const before = queue.settings;
  queue.settings = settings;
  if (settings.limit?.onFull === 'refuse') state.hasRefusingQueues = true;
  state.begin();
  state.sql.queue.settings.run(JSON.stringify(settings), queue.id);
  queue.retentionCheckAt = 0;
  state.retentionAt = 0;
  const isReordered = before.groups !== settings.groups;
  const isRedelayed = queue.isStrict && before.delayMs !== settings.delayMs;
  if (isReordered || isRedelayed) forgetWindow(state, queue);
  if (isRedelayed) redelay(state, queue);
  state.ready.add(queue);
}

/** A strict queue's delay also applies to what already waits and was never received [SQS SetQueueAttributes DelaySeconds]. */
function redelay(state: EngineState, queue: QueueState): void {
  state.rows.write();
  const { delayMs } = queue.settings;
  const visibleFrom = state.now - delayMs;
  const { changes: shown } = state.sql.queue.undelay.run(queue.life, visibleFrom);
  const { changes: moved } = state.sql.queue.redelay.run(delayMs, queue.life, visibleFrom);
  const left = state.sql.queue.countDelayed.get(queue.life) as { entries: number };
  queue.delayed = left.entries;
  if (shown + moved > 0) state.diskDueAt = 0;
}

/** O(1) at any depth: a new life; the sweeper empties the old one. */
export function purgeQueue(state: EngineState, queue: QueueState): void {
  endLife(state, queue);
  const life = newLife(state);
  state.queuesByLife.delete(queue.life);
  state.queuesByLife.set(life, queue);
  queue.renew(life);
  state.sql.queue.life.run(life, queue.id);
  queue.isTallyDirty = false;
  state.touchTally(queue);
}

export function dropQueue(state: EngineState, queue: QueueState): void {
  endLife(state, queue);
  state.sql.queue.remove.run(queue.id);
  state.queues.delete(queue.id);
  state.queuesByLife.delete(queue.life);
  state.queuesByIndex[queue.index] = undefined;
  state.freeIndexes.push(queue.index);
  for (const [id, consumer] of state.consumers) if (consumer.queue === queue.id) state.consumers.delete(id);
  // What was to be dead-lettered here stays where it is, and can be given.
  for (const other of state.queues.values()) if (other.settings.deadLetter === queue.id) state.ready.add(other);
}

function endLife(state: EngineState, queue: QueueState): void {
  state.rows.write();
  state.begin();
  freeSlots(state, queue);
  state.sql.queue.tallyRemove.run(queue.life);
  state.sql.queue.deadLife.run(queue.life);
  state.debt++;
}

function freeSlots(state: EngineState, queue: QueueState): void {
  for (const slot of state.entries.slots()) if (state.entries.queue[slot] === queue.index) state.entries.free(slot);
  queue.window = undefined;
}

function forgetWindow(state: EngineState, queue: QueueState): void {
  flush(state);
  queue.window?.drop();
  queue.window = undefined;
}
