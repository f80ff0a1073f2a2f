/**
 * Subscriptions outlive their topic for a while, in which they can be read [sqs-sns 2.2]; then they go, with what still waits
 * for their endpoints. So does one that nobody confirmed in time, and one that ended and was not taken back.
 */
import type { Store } from '../../../storage/store.ts';
import type { Timer } from '../../model/clock.ts';
import { GantryError } from '../../model/errors.ts';
import type { Principal } from '../../model/principal.ts';
import { defaultNamespace } from '../../model/queue.ts';
import { inChunks } from '../in-chunks.ts';
import type { SubscriptionCatalogue } from './subscription-catalogue.ts';
import type { KnownSubscription } from './subscription-record.ts';
import type { SubscriptionIndex, TopicIndex } from './topic-index.ts';

export interface Sweep {
  start(): Promise<void>;
  stop(): void;
  /** A topic is no more. */
  soon(): void;
  /** Every subscription. */
  all(by: string): Promise<void>;
}

const soonMs = 60_000;
const everyMs = 3_600_000;
/** As long as the token of a confirmation is good [sqs-sns 2.4]. */
const unconfirmedMs = 3 * 86_400_000;

export interface SweepParts {
  readonly store: Store;
  readonly topics: TopicIndex;
  readonly subscriptions: SubscriptionIndex;
  readonly catalogue: SubscriptionCatalogue;
}

export function createSweep({ store, topics, subscriptions, catalogue }: SweepParts): Sweep {
  const { clock } = store;
  let timer: Timer | undefined;
  let isStopped = false;

  return {
    async start() {
      await sweep();
      wait(everyMs);
    },
    stop() {
      isStopped = true;
      timer?.cancel();
    },
    soon: () => wait(soonMs),
    all: (by) => inChunks([...subscriptions.all()], (subscription) => drop(by, subscription)),
  };

  function wait(ms: number): void {
    timer?.cancel();
    if (isStopped) return;
    timer = clock.after(ms, () => {
      void sweep();
      wait(everyMs);
    });
  }

  async function sweep(): Promise<void> {
    await inChunks([...subscriptions.all()].filter(isOver), (subscription) => drop('sweep', subscription));
  }

  function isOver({ address, topicId, state, stateSince }: KnownSubscription): boolean {
    if (topics.find(address.topic)?.id !== topicId) return true;
    return state !== 'confirmed' && stateSince + unconfirmedMs <= clock.now();
  }

  async function drop(by: string, { address }: KnownSubscription): Promise<void> {
    const principal: Principal = { name: by, account: defaultNamespace.account, isAnonymous: false };
    try {
      await catalogue.drop(principal, address, undefined);
    } catch (error) {
      if (!(error instanceof GantryError)) throw error; // Gone already, or the next sweep's.
    }
  }
}
