/**
 * The log of a FIFO topic is a hidden strict queue. A publish is stored in it, which finds duplicates and gives the sequence
 * number, and is acknowledged; one drain takes the messages out in their order and commits each fan-out together with the
 * acknowledgement of its entry. A crash between the two leaves the entry, and the next start goes on there: whoever was
 * subscribed gets each message once, in the order of its group.
 */
import type { Change, Delivery, Store } from '../../../storage/store.ts';
import type { Timer } from '../../model/clock.ts';
import { decodeHead } from '../../model/head.ts';
import type { TopicAddress } from '../../model/topic.ts';
import type { Deliver } from './deliver.ts';
import type { Drains } from './drains.ts';
import type { FanOut, TakenMessage } from './fan-out.ts';
import type { TopicIndex } from './topic-index.ts';
import type { KnownTopic } from './topic-record.ts';

export interface FifoLogs {
  /** Keeps up with the records. */
  change(before: KnownTopic | undefined, after: KnownTopic | undefined): void;
  /**
   * Settles when the message of this sequence was handed on to the subscribers. It is safe already, so that this waits for a
   * moment only: when the store takes nothing now, the message is handed on later.
   */
  passed(topic: KnownTopic, sequence: number): Promise<void>;
}

interface Log {
  /** Of those handed on, the last. */
  last: number;
  readonly waiting: Set<Waiting>;
}
interface Waiting {
  readonly sequence: number;
  readonly timer: Timer;
  readonly go: () => void;
}

const inFlightMax = 100;
const passedMsMax = 5_000;

export interface FifoLogParts {
  readonly store: Store;
  readonly topics: TopicIndex;
  readonly fanOut: FanOut;
  readonly deliver: Deliver;
  readonly drains: Drains;
}

export function createFifoLogs({ store, topics, fanOut, deliver, drains }: FifoLogParts): FifoLogs {
  const logs = new Map<number, Log>();

  return {
    change(before, after) {
      if (before?.logId !== undefined && before.logId !== after?.logId) {
        drains.remove(before.logId);
        const log = logs.get(before.logId);
        logs.delete(before.logId);
        for (const each of log?.waiting ?? []) each.go();
      }
      if (after?.logId === undefined || logs.has(after.logId)) return;
      const log: Log = { last: -1, waiting: new Set() };
      logs.set(after.logId, log);
      drains.add({
        queue: after.logId,
        inFlightMax: () => inFlightMax,
        handle: (deliveries) => handOn(after.address, log, deliveries),
      });
    },
    passed({ logId }, sequence) {
      const log = logId === undefined ? undefined : logs.get(logId);
      if (log === undefined || log.last >= sequence) return Promise.resolve();
      return new Promise((resolve) => {
        const waiting: Waiting = { sequence, timer: store.clock.after(passedMsMax, go), go };
        log.waiting.add(waiting);

        function go(): void {
          waiting.timer.cancel();
          log?.waiting.delete(waiting);
          resolve();
        }
      });
    },
  };

  async function handOn(address: TopicAddress, log: Log, deliveries: readonly Delivery[]): Promise<void> {
    const topic = topics.find(address);
    const plans = topic === undefined ? [] : deliveries.map((delivery) => fanOut.plan(topic, takenOf(delivery)));
    const acks = deliveries.map(ackOf);
    const told = { principal: 'sns.amazonaws.com', origin: undefined };
    const errors = await deliver(plans, told, acks);
    const failed = deliveries.filter((_, at) => errors[at] !== undefined);
    if (failed.length > 0) await giveBack(failed);
    for (const [at, { pos }] of deliveries.entries()) if (errors[at] === undefined) log.last = Math.max(log.last, pos);
    for (const waiting of log.waiting) if (waiting.sequence <= log.last) waiting.go();
  }

  /** They come again a little later. */
  async function giveBack(deliveries: readonly Delivery[]): Promise<void> {
    const visibleAt = store.clock.now() + retryMs;
    const changes = deliveries.map(
      ({ queue, receipt }): Change => ({
        do: 'settle',
        queue,
        receipt,
        as: { type: 'release', isCounted: true, visibleAt },
      }),
    );
    await store.commit({ changes, durability: 'memory' });
  }
}

const retryMs = 1_000;

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
