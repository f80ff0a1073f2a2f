import type { Change, ChangeResult, Store } from '../../../storage/store.ts';
import { assert } from '../../model/assert.ts';
import type { GantryError } from '../../model/errors.ts';
import { commitResults } from '../commit-result.ts';
import type { Events } from '../events.ts';
import { othersTurn } from '../others-turn.ts';
import { messageBytes } from '../validate.ts';
import type { Envelopes } from './envelopes.ts';
import { type FanOut, isThere, type Plan, sizeOf, sliceMax } from './fan-out.ts';
import { hasListener, type Told, tellAppended } from './tell-appended.ts';

export interface Deliver {
  /**
   * Commits plans, each a batch of its own, in their order.
   * @returns for each what it was refused with; undefined: it is on disk
   */
  each(plans: readonly Plan[], told: Told): Promise<readonly (GantryError | undefined)[]>;
  /**
   * All in one batch, with what is given besides: where a later one must not be there without an earlier one.
   * @returns what it was refused with; undefined: it is on disk
   */
  together(plans: readonly Plan[], told: Told, besides: readonly Change[]): Promise<GantryError | undefined>;
}

export interface DeliverParts {
  readonly store: Store;
  readonly events: Events;
  readonly fanOut: FanOut;
  readonly envelopes: Envelopes;
}

type Changes = readonly Change[];

export function createDeliver({ store, events, fanOut, envelopes }: DeliverParts): Deliver {
  return {
    async each(plans, told) {
      const made = changesOfAll(plans);
      const all = made instanceof Promise ? await made : made;
      const batches = all.flatMap((changes) => (changes.length === 0 ? [] : { changes, durability: 'disk' as const }));
      const results = batches.length === 0 ? [] : await commitResults(store, batches);
      const again: Plan[] = [];
      const errors: (GantryError | undefined)[] = [];
      let next = 0;
      for (const [at, plan] of plans.entries()) {
        const changes = all[at] ?? [];
        // Nobody wants it where there are none.
        const result = changes.length === 0 ? undefined : results[next++];
        assert(changes.length === 0 || result !== undefined, 'each batch has its result');
        errors.push(result?.ok === false ? result.error : undefined);
        if (result?.ok !== true) continue;
        done(plan, changes, result.changes, told, again);
        if (sizeOf(plan) >= sliceMax) await othersTurn();
      }
      await bury(again, told);
      if (isHeard()) tellNotified(plans.filter((_, at) => errors[at] === undefined));
      return errors;
    },

    async together(plans, told, besides) {
      const made = changesOfAll(plans);
      const all = made instanceof Promise ? await made : made; // In the turn in which they were planned, where it can be.
      const [result] = await commitResults(store, [{ changes: [...all.flat(), ...besides], durability: 'disk' }]);
      assert(result !== undefined, 'each batch has its result');
      if (!result.ok) return result.error;
      const again: Plan[] = [];
      let from = 0;
      for (const [at, plan] of plans.entries()) {
        const changes = all[at] ?? [];
        done(plan, changes, result.changes.slice(from, from + changes.length), told, again);
        from += changes.length;
        if (sizeOf(plan) >= sliceMax) await othersTurn();
      }
      await bury(again, told);
      if (isHeard()) tellNotified(plans);
      return undefined;
    },
  };

  function isHeard(): boolean {
    return events.has('notified') || events.has('replayed') || events.has('archived');
  }

  /** Without a signature to wait for, the batches leave in the turn of the call. */
  function changesOfAll(plans: readonly Plan[]): readonly Changes[] | Promise<readonly Changes[]> {
    const made = plans.map((plan) => fanOut.changesOf(plan));
    return made.some((each) => each instanceof Promise) ? Promise.all(made) : made.filter(isThere);
  }

  function done(plan: Plan, changes: Changes, results: readonly ChangeResult[], told: Told, again: Plan[]): void {
    const rest = fanOut.settle(plan, results);
    if (rest !== undefined) again.push(rest);
    if (hasListener(events)) tellAppended({ clock: store.clock, events, envelopes }, plan, changes, results, told);
  }

  /** Into dead-letter queues what found no queue any more. */
  async function bury(plans: readonly Plan[], told: Told): Promise<void> {
    if (plans.length === 0) return;
    const all = await changesOfAll(plans);
    const results = await commitResults(
      store,
      all.map((changes) => ({ changes, durability: 'disk' })),
    );
    for (const [at, plan] of plans.entries()) {
      const result = results[at];
      if (result?.ok === true) done(plan, all[at] ?? [], result.changes, told, []);
      else for (const { targets } of plan.shares) plan.counts.deadLetterFailed += targets.length;
    }
  }

  function tellNotified(plans: readonly Plan[]): void {
    for (const { topic, message, counts } of plans) {
      const { delivered, failed } = counts;
      const about = { at: store.clock.now(), topic: topic.address };
      if (message.isReplayed) events.tell('replayed', { ...about, delivered, failed });
      else events.tell('notified', { ...about, ...counts });
      if (topic.archiveId !== undefined && !message.isReplayed) {
        events.tell('archived', { ...about, messages: 1, bytes: messageBytes({ ...message, delayMs: undefined }) });
      }
    }
  }
}
