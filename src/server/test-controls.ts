import type { Store } from '../../storage/store.ts';
import type { Broker } from '../core/broker.ts';
import { GantryError } from '../model/errors.ts';
import type { FaultsService } from './faults/faults.ts';
import type { MovableClock } from './movable-clock.ts';

/** What tests do to a broker. Each throws GantryError `unavailable` while the broker does not run. */
export interface TestControls {
  /** Drops every queue with everything in it, and takes away every fault. Users stay: tests sign in as them. The time stays what it was moved to. */
  reset(): Promise<void>;
  /**
   * Moves the broker's clock on: what ends by then (leases, delays, retention, deduplication windows, waits) has ended when it
   * settles. Signatures and policies go by the wall clock, which stays.
   * @throws GantryError `invalid-argument`
   */
  advance(ms: number): Promise<void>;
  readonly faults: FaultsService;
}

interface TestControlsParts {
  readonly clock: MovableClock;
  readonly faults: FaultsService;
  /** Undefined while the server does not run. */
  running(): { readonly broker: Broker; readonly store: Store } | undefined;
}

/** Who is named in the events. */
const by = 'test-controls';

export function createTestControls({ clock, faults, running }: TestControlsParts): TestControls {
  function requireRunning() {
    const found = running();
    if (found === undefined) throw new GantryError('unavailable', 'the broker does not run');
    return found;
  }

  return {
    faults,
    async reset() {
      const { broker } = requireRunning();
      faults.clear();
      await broker.reset(by);
    },
    async advance(ms) {
      const { store } = requireRunning();
      clock.advance(ms);
      await store.tallies([]); // Any answer of the store: what it was asked with told it the time.
    },
  };
}
