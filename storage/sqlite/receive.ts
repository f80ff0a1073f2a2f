import { GantryError } from '../../src/model/errors.ts';
import { rememberAttempt, repeatAttempt } from './attempts.ts';
import { BodyReader } from './bodies.ts';
import { deadLetter, deadLetterOf } from './dead-letter.ts';
import type { EngineState } from './engine-state.ts';
import { noSlot, stateLeased, stateWaiting } from './entries.ts';
import { expireSlot, isExpired } from './expire.ts';
import { PlainWindow } from './plain-window.ts';
import {
  deliveryHasBody,
  deliveryHasNote,
  deliveryHasOrigin,
  deliveryHasTag,
  deliveryIsRedelivered,
  type PackedWriter,
  type ReceiveOp,
} from './post.ts';
import type { QueueState } from './queue-state.ts';
import { makeRoom } from './room.ts';
import { StrictWindow } from './strict-window.ts';
import type { Window } from './window.ts';

/** Expired entries, and those delivered often enough, that one receive takes out of its way: some five milliseconds. */
const goneAtOnce = 500;
/** Written ahead, so that after a crash only these may have been handed out without a trace. */
const handedStep = 1_000;

/** Gives what can be given now, under a lease; nothing from a queue or to a consumer that is gone. @throws GantryError `limit-exceeded` */
export function receive(state: EngineState, op: ReceiveOp, bodyFloor: number, answer: PackedWriter): void {
  const queue = state.queues.get(op.queue as QueueState['id']);
  const holder = holderOf(state, op);
  if (queue === undefined || holder === undefined) return answer.u16(0);
  const room = roomFor(queue);
  queue.receivedAt = state.now;
  openWindow(state, queue);
  const isRepeatable = op.attempt !== '' && queue.isStrict && op.forMs !== undefined;
  const again = isRepeatable ? repeatAttempt(state, queue, op.attempt, op.forMs ?? 0) : undefined;
  const slots = again ?? give(state, queue, op, holder, room);
  if (isRepeatable && again === undefined) rememberAttempt(state, queue, op.attempt, slots);
  answer.u16(slots.length);
  writeAll(state, queue, slots, bodyFloor, answer);
  if (op.isDurable && slots.length > 0) {
    state.flushAt = state.now; // With this group.
    state.mustCommit = true;
  }
}

/** 0: a timed lease needs none; undefined: the consumer is gone. */
function holderOf(state: EngineState, op: ReceiveOp): number | undefined {
  return op.forMs === undefined ? state.consumers.get(op.consumer)?.holder : 0;
}

function roomFor(queue: QueueState): number {
  const { leasedMax, leasedMaxAs } = queue.settings;
  if (leasedMax === undefined) return Number.POSITIVE_INFINITY;
  if (queue.leased >= leasedMax && leasedMaxAs === 'error') {
    throw new GantryError(
      'limit-exceeded',
      `the queue has ${queue.leased} messages in flight, ${leasedMax} are allowed`,
    );
  }
  return Math.max(0, leasedMax - queue.leased);
}

function openWindow(state: EngineState, queue: QueueState): Window {
  makeRoom(state, queue);
  queue.window ??= queue.isStrict ? new StrictWindow(state, queue) : new PlainWindow(state, queue);
  return queue.window;
}

function give(state: EngineState, queue: QueueState, op: ReceiveOp, holder: number, room: number): number[] {
  const window = openWindow(state, queue);
  const isForHolder = holder !== 0;
  const most = Math.min(op.deliveriesMax, room);
  const slots: number[] = [];
  const stillWaiting: number[] = [];
  let leftOver = noSlot;
  let gone = 0;
  let bytes = 0;
  let isFull = most === 0;
  for (let looked = 1; looked > 0 && !isFull && gone < goneAtOnce; ) {
    looked = 0;
    window.refill(isForHolder);
    while (slots.length < most) {
      const slot = window.next(isForHolder);
      if (slot === noSlot) break;
      looked++;
      if (isGone(state, queue, slot)) {
        if (++gone < goneAtOnce) continue;
        break;
      }
      bytes += state.entries.size[slot] as number;
      isFull = op.bytesMax > 0 && slots.length > 0 && bytes > op.bytesMax;
      if (isFull) {
        leftOver = slot;
        break;
      }
      lease(state, queue, slot, op, holder, slots.length);
      if (state.entries.state[slot] === stateWaiting) stillWaiting.push(slot);
      slots.push(slot);
    }
    if (slots.length === most) isFull = true;
  }
  window.done(stillWaiting, leftOver);
  if (gone === goneAtOnce) state.ready.add(queue); // There may be more behind them: whoever waits asks again.
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
  if (deliveryCountMax === undefined || state.countedOf(slot) < deliveryCountMax) return false;
  const to = deadLetterOf(state, queue);
  if (to === undefined) return false; // Nowhere to go: it stays, rather than be lost.
  deadLetter(state, queue, slot, to, 'delivery count');
  return true;
}

function lease(
  state: EngineState,
  queue: QueueState,
  slot: number,
  op: ReceiveOp,
  holder: number,
  index: number,
): void {
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
  state.watchLease(slot);
}

function writeAll(
  state: EngineState,
  queue: QueueState,
  slots: readonly number[],
  bodyFloor: number,
  answer: PackedWriter,
): void {
  const bodies = new BodyReader(state, slots, bodyFloor);
  for (const [index, slot] of slots.entries()) {
    if (writeAllButBody(state, queue, slot, bodyFloor, answer)) bodies.write(index, answer);
  }
}

/** @returns whether the body has to follow */
function writeAllButBody(
  state: EngineState,
  queue: QueueState,
  slot: number,
  bodyFloor: number,
  answer: PackedWriter,
): boolean {
  const { entries } = state;
  const body = Math.abs(entries.body[slot] as number);
  const count = entries.count[slot] as number;
  const deliveries = state.deliveriesOf(slot);
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
  return hasBody;
}

/** A delivery that was given before, as `held` shows it again. */
export function writeHeld(state: EngineState, queue: QueueState, slot: number, answer: PackedWriter): void {
  writeAll(state, queue, [slot], Number.POSITIVE_INFINITY, answer);
}
