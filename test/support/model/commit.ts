import type { Instant } from '../../../src/model/clock.ts';
import { GantryError } from '../../../src/model/errors.ts';
import type { Batch, Change, ChangeResult, QueueId, QueueSettings, RecordKey } from '../../../storage/store.ts';
import { append } from './append.ts';
import { forgetRecord, putRecord } from './records.ts';
import { settle } from './settle.ts';
import type { ModelQueue, ModelState } from './state.ts';
import { removeEntry } from './state.ts';

/** What a step changed, so that its listeners can be told. */
export interface Touched {
  readonly queues: Set<QueueId>;
  readonly records: RecordKey[];
}

/** All of the batch or none of it: on an error the caller goes back to the state from before. */
export function applyBatch(state: ModelState, batch: Batch, now: Instant, touched: Touched): ChangeResult[] {
  return batch.changes.map((change) => {
    const result = applyChange(state, change, now, touched);
    if (batch.isStrict && result.did === 'settle' && result.was !== 'done') {
      throw new GantryError('receipt-invalid', `a delivery of the transaction was ${result.was}`);
    }
    return result;
  });
}

/** Whether the batch can fail, which is when a copy of the state is worth its cost. */
export function canFail(state: ModelState, batch: Batch): boolean {
  return (
    batch.isStrict === true ||
    batch.changes.some((change) => {
      if (change.do === 'append') {
        return (
          !(change.message.body instanceof Uint8Array) ||
          change.to.some(({ queue }) => state.queues.get(queue)?.settings.limit?.onFull === 'refuse')
        );
      }
      if (change.do === 'settle') return change.as.type === 'release' && change.as.notFor !== undefined;
      return change.do !== 'discard' && change.do !== 'purge-queue' && change.do !== 'drop-queue';
    })
  );
}

function applyChange(state: ModelState, change: Change, now: Instant, touched: Touched): ChangeResult {
  switch (change.do) {
    case 'append':
      return append(state, change, now, touched.queues);
    case 'settle':
      return { did: 'settle', was: settle(state, change, now, touched.queues) };
    case 'put':
      touched.records.push(change.key);
      return { did: 'put', version: putRecord(state, change.key, change.value, change.ifVersion) };
    case 'forget':
      touched.records.push(change.key);
      forgetRecord(state, change.key, change.ifVersion);
      return { did: 'done' };
    case 'retain':
      throw new GantryError('unsupported', 'retained messages come with a later release');
    case 'create-queue': {
      const { ownedBy } = change.settings;
      if (ownedBy !== undefined && !state.holders.has(ownedBy)) throw new GantryError('not-found', 'no such holder');
      createQueue(state, change.queue, change.settings);
      return { did: 'done' };
    }
    case 'alter-queue':
    case 'purge-queue':
    case 'drop-queue':
    case 'discard':
      touched.queues.add(change.queue);
      changeQueue(state, change);
      // What should have moved to a queue that is gone stays, and can be given where it is.
      for (const { id, settings } of state.queues.values()) {
        if (settings.deadLetter === change.queue) touched.queues.add(id);
      }
      return { did: 'done' };
  }
}

type QueueChange = Exclude<Change, { do: 'append' | 'settle' | 'put' | 'forget' | 'retain' }>;

/** A queue that is gone is left alone: whoever dropped it was faster. */
function changeQueue(state: ModelState, change: Exclude<QueueChange, { do: 'create-queue' }>): void {
  const queue = state.queues.get(change.queue);
  if (queue === undefined) return;
  if (change.do === 'alter-queue') {
    checkSettings(change.settings);
    if (queue.settings.delayMs !== change.settings.delayMs) redelay(queue);
    queue.settings = change.settings;
  } else if (change.do === 'discard') {
    const entry = queue.entries.find(({ pos }) => pos === change.pos);
    if (entry !== undefined) removeEntry(queue, entry);
  } else if (change.do === 'purge-queue') purgeQueue(state, queue);
  else state.queues.delete(queue.id);
}

/** A strict queue's delay applies to what waits and was never received, from when it was appended. */
function redelay(queue: ModelQueue): void {
  queue.turns.clear(); // The contract does not ask an engine to remember turns while it looks through the queue.
  for (const entry of queue.entries) if (entry.isDelayedByQueue && entry.count === 0) entry.visibleAt = undefined;
}

function purgeQueue(state: ModelState, queue: ModelQueue): void {
  queue.life = state.numberNext++; // Receipts carry it: those from before are `gone`.
  queue.entries = [];
  queue.dedup.clear();
  queue.attempts.clear();
  queue.turns.clear();
}

function createQueue(state: ModelState, id: QueueId, settings: QueueSettings): void {
  if (state.queues.has(id)) throw new GantryError('already-exists', `queue ${id} exists`);
  checkSettings(settings);
  state.queues.set(id, {
    id,
    life: state.numberNext++,
    settings,
    posNext: 1,
    entries: [],
    dedup: new Map(),
    attempts: new Map(),
    turns: new Map(),
    turn: 0,
    appendedBytes: 0,
    total: { appended: 0, duplicate: 0, delivered: 0, acked: 0, expired: 0, deadLettered: 0, dropped: 0 },
  });
}

function checkSettings(settings: QueueSettings): void {
  if (settings.groups === 'sticky') throw new GantryError('unsupported', 'sticky groups come with a later release');
}
