import type { Change, Store } from '../../../storage/store.ts';
import { assert } from '../../model/assert.ts';
import type { GantryError } from '../../model/errors.ts';
import { commitResults } from '../commit-result.ts';
import type { Events } from '../events.ts';
import { type FanOut, isThere, type Plan } from './fan-out.ts';
import { hasListener, type Told, tellAppended } from './tell-appended.ts';

/**
 * Commits plans, each with what is given besides in one batch, in their order.
 * @param besides of each plan, after its own changes
 * @returns for each what it was refused with; undefined: it is on disk
 */
export type Deliver = (
  plans: readonly Plan[],
  told: Told,
  besides?: readonly Change[],
) => Promise<readonly (GantryError | undefined)[]>;

export interface DeliverParts {
  readonly store: Store;
  readonly events: Events;
  readonly fanOut: FanOut;
}

export function createDeliver({ store, events, fanOut }: DeliverParts): Deliver {
  return async function deliver(plans, told, besides = []) {
    const errors = await commitPlans(plans, told, besides);
    if (events.has('notified')) tellNotified(plans, errors);
    return errors;
  };

  async function commitPlans(plans: readonly Plan[], told: Told, besides: readonly Change[]) {
    const made = plans.map((plan) => fanOut.changesOf(plan));
    // Without a signature to wait for, the batches leave in the turn of the call.
    const all = made.some((each) => each instanceof Promise) ? await Promise.all(made) : made.filter(isThere);
    const changes = all.map((own, at) => {
      const besidesIt = besides[at];
      return besidesIt === undefined ? own : [...own, besidesIt];
    });
    const batches = changes.flatMap((own) => (own.length === 0 ? [] : { changes: own, durability: 'disk' as const }));
    const results = batches.length === 0 ? [] : await commitResults(store, batches);
    const again: Plan[] = [];
    let next = 0;
    const errors = plans.map((plan, at) => {
      if (changes[at]?.length === 0) return undefined;
      const result = results[next++];
      assert(result !== undefined, 'each batch has its result');
      if (!result.ok) return result.error;
      const rest = fanOut.settle(plan, result.changes);
      if (rest !== undefined) again.push(rest);
      if (hasListener(events)) tellAppended(store.clock, events, plan, result.changes, told);
      return undefined;
    });
    if (again.length > 0) await commitPlans(again, told, []);
    return errors;
  }

  function tellNotified(plans: readonly Plan[], errors: readonly (GantryError | undefined)[]): void {
    for (const [at, { topic, counts }] of plans.entries()) {
      if (errors[at] !== undefined) continue;
      events.tell('notified', { at: store.clock.now(), topic: topic.address, ...counts });
    }
  }
}
