import type { Store } from '../../storage/store.ts';
import type { Action, Principal } from '../model/principal.ts';
import type { QueueAddress, QueueId } from '../model/queue.ts';
import type { Random } from '../model/random.ts';
import type { Authorize } from './authorize.ts';
import { findRefusal, requireAllowed, requireAllowedAtLarge } from './authorize.ts';
import type { Browse } from './browse.ts';
import { createBrowse } from './browse.ts';
import type { Catalogue } from './catalogue.ts';
import { createCatalogue } from './catalogue.ts';
import { createDispatcher } from './dispatch.ts';
import { createDocuments, type DocumentsService } from './documents.ts';
import type { Events } from './events.ts';
import { createEvents } from './events.ts';
import { createHandOver } from './hand-over.ts';
import type { MoveTasks } from './move-tasks.ts';
import { createMoveTasks } from './move-tasks.ts';
import type { Carry } from './origin.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import type { Publish } from './publish.ts';
import { createPublish } from './publish.ts';
import { QueueIndex } from './queue-index.ts';
import type { Receive } from './receive.ts';
import { createReceive } from './receive.ts';
import type { Settle } from './settle.ts';
import { createSettle } from './settle.ts';
import { bareEnvelopes, type Envelopes } from './topics/envelopes.ts';
import { createTopics, type Topics } from './topics/topics.ts';

export { Cancellation } from './cancellation.ts';
export type { DocumentKind, Documents } from './documents.ts';
export type { EventMap, Events } from './events.ts';
export type { MoveTask } from './move-task-record.ts';
export type { Carried, Carry, Origin } from './origin.ts';
export type { OutgoingMessage } from './outgoing-message.ts';
export type { PublishResult } from './publish.ts';
export type { ReceiveOptions } from './receive.ts';
export type { Settlement, SettleResult } from './settle.ts';
export type { Envelopes, PublishedMessage, SealContext } from './topics/envelopes.ts';
export type { TopicMessage, TopicPublishResult } from './topics/publish-topic.ts';
export type { Push, PushGateway } from './topics/push.ts';
export type { PushFailure } from './topics/push-failures.ts';
export type { ReplayState } from './topics/replay-record.ts';
export type { ReplaySpan } from './topics/replays.ts';

/** The routing core: verbs over one store. Protocols talk to nothing else. */
export interface Broker {
  start(): Promise<void>;
  /** Waiting receives are answered empty; harmless twice. The store is its owner's to stop. */
  stop(): Promise<void>;
  /**
   * Drops every topic, what adapters keep, and every queue with everything in it: messages, move tasks, deduplication windows, counts. Waiting receives end with
   * `not-found`, as for a drop; a request under way comes before it or finds no queue. A queue that is made meanwhile may
   * stay. Durable when it settles. Asks no permission.
   * @param by who is named in the events
   */
  reset(by: string): Promise<void>;
  readonly catalogue: Catalogue;
  readonly events: Events;
  /**
   * For what a protocol only reads: a queue's attributes, tags, counts, its name in a list.
   * @throws GantryError `access-denied`
   */
  requireAllowed(principal: Principal, action: Action, queue: QueueAddress): void;
  /**
   * For what is about no queue or topic: a message to a telephone. Policies allow it on `*`.
   * @throws GantryError `access-denied`
   */
  requireAllowedAtLarge(principal: Principal, action: Action): void;
  /** `requireAllowed` as a question. */
  mayBrowse(principal: Principal, queue: QueueAddress): boolean;
  /** Receives that wait for a message now. */
  waiting(): number;
  /** Answers them empty: rights have changed, and each is judged anew when its client asks again. */
  endWaits(): void;
  /**
   * Takes messages for one queue, each a batch of its own: one bad message spoils no other. Results in the order given,
   * settled after the commit (durability `disk`). Fills in id, `sentAt`, and the dedup id where the queue is deduplicated by content
   * (SHA-256 hex of the body).
   * @throws GantryError `access-denied`
   */
  readonly publish: Publish;
  /**
   * Hands up to `deliveriesMax` visible messages to a consumer under a timed lease; waits up to `waitMs` for the first.
   * @returns oldest first; in a FIFO queue never two consumers in one message group; `[]` when the wait ends
   * @throws GantryError `access-denied`, `limit-exceeded`, `not-found` when the queue is dropped while waiting
   */
  readonly receive: Receive;
  /**
   * Settles deliveries, each a batch of its own. Results in the order given, after the commit.
   * @throws GantryError `access-denied`
   */
  readonly settle: Settle;
  /** Tasks that move what waits in a queue. */
  readonly moves: MoveTasks;
  /**
   * Shows messages as they lie in their queue, in delivery order, and leaves no trace: no count, no lease.
   * @throws GantryError `access-denied`: who may not receive may not read
   */
  readonly browse: Browse;
  readonly topics: Topics;
  /** What an adapter keeps besides queues and topics. Asks no permission. */
  readonly documents: DocumentsService['of'];
  /** What goes to people. Asks no permission. */
  readonly outbox: Outbox;
}

export interface BrokerDependencies {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly random: Random;
  /** Deliveries of one queue in flight at a time; beyond it a receive gets nothing, or is refused; default no limit. */
  readonly leasedMax?: number | undefined;
  /** Where traces are on: what messages carry on of them. */
  readonly carry?: Carry | undefined;
  /** Who makes the envelopes of published messages; default: subscribers get them bare. */
  readonly envelopes?: Envelopes | undefined;
  /** Replays of archives that run at a time in one account. */
  readonly replaysMax?: number | undefined;
}

/** Once started and stopped it stays stopped: a new one is made for a new start. */
export function createBroker(dependencies: BrokerDependencies): Broker {
  const { store, authorize, random, leasedMax, carry, envelopes = bareEnvelopes, replaysMax } = dependencies;
  const events = createEvents();
  const index = new QueueIndex();
  const handOver = createHandOver(store, events, envelopes);
  const isKnown = (queue: QueueId) => index.findById(queue) !== undefined;
  const dispatcher = createDispatcher({ store, handOver, isKnown });
  const onDropped = dispatcher.drop;
  const catalogue = createCatalogue({ store, authorize, events, index, leasedMax, onDropped });
  const moves = createMoveTasks({ store, authorize, random, index });
  const topics = createTopics({ store, authorize, random, events, queues: index, envelopes, replaysMax });
  const documents = createDocuments(store);
  const outbox = createOutbox({ store, random, documents });
  return {
    async start() {
      dispatcher.start();
      await catalogue.start();
      await documents.start();
      await topics.start();
      await moves.resume();
    },
    async stop() {
      dispatcher.stop();
      await moves.stop();
      await topics.stop();
      await documents.stop();
      await catalogue.stop();
    },
    async reset(by) {
      await topics.reset(by);
      await outbox.reset();
      await documents.reset();
      await catalogue.dropAll(by);
      await moves.endOrphans();
      if (events.has('reset')) events.tell('reset', { at: store.clock.now(), principal: by });
    },
    catalogue,
    topics,
    documents: documents.of,
    outbox,
    events,
    requireAllowed: (principal, action, queue) => requireAllowed(authorize, principal, action, queue),
    requireAllowedAtLarge: (principal, action) => requireAllowedAtLarge(authorize, principal, action),
    mayBrowse: (principal, queue) => findRefusal(authorize, principal, 'browse', queue) === undefined,
    waiting: dispatcher.waiting,
    endWaits: dispatcher.endWaits,
    publish: createPublish({ store, authorize, random, events, index, carry }),
    receive: createReceive({ store, authorize, index, dispatcher, handOver, events }),
    settle: createSettle({ store, authorize, events }),
    moves,
    browse: createBrowse(store, authorize, envelopes),
  };
}
