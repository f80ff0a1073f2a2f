import type { DedupRow } from './dedup.ts';
import { discardOldest } from './discard.ts';
import type { EngineState } from './engine-state.ts';
import { noSlot, stateDelayed } from './entries.ts';
import {
  type AppendOp,
  type PackedWriter,
  type TargetOp,
  targetDropped,
  targetDuplicate,
  targetStored,
} from './post.ts';
import { QueueState } from './queue-state.ts';
import { messageIdBytes } from './statements/append.ts';
import { strictRank } from './strict-window.ts';

const holderOnlyRanks = 10;

/** One message into its queues: the body once, an entry for each. Writes the result. */
export function append(state: EngineState, op: AppendOp, answer: PackedWriter): void {
  const [only] = op.to;
  if (only !== undefined && op.to.length === 1) appendToOne(state, op, only, answer);
  else appendToMany(state, op, answer);
}

/** Apart from the others for its speed: nearly every message of a queue protocol has one target. */
function appendToOne(state: EngineState, op: AppendOp, target: TargetOp, answer: PackedWriter): void {
  const queue = accepting(state, op, target);
  if (!(queue instanceof QueueState)) {
    answer.f64(0);
    return answerUnstored(queue, answer);
  }
  const id = state.nextBody++;
  state.rows.insertBody(id, op.head, op.body);
  answer.f64(id);
  answer.u8(targetStored);
  answer.f64(store(state, queue, op, target, id));
}

function appendToMany(state: EngineState, op: AppendOp, answer: PackedWriter): void {
  const queues = op.to.map((target) => accepting(state, op, target));
  const stored = queues.reduce((count, queue) => count + (queue instanceof QueueState ? 1 : 0), 0);
  const id = stored === 0 ? 0 : state.nextBody++;
  if (stored > 0) state.rows.insertBody(id, op.head, op.body);
  if (stored > 1) {
    state.begin();
    state.sql.append.bodyRefs.run(id, stored);
  }
  answer.f64(id);
  for (const [index, target] of op.to.entries()) {
    const queue = queues[index];
    if (queue instanceof QueueState) {
      answer.u8(targetStored);
      answer.f64(store(state, queue, op, target, stored > 1 ? -id : id));
    } else {
      answerUnstored(queue, answer);
    }
  }
}

function answerUnstored(first: DedupRow | undefined, answer: PackedWriter): void {
  if (first === undefined) return answer.u8(targetDropped);
  answer.u8(targetDuplicate);
  answer.f64(first.pos);
  answer.raw(first.id);
}

/** The queue, when it takes the message; the first one's row when this is a duplicate; undefined: dropped. */
function accepting(state: EngineState, op: AppendOp, target: TargetOp): QueueState | DedupRow | undefined {
  const queue = state.queues.get(target.queue as QueueState['id']);
  if (queue === undefined) return undefined;
  const { settings } = queue;
  if (target.digest !== undefined && settings.dedupWindowMs > 0) {
    const first = state.dedup.find(queue.life, target.digest, state.now, settings.dedupWindowMs);
    if (first !== undefined) {
      queue.total.duplicate++;
      state.touchTally(queue);
      return first;
    }
  }
  if (!makeRoomFor(state, queue, sizeOf(op))) {
    queue.total.dropped++;
    state.touchTally(queue);
    return undefined;
  }
  return queue;
}

/** @returns false when the limit leaves no room for a message of this size, whatever is dropped for it */
function makeRoomFor(state: EngineState, queue: QueueState, bytes: number): boolean {
  const { limit } = queue.settings;
  if (limit === undefined || !isOver(queue, bytes)) return true;
  if (limit.onFull !== 'drop-old' || bytes > (limit.bytes ?? Number.POSITIVE_INFINITY)) return false;
  return discardOldest(state, queue, () => !isOver(queue, bytes));
}

/** Bytes as limits and tallies count them: body and head, without the id before the head. */
export function sizeOf(op: AppendOp): number {
  return op.head.length - messageIdBytes + op.body.length;
}

/** Whether a message of this size would be one too many. */
export function isOver(queue: QueueState, bytes: number): boolean {
  const { limit } = queue.settings;
  return (
    (limit?.entries !== undefined && queue.entries + 1 > limit.entries) ||
    (limit?.bytes !== undefined && queue.bytes + bytes > limit.bytes)
  );
}

function store(state: EngineState, queue: QueueState, op: AppendOp, target: TargetOp, body: number): number {
  const { settings } = queue;
  const pos = queue.nextPos++;
  const ownRank = op.rank + (target.isHolderOnly ? holderOnlyRanks : 0);
  const rank = queue.isStrict ? strictRank : ownRank;
  const visibleAt = target.visibleAt !== 0 ? target.visibleAt : settings.delayMs > 0 ? state.now + settings.delayMs : 0;
  const due = visibleAt > state.now ? visibleAt : 0;
  const size = sizeOf(op);
  const expiresAt = op.expiresAt;
  const isPlain = body > 0 && target.lane === 0 && expiresAt === 0 && visibleAt === 0 && target.note === undefined;
  if (isPlain) state.rows.insertPlainEntry(queue.life, rank, pos, body, state.now, ownRank);
  else insertEntry(state, queue, op, target, { pos, rank, ownRank, body, due });
  if (queue.entries === 0 && settings.retentionMs !== undefined) {
    queue.retentionCheckAt = state.now + settings.retentionMs;
    state.retentionAt = Math.min(state.retentionAt, queue.retentionCheckAt);
  }
  if (target.lane !== 0) queue.hasGroups = true;
  queue.entries++;
  queue.bytes += size;
  queue.appendedBytes += size;
  queue.total.appended++;
  state.touchTally(queue);
  if (target.digest !== undefined && settings.dedupWindowMs > 0) {
    state.dedup.add(queue.life, target.digest, op.head.subarray(0, 16), pos, state.now);
  }
  if (due !== 0) {
    queue.delayed++;
    state.diskDueAt = Math.min(state.diskDueAt, due);
  } else {
    state.ready.add(queue);
  }
  if (expiresAt !== 0) state.expiryAt = Math.min(state.expiryAt, expiresAt);
  if (!belongsInMemory(queue, rank, pos, target.lane, due)) return pos;
  const slot = state.loadFresh(queue, rank, pos, target.lane, body, size, state.now, ownRank, expiresAt);
  if (slot === noSlot) return pos;
  if (due !== 0) {
    state.entries.due[slot] = due;
    state.entries.state[slot] = stateDelayed;
  }
  if (target.note !== undefined) state.entries.notes.set(slot, target.note);
  queue.window?.add(slot);
  return pos;
}

interface Place {
  readonly pos: number;
  readonly rank: number;
  readonly ownRank: number;
  readonly body: number;
  readonly due: number;
}

function insertEntry(state: EngineState, queue: QueueState, op: AppendOp, target: TargetOp, place: Place): void {
  state.rows.insertEntry(
    queue.life,
    place.rank,
    place.pos,
    target.lane,
    place.body,
    sizeOf(op),
    state.now,
    op.expiresAt === 0 ? null : op.expiresAt,
    place.due === 0 ? null : place.due,
    0,
    0,
    null,
    target.note ?? null,
    null,
    place.ownRank,
    target.visibleAt !== 0,
  );
}

/** When somebody receives from the queue and has read up to here; what is delayed joins when its time has come. */
function belongsInMemory(queue: QueueState, rank: number, pos: number, lane: number, due: number): boolean {
  if (queue.window === undefined || (due !== 0 && !queue.isStrict)) return false;
  return queue.window.wantsAppended(rank, pos, lane);
}
