import type { EngineState } from './engine-state.ts';
import { noSlot, stateLeased } from './entries.ts';
import type { QueueState } from './queue-state.ts';

const attemptMs = 5 * 60_000;

/** What a receive was given: positions, and the ends of their leases, for any other end shows that somebody touched one. */
interface Given {
  readonly positions: readonly number[];
  readonly due: number;
}

/**
 * The same deliveries for the same attempt id, their leases anew, while nothing has touched them
 * [SQS ReceiveRequestAttemptId]. Undefined: a new receive is called for.
 */
export function repeatAttempt(state: EngineState, queue: QueueState, id: string, forMs: number): number[] | undefined {
  const row = state.sql.receive.attempt.get(queue.life, id) as { until: number; given: string } | undefined;
  if (row === undefined || row.until <= state.now) return undefined;
  const given = JSON.parse(row.given) as Given;
  queue.window?.refill(false); // After a restart what is leased is on disk only.
  const slots = given.positions.map((pos) => state.entries.find(queue.index, pos));
  if (slots.length === 0 || !slots.every((slot) => isUntouched(state, slot, given.due))) return undefined;
  const due = state.now + forMs;
  for (const slot of slots) {
    state.entries.due[slot] = due;
    state.markDirty(slot);
    state.watchLease(slot);
  }
  write(state, queue, id, row.until, { positions: given.positions, due });
  return slots;
}

export function rememberAttempt(state: EngineState, queue: QueueState, id: string, slots: readonly number[]): void {
  const [first] = slots;
  if (first === undefined) return;
  const positions = slots.map((slot) => state.entries.pos[slot] as number);
  write(state, queue, id, state.now + attemptMs, { positions, due: state.entries.due[first] as number });
}

/** Old ones, now and then. */
export function forgetAttempts(state: EngineState): void {
  state.begin();
  state.sql.receive.attemptsForget.run(state.now);
}

function isUntouched(state: EngineState, slot: number, due: number): boolean {
  const { entries } = state;
  return slot !== noSlot && entries.state[slot] === stateLeased && entries.due[slot] === due && due > state.now;
}

function write(state: EngineState, queue: QueueState, id: string, until: number, given: Given): void {
  state.begin();
  state.sql.receive.attemptPut.run(queue.life, id, until, JSON.stringify(given));
}
