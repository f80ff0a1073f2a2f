import type { Tally } from '../../storage/store.ts';
import type { Principal } from '../model/principal.ts';
import type { Namespace, Queue, QueueAddress, QueueAttributes, QueueId, QueueKind } from '../model/queue.ts';

/** What queues there are: records of the store, kept in memory, current on every node. */
export interface Catalogue {
  /** Without asking the store; undefined when there is none. Asks no permission: the verb that follows does. */
  find(address: QueueAddress): Queue | undefined;
  findById(id: QueueId): Queue | undefined;
  /** In name order, those whose name begins with `prefix`, after the name `after`. */
  list(namespace: Namespace, prefix: string, after: string | undefined, max: number): readonly Queue[];
  /** Every queue of every namespace, in no order. */
  all(): Iterable<Queue>;
  /**
   * Makes the queue, durable when it settles.
   * @throws GantryError `access-denied`, `already-exists` (also when two creates race: exactly one wins)
   */
  create(principal: Principal, queue: NewQueue): Promise<Queue>;
  /** Replaces what is given, leaves the rest. @throws GantryError `access-denied`, `not-found` */
  alter(principal: Principal, address: QueueAddress, change: QueueChange): Promise<Queue>;
  /** Waiting receives end with `not-found`. @throws GantryError `access-denied`, `not-found` */
  drop(principal: Principal, address: QueueAddress): Promise<void>;
  /** @throws GantryError `access-denied`, `not-found` */
  purge(principal: Principal, address: QueueAddress): Promise<void>;
  /** Exact for every commit answered before; in the order asked. */
  tallies(queues: readonly QueueId[]): Promise<readonly Tally[]>;
}
export interface NewQueue {
  readonly address: QueueAddress;
  readonly kind: QueueKind;
  readonly attributes: QueueAttributes;
  readonly extras: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}
export interface QueueChange {
  readonly attributes?: Partial<QueueAttributes>;
  readonly extras?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}
