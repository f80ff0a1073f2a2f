import { GantryError } from '../../src/model/errors.ts';
import { deadLetter, deadLetterOf } from './dead-letter.ts';
import type { EngineState } from './engine-state.ts';
import { flushLagMs } from './engine-state.ts';
import { noSlot, stateLeased, stateWaiting } from './entries.ts';
import { expireSlot, isExpired } from './expire.ts';
import { PlainWindow } from './plain-window.ts';
import {
  deliveryHasBody, deliveryHasNote, deliveryHasOrigin, deliveryHasTag, deliveryIsRedelivered, type PackedWriter,
  type ReceiveOp,
} from './post.ts';
import type { QueueState } from './queue-state.ts';
import { makeRoom } from './room.ts';
import { StrictWindow } from './strict-window.ts';

/** Written ahead, so that after a crash only these may have been handed out without a trace. */
const handedStep = 1_000;
const attemptMs = 5 * 60_000;
/** Attempt ids remembered for one queue; the oldest goes first. */
const attemptsMax = 10_000;
/** Leases that end before a flush can have written them are watched in memory. */
const shortLeaseMs = 2 * flushLagMs;

/** Gives what can be given now, under a lease. @throws GantryError `not-found`, `limit-exceeded` */
export function receive(state: EngineState, op: ReceiveOp, bodyFloor: number, answer: PackedWriter): void {
  const queue = state.queues.get(op.queue as QueueState['id']);
  if (queue === undefined) throw new GantryError('not-found', `no queue ${op.queue}`);
  const holder = holderOf(state, op);
  const room = roomFor(queue);
  queue.receivedAt = state.now;
  const isRepeatable = op.attempt !== '' && queue.isStrict;
  const again = isRepeatable ? repeated(state, queue, op) : undefined;
  const slots = again ?? give(state, queue, op, holder, room);
  if (isRepeatable && again === undefined) remember(state, queue, op.attempt, slots);
  answer.u16(slots.length);
  for (const slot of slots) write(state, queue, slot, bodyFloor, answer);
  if (op.isDurable && slots.length > 0) {
    for (const slot of slots) state.writeBack(slot);
    state.mustCommit = true;
  }
}

function holderOf(state: EngineState, op: ReceiveOp): number {
  if (op.forMs !== undefined) return 0;
  const consumer = state.consumers.get(op.consumer);
  if (consumer === undefined) throw new GantryError('not-found', `no consumer ${op.consumer}`);
  return consumer.holder;
}

function roomFor(queue: QueueState): number {
  const { leasedMax, leasedMaxAs } = queue.settings;
  if (leasedMax === undefined) return Number.POSITIVE_INFINITY;
  if (queue.leased >= leasedMax && leasedMaxAs === 'error') {
    throw new GantryError('limit-exceeded', `queue ${queue.id} has ${queue.leased} messages in flight, ${leasedMax} allowed`);
  }
  return Math.max(0, leasedMax - queue.leased);
}

function give(state: EngineState, queue: QueueState, op: ReceiveOp, holder: number, room: number): number[] {
  if (queue.window === undefined) {
    makeRoom(state, queue);
    queue.window = queue.isStrict ? new StrictWindow(state, queue) : new PlainWindow(state, queue);
  } else if (state.entries.isFull) makeRoom(state, queue);
  const { window } = queue;
  const isForHolder = holder !== 0;
  const most = Math.min(op.deliveriesMax, room);
  const slots: number[] = [];
  const unused: number[] = [];
  let bytes = 0;
  let isFull = most === 0;
  for (let looked = 1; looked > 0 && !isFull; ) {
    looked = 0;
    window.refill(isForHolder);
    while (slots.length < most) {
      const slot = window.next(isForHolder);
      if (slot === noSlot) break;
      looked++;
      if (isGone(state, queue, slot)) continue;
      bytes += state.entries.size[slot] as number;
      isFull = op.bytesMax > 0 && slots.length > 0 && bytes > op.bytesMax;
      if (isFull) {
        unused.push(slot);
        break;
      }
      lease(state, queue, slot, op, holder, slots.length);
      if (state.entries.state[slot] === stateWaiting) unused.push(slot);
      slots.push(slot);
    }
    if (slots.length === most) isFull = true;
  }
  window.done(unused);
  if (slots.length > 0) {
    queue.total.delivered += slots.length;
    state.touchTally(queue);
  }
  return slots;
}

/** Drops the expired and moves what was delivered often enough; both in this commit. */
function isGone(state: EngineState, queue: QueueState, slot: number): boolean {
  if (isExpired(state, queue, slot)) {
    expireSlot(state, queue, slot);
    return true;
  }
  const { deliveryCountMax } = queue.settings;
  if (deliveryCountMax === undefined || (state.entries.count[slot] as number) < deliveryCountMax) return false;
  const to = deadLetterOf(state, queue);
  if (to === undefined) return false; // Nowhere to go: it stays, rather than be lost.
  deadLetter(state, queue, slot, to, 'delivery count');
  return true;
}

function lease(state: EngineState, queue: QueueState, slot: number, op: ReceiveOp, holder: number, index: number): void {
  const { entries } = state;
  entries.count[slot] = (entries.count[slot] as number) + 1;
  if (entries.firstAt[slot] === 0) entries.firstAt[slot] = state.now;
  const pos = entries.pos[slot] as number;
  if (pos > queue.handedTo) {
    queue.handedTo = pos + handedStep;
    state.touchTally(queue);
    state.mustCommit = true;
  }
  state.markDirty(slot);
  if (op.forMs !== undefined && op.forMs <= 0) return; // It stays where it is, counted.
  entries.leasedAt[slot] = state.now;
  entries.state[slot] = stateLeased;
  queue.leaseBegan(entries.lane[slot] as number);
  if (op.forMs === undefined) {
    entries.holder[slot] = holder;
    entries.given[slot] = state.nextGiven++;
    entries.tag[slot] = op.tags[index] ?? -1;
    return;
  }
  const due = state.now + op.forMs;
  entries.due[slot] = due;
  if (op.forMs <= shortLeaseMs) state.shortLeases.add({ due, slot, queue: queue.index, pos });
}

/** The same deliveries for the same attempt id, their leases anew, while nothing has touched them [SQS ReceiveRequestAttemptId]. */
function repeated(state: EngineState, queue: QueueState, op: ReceiveOp): number[] | undefined {
  const attempt = queue.attempts?.get(op.attempt);
  if (attempt === undefined || attempt.until <= state.now || op.forMs === undefined) return undefined;
  const { entries } = state;
  const slots: number[] = [];
  for (const [index, pos] of attempt.positions.entries()) {
    const slot = entries.find(queue.index, pos);
    const isSame =
      slot !== noSlot &&
      entries.state[slot] === stateLeased &&
      (entries.due[slot] as number) > state.now &&
      entries.due[slot] === attempt.dues[index];
    if (!isSame) return undefined;
    slots.push(slot);
  }
  for (const slot of slots) {
    entries.due[slot] = state.now + op.forMs;
    state.markDirty(slot);
    const pos = entries.pos[slot] as number;
    if (op.forMs <= shortLeaseMs) state.shortLeases.add({ due: state.now + op.forMs, slot, queue: queue.index, pos });
  }
  attempt.dues.fill(state.now + op.forMs);
  return slots.length > 0 ? slots : undefined;
}

function remember(state: EngineState, queue: QueueState, id: string, slots: readonly number[]): void {
  queue.attempts ??= new Map();
  const { attempts } = queue;
  for (const [known, attempt] of attempts) {
    if (attempt.until > state.now && attempts.size < attemptsMax) break;
    attempts.delete(known);
  }
  attempts.delete(id);
  const { pos, due } = state.entries;
  attempts.set(id, {
    until: state.now + attemptMs,
    positions: slots.map((slot) => pos[slot] as number),
    dues: slots.map((slot) => due[slot] as number),
  });
}

interface BodyRow {
  readonly head: Buffer;
  readonly data: Buffer;
}

function write(state: EngineState, queue: QueueState, slot: number, bodyFloor: number, answer: PackedWriter): void {
  const { entries } = state;
  const body = Math.abs(entries.body[slot] as number);
  const count = entries.count[slot] as number;
  const deliveries = count + (entries.countBase[slot] as number);
  const pos = entries.pos[slot] as number;
  const tag = entries.tag[slot] as number;
  const isHeld = entries.holder[slot] !== 0;
  const note = entries.notes.get(slot);
  const origin = entries.origins.get(slot);
  const hasBody = body < bodyFloor;
  answer.f64(queue.life);
  answer.u8(entries.rank[slot] as number);
  answer.f64(pos);
  answer.u32(count);
  answer.u32(deliveries);
  answer.f64(entries.appendedAt[slot] as number);
  answer.f64(entries.firstAt[slot] as number);
  answer.f64(body);
  answer.u8(
    (deliveries > 1 || pos <= queue.suspectTo ? deliveryIsRedelivered : 0) |
      (note === undefined ? 0 : deliveryHasNote) |
      (isHeld && tag !== -1 ? deliveryHasTag : 0) |
      (origin === undefined ? 0 : deliveryHasOrigin) |
      (hasBody ? deliveryHasBody : 0),
  );
  if (note !== undefined) answer.blob(note);
  if (isHeld && tag !== -1) answer.u32(tag);
  if (origin !== undefined) answer.text(origin);
  if (!hasBody) return;
  const row = readBody(state, body);
  answer.blob(row.head);
  answer.blob(row.data);
}

export function readBody(state: EngineState, body: number): BodyRow {
  state.rows.write();
  const row = state.sql.receive.body.get(body) as BodyRow | undefined;
  if (row === undefined) throw new GantryError('internal', `body ${body} is missing from the store: the file is damaged`);
  return row;
}

/** A delivery that was given before, as `held` shows it again. */
export function writeHeld(state: EngineState, queue: QueueState, slot: number, answer: PackedWriter): void {
  write(state, queue, slot, Number.POSITIVE_INFINITY, answer);
}
