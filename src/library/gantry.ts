import type { Faults } from '../server/faults/faults.ts';

/** A broker in this process. */
export interface Gantry extends AsyncDisposable {
  /** Of the first HTTP listener: `http://127.0.0.1:41233`. */
  readonly endpoint: string;
  readonly port: number;
  /** Every address that it listens on, by protocol; empty: off. */
  readonly listeners: Readonly<Record<string, readonly string[]>>;
  /**
   * What a child process needs to find the broker, and an SDK in this one: `AWS_ENDPOINT_URL`, a region, and credentials (of the
   * first user who has an access key; without users any will do).
   */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Accepts nothing more, answers waiting receives empty, lets requests in flight finish (at most `shutdownTimeoutMs`) and
   * closes the store. Nothing is left: no handle, no thread, no file but those in `dataDir`. Harmless twice.
   */
  stop(): Promise<void>;
  /**
   * Drops every topic with its subscriptions and every queue with everything in it (messages, move tasks, deduplication
   * windows, counts), and takes away every fault. Waiting receives end as they do when their queue is deleted. The time stays what it was moved to.
   */
  reset(): Promise<void>;
  /**
   * Moves the broker's clock on by so many milliseconds, at once: visibility timeouts, delays, retention, deduplication windows
   * and long polls that end by then have ended when it settles. Signatures and policies go by the machine's clock.
   * @throws GantryError `invalid-argument`: not whole, negative, or more than a hundred years in all
   */
  advance(ms: number): Promise<void>;
  /** Requests that go wrong because a test wants it. */
  readonly faults: Faults;
}
