/** Frugal: the hot path of every delete. One settlement makes one batch, one call one promise. Measured by bench/send. */
import type { Batch, BatchResult, Durability, Outcome, Receipt, Store } from '../../storage/store.ts';
import { assert } from '../model/assert.ts';
import type { Instant } from '../model/clock.ts';
import type { GantryError } from '../model/errors.ts';
import type { Principal } from '../model/principal.ts';
import type { Queue } from '../model/queue.ts';
import type { Authorize } from './authorize.ts';
import { requireAllowed } from './authorize.ts';
import { commitResults } from './commit-result.ts';
import type { Events } from './events.ts';
import type { Origin } from './origin.ts';

export interface Settlement {
  readonly receipt: Receipt;
  readonly outcome: Outcome;
}
/** `was` in the store's words; `unavailable` and its like as errors. */
export type SettleResult =
  | {
      readonly ok: true;
      readonly was: 'done' | 'gone' | 'expired' | 'not-leased' | 'over-limit' | 'other-queue' | 'invalid';
    }
  | { readonly ok: false; readonly error: GantryError };

export type Settle = (
  principal: Principal,
  queue: Queue,
  settlements: readonly Settlement[],
  durability: Durability,
  origin?: Origin,
) => Promise<readonly SettleResult[]>;

export interface SettleParts {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly events: Events;
}

/** One call, for those who listen. */
interface Asked {
  readonly principal: Principal;
  readonly queue: Queue;
  readonly origin: Origin | undefined;
  readonly askedAt: Instant;
}

const outcomes = ['ack', 'release', 'extend', 'reject'] as const satisfies readonly Outcome['type'][];

export function createSettle({ store, authorize, events }: SettleParts): Settle {
  return async function settle(principal, queue, settlements, durability, origin) {
    requireAllowed(authorize, principal, 'receive', queue.address);
    const askedAt = events.has('messages-settled') ? store.clock.now() : 0;
    const batches: Batch[] = [];
    for (const { receipt, outcome } of settlements) {
      batches.push({ changes: [{ do: 'settle', queue: queue.id, receipt, as: outcome }], durability });
    }
    const results = (await commitResults(store, batches)).map(toSettleResult);
    if (events.has('settled')) tellSettled(principal, queue, settlements, results);
    if (events.has('messages-settled')) tellMessages({ principal, queue, origin, askedAt }, settlements, results);
    return results;
  };

  /** One event a kind of outcome; what the store answered with anything but `done` has not happened. */
  function tellSettled(
    principal: Principal,
    queue: Queue,
    settlements: readonly Settlement[],
    results: readonly SettleResult[],
  ): void {
    for (const outcome of outcomes) {
      let messages = 0;
      for (const [at, result] of results.entries()) {
        if (result.ok && result.was === 'done' && settlements[at]?.outcome.type === outcome) messages++;
      }
      if (messages === 0) continue;
      const { address } = queue;
      events.tell('settled', { at: store.clock.now(), queue: address, outcome, messages, principal: principal.name });
    }
  }

  function tellMessages(
    { principal, queue, origin, askedAt }: Asked,
    settlements: readonly Settlement[],
    results: readonly SettleResult[],
  ): void {
    for (const outcome of outcomes) {
      const receipts: Receipt[] = [];
      for (const [at, { receipt, outcome: asked }] of settlements.entries()) {
        const result = results[at];
        if (result?.ok === true && result.was === 'done' && asked.type === outcome) receipts.push(receipt);
      }
      if (receipts.length === 0) continue;
      const at = store.clock.now();
      const told = { at, askedAt: askedAt || at, queue: queue.address, principal: principal.name, origin };
      events.tell('messages-settled', { ...told, outcome, receipts });
    }
  }
}

function toSettleResult(result: BatchResult): SettleResult {
  if (!result.ok) return { ok: false, error: result.error };
  const change = result.changes[0];
  assert(change?.did === 'settle', 'a settlement is answered as one');
  return { ok: true, was: change.was };
}
