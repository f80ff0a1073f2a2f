import type { Delivery, ReceiveRequest, Store } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';
import type { Principal } from '../model/principal.ts';
import type { Queue } from '../model/queue.ts';
import type { Authorize } from './authorize.ts';
import { requireAllowed } from './authorize.ts';
import type { Cancellation } from './cancellation.ts';
import { commitResult } from './commit-result.ts';
import type { Dispatcher } from './dispatch.ts';
import type { Events } from './events.ts';
import { limits } from './limits.ts';
import type { QueueIndex } from './queue-index.ts';

export interface ReceiveOptions {
  readonly deliveriesMax: number;
  /** Milliseconds; undefined: the queue's own lease. */
  readonly leaseMs: number | undefined;
  /** Milliseconds, 0: do not wait; undefined: the queue's own wait. */
  readonly waitMs: number | undefined;
  readonly attempt?: string;
  /** Ends the wait with `[]`; what is on its way to a cancelled receive goes back, uncounted. */
  readonly cancellation?: Cancellation;
}

export type Receive = (principal: Principal, queue: Queue, options: ReceiveOptions) => Promise<readonly Delivery[]>;

export interface ReceiveParts {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly events: Events;
  readonly index: QueueIndex;
  readonly dispatcher: Dispatcher;
}

const nothing: readonly Delivery[] = [];

export function createReceive({ store, authorize, events, index, dispatcher }: ReceiveParts): Receive {
  return async function receive(principal, queue, options) {
    requireAllowed(authorize, principal, 'receive', queue.address);
    const { cancellation } = options;
    if (cancellation?.isCancelled) return nothing;
    const request = toRequest(queue, options);
    const waitMs = clamp(options.waitMs ?? queue.attributes.receiveWaitMs, 0, limits.waitMsMax);
    const deliveries =
      waitMs === 0 ? await store.receive(request) : await dispatcher.receive(request, waitMs, cancellation);
    if (cancellation?.isCancelled) {
      if (deliveries.length > 0) await handBack(deliveries);
      return nothing;
    }
    if (deliveries.length > 0) tellDelivered(principal, queue, deliveries.length);
    else if (index.findById(queue.id) === undefined) throw dropped(queue);
    else if (events.has('empty-receive')) events.tell('empty-receive', { at: store.clock.now(), queue: queue.address });
    return deliveries;
  };

  /** Nobody has seen them. If it fails, or the process ends before it, they come back when their lease does. */
  async function handBack(deliveries: readonly Delivery[]): Promise<void> {
    const changes = deliveries.map(
      ({ queue, receipt }) => ({ do: 'settle', queue, receipt, as: { type: 'release', isCounted: false } }) as const,
    );
    await commitResult(store, { changes, durability: 'memory' });
  }

  function tellDelivered(principal: Principal, queue: Queue, messages: number): void {
    if (!events.has('delivered')) return;
    events.tell('delivered', { at: store.clock.now(), queue: queue.address, messages, principal: principal.name });
  }
}

function toRequest(queue: Queue, { deliveriesMax, leaseMs, attempt }: ReceiveOptions): ReceiveRequest {
  const request = {
    queue: queue.id,
    lease: { forMs: clamp(leaseMs ?? queue.attributes.leaseMs, 0, limits.leaseMsMax) },
    deliveriesMax: clamp(deliveriesMax, 1, limits.deliveriesMax),
    durability: 'memory', // A receive that a crash forgets only shows its messages again, early.
  } as const;
  return attempt === undefined ? request : { ...request, attempt };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(Math.trunc(value), min), max);
}

function dropped({ address }: Queue): GantryError {
  return new GantryError('not-found', `queue "${address.name}" does not exist any more`, { resource: address.name });
}
