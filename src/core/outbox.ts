/**
 * What goes to people, kept until somebody has read it: one hidden queue a kind, which drops its oldest when it is full. No
 * consumer takes from it; whoever looks leaves no trace.
 */
import type { BrowseCursor, Change, ChangeResult, QueueId, QueueSettings, Store } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';
import { encodeHead } from '../model/head.ts';
import type { Random } from '../model/random.ts';
import type { DocumentKind, DocumentsService } from './documents.ts';
import { limits } from './limits.ts';
import { createTurns } from './turns.ts';

export interface Outbox {
  /** Ends when it is on disk. @throws GantryError what the store refused with */
  append(kind: string, body: Uint8Array): Promise<void>;
  /**
   * Shows all that is there, oldest first, slice by slice.
   * @param look false: it has seen enough
   */
  look(kind: string, look: (entry: OutboxEntry) => boolean): Promise<void>;
  /** Takes these out. Ends when that is on disk; who is not there any more is passed over. */
  discard(kind: string, positions: readonly number[]): Promise<void>;
  /** Takes all out. */
  clear(kind: string): Promise<void>;
}
interface OutboxEntry {
  readonly pos: number;
  readonly body: Uint8Array;
}
export interface OutboxService extends Outbox {
  reset(): Promise<void>;
}

const settings: QueueSettings = {
  ...{ groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' },
  retentionMs: limits.outboxRetentionMs,
  limit: { entries: limits.outboxEntriesMax, bytes: limits.outboxBytesMax, onFull: 'drop-old' },
};

interface Box {
  readonly queue: QueueId;
}
const boxes: DocumentKind<Box> = {
  name: 'outbox',
  read: (fields) => ({ queue: fields.number('queue') as QueueId }),
};

export interface OutboxParts {
  readonly store: Store;
  readonly random: Random;
  readonly documents: DocumentsService;
}

export function createOutbox({ store, random, documents }: OutboxParts): OutboxService {
  const known = documents.of(boxes);
  /** As all looks of the broker do, these take turns, slice by slice. */
  const turns = createTurns();

  async function commit(changes: readonly Change[]): Promise<readonly ChangeResult[]> {
    const result = await store.commit({ changes, durability: 'disk' });
    if (!result.ok) throw result.error;
    return result.changes;
  }

  async function queueOf(kind: string): Promise<QueueId> {
    const there = known.get(kind);
    if (there !== undefined) return there.queue;
    const made = await documents.changeWith(boxes, kind, (before) => {
      if (before !== undefined) return undefined;
      const queue = store.newQueueId();
      return { after: { queue }, changes: [{ do: 'create-queue', queue, settings }] };
    });
    if (made !== undefined) return made.queue;
    throw dropped(kind);
  }

  return {
    async append(kind, body) {
      const queue = await queueOf(kind);
      const message = { id: random.uuid(), head: emptyHead, body, priority: limits.priorityDefault };
      const [done] = await commit([{ do: 'append', message, to: [{ queue }] }]);
      if (done?.did !== 'append' || done.targets.some((target) => 'dropped' in target)) throw dropped(kind);
    },
    async look(kind, look) {
      const queue = known.get(kind)?.queue;
      if (queue === undefined) return;
      let from: BrowseCursor | undefined;
      do {
        const { entries, next } = await turns.take('slice', () => store.browse(sliceOptions(queue, from)));
        for (const { pos, body } of entries) if (body instanceof Uint8Array && !look({ pos, body })) return;
        from = next;
      } while (from !== undefined);
    },
    async discard(kind, positions) {
      const queue = known.get(kind)?.queue;
      if (queue === undefined) return;
      for (let at = 0; at < positions.length; at += discardsMax)
        await commit(positions.slice(at, at + discardsMax).map((pos) => ({ do: 'discard', queue, pos }) as const));
    },
    async clear(kind) {
      const queue = known.get(kind)?.queue;
      if (queue !== undefined) await commit([{ do: 'purge-queue', queue }]);
    },
    async reset() {
      for (const { key } of known.list('', undefined, Number.POSITIVE_INFINITY))
        await documents.changeWith(boxes, key, (before) =>
          before === undefined ? undefined : { after: undefined, changes: [{ do: 'drop-queue', queue: before.queue }] },
        );
    },
  };
}

/** A reset came between; or the entry is larger than the whole outbox, which no protocol's message is. */
function dropped(kind: string): GantryError {
  return new GantryError('unavailable', `the outbox "${kind}" was emptied just now`, { hint: 'Try again.' });
}

const emptyHead = encodeHead({}, []);
const discardsMax = 500;

function sliceOptions(queue: QueueId, from: BrowseCursor | undefined) {
  const { browseEntriesMax: entriesMax, browseScannedMax: scannedMax } = limits;
  return { queue, states: ['waiting'] as const, entriesMax, scannedMax, ...(from !== undefined && { from }) };
}
