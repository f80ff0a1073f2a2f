import type { ConsumerId, ConsumerOptions, HolderId, QueueId, RecordKey, Store, Tally } from '../store.ts';
import { findBody, readBody } from './bodies.ts';
import { browse } from './browse.ts';
import type { EngineState } from './engine-state.ts';
import { noSlot } from './entries.ts';
import { noisyLeasesMin } from './fair-order.ts';
import { closeHolder, heldRows, openConsumer, openHolder } from './holders.ts';
import { move } from './move.ts';
import { PackedWriter } from './post.ts';
import type { QueueState } from './queue-state.ts';
import { writeHeld } from './receive.ts';
import { listRecords } from './records.ts';

/** The rare verbs: plain objects that travel beside the packed ones. */
export type EngineCall =
  | { readonly call: 'openHolder'; readonly kind: 'connection' | 'session'; readonly key: string | undefined }
  | {
      readonly call: 'closeHolder';
      readonly holder: HolderId;
      readonly isKept: boolean;
      readonly unseen: readonly { readonly life: number; readonly pos: number; readonly count: number }[];
    }
  | { readonly call: 'held'; readonly holder: HolderId }
  | { readonly call: 'openConsumer'; readonly options: ConsumerOptions }
  | { readonly call: 'closeConsumer'; readonly consumer: ConsumerId }
  | { readonly call: 'browse'; readonly options: Parameters<Store['browse']>[0] }
  | { readonly call: 'move'; readonly options: Parameters<Store['move']>[0] }
  | { readonly call: 'tallies'; readonly queues: readonly QueueId[] }
  | {
      readonly call: 'records';
      readonly prefix: RecordKey;
      readonly after: RecordKey | undefined;
      readonly max: number | undefined;
    }
  | { readonly call: 'readBody'; readonly body: number; readonly from: number; readonly bytes: number }
  | { readonly call: 'bodies'; readonly bodies: readonly number[] };

/** @throws GantryError as Store says */
export function callEngine(state: EngineState, call: EngineCall): unknown {
  switch (call.call) {
    case 'openHolder':
      state.mustCommit = true;
      return openHolder(state, call.kind, call.key);
    case 'closeHolder': {
      const unseen = new Set(call.unseen.map(({ life, pos, count }) => `${life}/${pos}/${count}`));
      closeHolder(state, call.holder, call.isKept, (life, pos, count) => unseen.has(`${life}/${pos}/${count}`));
      state.mustCommit = true;
      return undefined;
    }
    case 'held':
      return held(state, call.holder);
    case 'openConsumer':
      return openConsumer(state, call.options);
    case 'closeConsumer':
      state.consumers.delete(call.consumer);
      return undefined;
    case 'browse':
      return browse(state, call.options);
    case 'move': {
      state.mustCommit = true;
      return move(state, call.options);
    }
    case 'tallies':
      return call.queues.map((queue) => tally(state, queue));
    case 'records':
      return listRecords(state, call.prefix, call.after, call.max);
    case 'readBody': {
      const { data } = readBody(state, call.body);
      return data.subarray(call.from, call.from + call.bytes);
    }
    case 'bodies':
      return call.bodies.map((body) => findBody(state, body));
  }
}

/** What a holder holds, packed as an answer to a receive is, each with its queue before it. */
function held(
  state: EngineState,
  holder: HolderId,
): { readonly packed: Uint8Array; readonly queues: readonly QueueId[] } {
  const answer = new PackedWriter();
  const queues: QueueId[] = [];
  for (const row of heldRows(state, holder)) {
    const queue = state.queuesByLife.get(row.life);
    if (queue === undefined) continue;
    const resident = state.entries.find(queue.index, row.pos);
    const slot = resident === noSlot ? state.loadScratch(queue, row) : resident;
    writeHeld(state, queue, slot, answer);
    queues.push(queue.id);
  }
  return { packed: answer.take(), queues };
}

const emptyTally: Tally = {
  waiting: 0,
  delayed: 0,
  leased: 0,
  bytes: 0,
  groupsLeased: 0,
  groupsNoisy: 0,
  appendedBytes: 0,
  total: { appended: 0, duplicate: 0, delivered: 0, acked: 0, expired: 0, deadLettered: 0, dropped: 0 },
};

function tally(state: EngineState, id: QueueId): Tally {
  const queue = state.queues.get(id);
  if (queue === undefined) return emptyTally;
  state.rows.write();
  const oldest = oldestAt(state, queue);
  return {
    waiting: queue.waiting,
    delayed: queue.delayed,
    leased: queue.leased,
    bytes: queue.bytes,
    ...(oldest === undefined ? {} : { oldestAt: oldest }),
    groupsLeased: groupsLeased(queue),
    groupsNoisy: groupsNoisy(queue),
    appendedBytes: queue.appendedBytes,
    total: { ...queue.total },
  };
}

function groupsLeased(queue: QueueState): number {
  if (queue.settings.groups === 'ignore') return 0;
  return queue.leasedByLane.size - (queue.leasedByLane.has(0) ? 1 : 0); // Lane 0 is what has no group.
}

function groupsNoisy({ settings, leasedByLane }: QueueState): number {
  if (settings.groups !== 'fair') return 0;
  let noisy = 0;
  for (const [lane, leased] of leasedByLane) if (lane !== 0 && leased >= noisyLeasesMin) noisy++;
  return noisy;
}

/** Entries looked at for the oldest where they are in no order of age. */
const mixedAgesMax = 1_000;

function oldestAt(state: EngineState, queue: QueueState): number | undefined {
  let oldest: number | undefined;
  for (let rank = -1; ; ) {
    const next = state.sql.receive.nextRank.get(queue.life, rank) as { rank: number } | undefined;
    if (next === undefined) return oldest;
    rank = next.rank;
    const rows = state.sql.queue.oldest.all(queue.life, rank, queue.hasMixedAges ? mixedAgesMax : 1);
    for (const row of rows as { appendedAt: number }[]) oldest = Math.min(oldest ?? row.appendedAt, row.appendedAt);
  }
}
