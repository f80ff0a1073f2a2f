/** The last step of a receive, whether it waited or not: from what the store gave to what the consumer gets. */
import type { Delivery, Store } from '../../storage/store.ts';
import type { Instant } from '../model/clock.ts';
import type { Principal } from '../model/principal.ts';
import type { Queue } from '../model/queue.ts';
import type { Cancellation } from './cancellation.ts';
import { commitResults } from './commit-result.ts';
import type { Events } from './events.ts';
import type { Origin } from './origin.ts';
import type { Envelopes } from './topics/envelopes.ts';
import { createPresentInTurns, isForTurns } from './topics/present-in-turns.ts';
import { presentAll } from './topics/presented.ts';

/** Who receives, from where. */
export interface Receiver {
  readonly principal: Principal;
  readonly queue: Queue;
  readonly cancellation: Cancellation | undefined;
  readonly origin: Origin | undefined;
  /** 0 while nobody listens. */
  readonly askedAt: Instant;
}

/** What went to a receiver that was cancelled goes back; the others are told of and passed on. */
export type HandOver = (
  receiver: Receiver,
  deliveries: readonly Delivery[],
) => readonly Delivery[] | Promise<readonly Delivery[]>;

export function createHandOver(store: Store, events: Events, envelopes: Envelopes): HandOver {
  const presentInTurns = createPresentInTurns(envelopes);

  return (receiver, stored) => {
    if (receiver.cancellation?.isCancelled) return stored.length === 0 ? stored : handBack(stored);
    return isForTurns(stored) ? handOverInTurn(receiver, stored) : pass(receiver, presentAll(stored, envelopes));
  };

  async function handOverInTurn(receiver: Receiver, stored: readonly Delivery[]): Promise<readonly Delivery[]> {
    const deliveries = await presentInTurns(stored);
    return receiver.cancellation?.isCancelled ? handBack(stored) : pass(receiver, deliveries);
  }

  function pass(receiver: Receiver, deliveries: readonly Delivery[]): readonly Delivery[] {
    const {
      principal,
      queue: { address },
    } = receiver;
    if (deliveries.length === 0) {
      if (events.has('empty-receive')) events.tell('empty-receive', { at: store.clock.now(), queue: address });
    } else {
      if (events.has('delivered')) {
        const messages = deliveries.length;
        events.tell('delivered', { at: store.clock.now(), queue: address, messages, principal: principal.name });
      }
      if (events.has('messages-delivered')) tellMessages(receiver, deliveries);
    }
    return deliveries;
  }

  function tellMessages({ principal, queue, origin, askedAt }: Receiver, deliveries: readonly Delivery[]): void {
    const at = store.clock.now();
    events.tell('messages-delivered', {
      ...{ at, askedAt: askedAt || at },
      ...{ queue: queue.address, principal: principal.name, origin, deliveries },
    });
  }

  /** Nobody has seen them. If it fails, or the process ends before it, they come back when their lease does. */
  async function handBack(deliveries: readonly Delivery[]): Promise<readonly Delivery[]> {
    const changes = deliveries.map(
      ({ queue, receipt }) => ({ do: 'settle', queue, receipt, as: { type: 'release', isCounted: false } }) as const,
    );
    await commitResults(store, [{ changes, durability: 'memory' }]);
    return [];
  }
}
