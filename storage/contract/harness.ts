import type { Clock } from '../../src/model/clock.ts';
import type { Store } from '../store.ts';

/** A clock that a test moves; every delay, lease, window and expiry of the store follows it. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

/** What an engine's own test hands to the suite: one started store in a world of its own. */
export interface StoreHarness {
  readonly store: Store;
  readonly clock: TestClock;
  /** Loses whatever was not on disk, as a `kill -9` does, and starts a new store on what is left. */
  crash(): Promise<Store>;
  /** Stops the store and starts a new one on the same data. */
  reopen(): Promise<Store>;
  /** Where `backup` may write, and a started store on what it wrote there. */
  readonly backupPath: string;
  openBackup(): Promise<Store>;
  /** Stops everything and removes what is on disk. */
  dispose(): Promise<void>;
}
export type OpenStore = () => Promise<StoreHarness>;

/** What an engine cannot do yet, with the reason, which becomes part of the names of the skipped cases. */
export type Lacks = Partial<Record<'backup', string>>;
