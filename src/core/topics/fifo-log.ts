/**
 * The log of a FIFO topic is a hidden strict queue. A publish is stored in it, which finds duplicates and gives the sequence
 * number, and is acknowledged; one drain takes the messages out in their order and commits each fan-out together with the
 * acknowledgement of its entry. A crash between the two leaves the entry, and the next start goes on there: whoever was
 * subscribed gets each message once, in the order of its group.
 */
import type { Change, Delivery, Store } from '../../../storage/store.ts';
import { decodeHead } from '../../model/head.ts';
import type { TopicAddress } from '../../model/topic.ts';
import type { Deliver } from './deliver.ts';
import type { Drains } from './drains.ts';
import type { FanOut, TakenMessage } from './fan-out.ts';
import { Passages } from './passages.ts';
import type { TopicIndex } from './topic-index.ts';
import type { KnownTopic } from './topic-record.ts';

export interface FifoLogs {
  /** Keeps up with the records. */
  change(before: KnownTopic | undefined, after: KnownTopic | undefined): void;
  /**
   * Settles when the message of this sequence was handed on to the subscribers. It is safe already, so that this waits for a
   * moment only: when the store takes nothing now, the message is handed on later.
   * @param isDuplicate of one that may have been handed on long ago
   */
  passed(topic: KnownTopic, sequence: number, isDuplicate: boolean): Promise<void>;
}

const inFlightMax = 100;

export interface FifoLogParts {
  readonly store: Store;
  readonly topics: TopicIndex;
  readonly fanOut: FanOut;
  readonly deliver: Deliver;
  readonly drains: Drains;
}

export function createFifoLogs({ store, topics, fanOut, deliver, drains }: FifoLogParts): FifoLogs {
  const logs = new Map<number, Passages>();

  return {
    change(before, after) {
      if (before?.logId !== undefined && before.logId !== after?.logId) {
        drains.remove(before.logId);
        logs.get(before.logId)?.end();
        logs.delete(before.logId);
      }
      if (after?.logId === undefined || logs.has(after.logId)) return;
      const passages = new Passages(store.clock);
      logs.set(after.logId, passages);
      drains.add({
        queue: after.logId,
        kind: () => 'log',
        inFlightMax: () => inFlightMax,
        handle: (deliveries) => handOn(after.address, passages, deliveries),
      });
    },
    async passed({ logId }, sequence, isDuplicate) {
      if (logId !== undefined) await logs.get(logId)?.of(sequence, isDuplicate);
    },
  };

  /**
   * In one commit: one that failed alone would be overtaken by the next of its group, for what is handed out here is all that
   * a group has in flight. @throws GantryError they come again
   */
  async function handOn(address: TopicAddress, passages: Passages, deliveries: readonly Delivery[]): Promise<void> {
    const topic = topics.find(address);
    if (topic === undefined || topic.logId !== deliveries[0]?.queue) return; // Dropped, and its log with it.
    const made = fanOut.plan(topic, deliveries.map(takenOf));
    const plans = made instanceof Promise ? await made : made;
    const told = { principal: 'sns.amazonaws.com', origin: undefined };
    const error = await deliver.together(plans, told, deliveries.map(ackOf));
    if (error !== undefined) throw error;
    for (const { pos } of deliveries) passages.done(pos);
  }
}

function ackOf({ queue, receipt }: Delivery): Change {
  return { do: 'settle', queue, receipt, as: { type: 'ack' } };
}

function takenOf({ id, head, body, pos, note, appendedAt }: Delivery): TakenMessage {
  const { headers, properties } = decodeHead(head);
  return {
    ...{ id, headers, properties, body: body instanceof Uint8Array ? body : new Uint8Array(), bodies: noBodies },
    ...{ sentAt: headers.sentAt ?? appendedAt, sequence: pos, isReplayed: false },
    baseUrl: note === undefined ? undefined : Buffer.from(note).toString(),
  };
}

const noBodies: ReadonlyMap<string, Uint8Array> = new Map();
