/**
 * Replays of FIFO topics: what the archive has of a span of time goes once more to one subscription, marked as replayed. New
 * messages go on reaching it meanwhile. Where the two meet is a mark in the archive, written as the replay begins: what
 * stands before it is replayed, what is published later arrives by itself, and nothing does both.
 *
 * A slice of the archive is one commit of its deliveries and of how far the replay is, so that a crash neither loses nor
 * doubles any. All replays take turns: any number of them takes no more of the store than one.
 */
import type { Change, Store } from '../../../storage/store.ts';
import type { Timer } from '../../model/clock.ts';
import { GantryError } from '../../model/errors.ts';
import { decodeHead, encodeHead } from '../../model/head.ts';
import type { Principal } from '../../model/principal.ts';
import type { Random } from '../../model/random.ts';
import type { SubscriptionAddress } from '../../model/topic.ts';
import { uuidBytes, uuidText } from '../../model/uuid.ts';
import { type Authorize, requireAllowedTopic } from '../authorize.ts';
import { limits } from '../limits.ts';
import { createRecordReader, type RecordIndex } from '../record-reader.ts';
import { createRecordWriter } from '../record-writer.ts';
import { createTurns } from '../turns.ts';
import type { Deliver } from './deliver.ts';
import type { FanOut, TakenMessage } from './fan-out.ts';
import { encodeReplayRecord, type KnownReplay, type ReplayState, replayRecords, replayText } from './replay-record.ts';
import type { Routes } from './routes.ts';
import { noSuchTopic } from './topic-catalogue.ts';
import type { SubscriptionIndex, TopicIndex } from './topic-index.ts';
import type { KnownTopic } from './topic-record.ts';

/** What a subscription asks for. Instants of publishing, both included; undefined: up to now. */
export interface ReplaySpan {
  readonly from: number;
  readonly to: number | undefined;
}

export interface Replays {
  /**
   * Begins, in place of one that runs: durable when it settles, and goes on over restarts until it is done.
   * @throws GantryError `access-denied`, `not-found`, `unsupported` where the topic keeps no archive, `limit-exceeded`
   */
  begin(principal: Principal, subscription: SubscriptionAddress, span: ReplaySpan): Promise<void>;
  /** What is replayed already stays so; harmless where there is none. @throws GantryError `access-denied` */
  end(principal: Principal, subscription: SubscriptionAddress): Promise<void>;
  /** Undefined: there is none. */
  stateOf(subscription: SubscriptionAddress): ReplayState | undefined;
}
interface ReplaysService extends Replays {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** A subscription is no more: neither is its replay. */
  forget(subscription: SubscriptionAddress): void;
}

const retryMs = 1_000;
const sliceMax = 100;

export interface ReplaysParts {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly random: Random;
  readonly topics: TopicIndex;
  readonly subscriptions: SubscriptionIndex;
  readonly routes: Routes;
  readonly fanOut: FanOut;
  readonly deliver: Deliver;
  /** That run at a time, of one account. */
  readonly replaysMax?: number | undefined;
}

export function createReplays(parts: ReplaysParts): ReplaysService {
  const { store, authorize, random, topics, subscriptions, routes, fanOut, deliver } = parts;
  const { replaysMax = limits.replaysMax } = parts;
  const index = createIndex();
  const reader = createRecordReader(store, replayRecords, index, changed);
  const writer = createRecordWriter({
    ...{ store, kind: replayRecords, index, reader, encode: encodeReplayRecord },
    nameOf: ({ id }) => ({ what: `the replay for subscription "${id}"`, resource: id }),
  });
  const turns = createTurns();
  const runs = new Map<string, Promise<void>>();
  const timers = new Set<Timer>();
  let state: 'new' | 'running' | 'stopped' = 'new';

  return {
    async begin(principal, address, { from, to }) {
      requireAllowedTopic(authorize, principal, 'subscribe', address.topic);
      await writer.change(address, (before) => {
        const topic = topics.find(address.topic);
        const subscription = subscriptions.find(address);
        if (topic === undefined) throw noSuchTopic(address.topic);
        if (subscription?.topicId !== topic.id) throw noSubscription(address);
        if (topic.archiveId === undefined) throw noArchive(topic);
        if (before === undefined || !isActive(before)) requireRoom(address);
        const id = uuidText(random.uuid());
        const after = { id, address, topicId: topic.id, from, to, state: 'pending' as const, cursor: undefined };
        const head = encodeHead({}, []);
        const message = { id: uuidBytes(id), head, body: new Uint8Array(), priority: limits.priorityDefault };
        const mark: Change = { do: 'append', message, to: [{ queue: topic.archiveId, note: uuidBytes(id) }] };
        return { after, changes: [mark] };
      });
    },
    async end(principal, address) {
      requireAllowedTopic(authorize, principal, 'subscribe', address.topic);
      await erase(address);
    },
    stateOf: (address) => index.find(address)?.state,
    forget(address) {
      if (index.find(address) !== undefined) void tidy(address);
    },
    async start() {
      state = 'running';
      await reader.start();
      for (const { address } of index.all()) if (subscriptions.find(address) === undefined) void tidy(address);
    },
    async stop() {
      state = 'stopped';
      for (const timer of timers) timer.cancel();
      timers.clear();
      await Promise.all(runs.values());
      await reader.stop();
    },
  };

  async function erase(address: SubscriptionAddress): Promise<void> {
    await writer.change(address, (before) => (before === undefined ? undefined : { after: undefined, changes: [] }));
  }

  /** What cannot be erased now is found again at the next start. */
  async function tidy(address: SubscriptionAddress): Promise<void> {
    try {
      await erase(address);
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
    }
  }

  function requireRoom({ topic }: SubscriptionAddress): void {
    let running = 0;
    for (const replay of index.all()) if (isActive(replay) && replay.address.topic.account === topic.account) running++;
    if (running < replaysMax) return;
    throw new GantryError('limit-exceeded', `${running} replays are running in account ${topic.account}`);
  }

  function changed(_before: KnownReplay | undefined, after: KnownReplay | undefined): void {
    if (after !== undefined && isActive(after)) launch(after.address);
  }

  /** One run a subscription, whatever becomes of its record meanwhile. */
  function launch(address: SubscriptionAddress): void {
    const text = replayText(address);
    if (state !== 'running' || runs.has(text)) return;
    const run = goOn(address).finally(() => {
      runs.delete(text);
      const left = index.find(address);
      if (left !== undefined && isActive(left) && state === 'running') wait(address);
    });
    runs.set(text, run);
  }

  function wait(address: SubscriptionAddress): void {
    const timer = store.clock.after(retryMs, () => {
      timers.delete(timer);
      launch(address);
    });
    timers.add(timer);
  }

  /** Until it is done, replaced, ended, or the store takes nothing for now. */
  async function goOn(address: SubscriptionAddress): Promise<void> {
    try {
      for (;;) {
        const replay = index.find(address);
        if (state !== 'running' || replay === undefined || !isActive(replay)) return;
        await turns.take('slice', () => step(replay));
      }
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
    }
  }

  async function step(replay: KnownReplay): Promise<void> {
    const topic = topics.find(replay.address.topic);
    if (topic?.id !== replay.topicId || topic.archiveId === undefined) return progress(replay, [], { state: 'failed' });
    const from = replay.cursor === undefined ? {} : { from: replay.cursor };
    const browsed = { queue: topic.archiveId, states: ['waiting'] as const, ...from };
    const slice = await store.browse({ ...browsed, entriesMax: sliceMax, scannedMax: limits.browseScannedMax });
    const end = slice.entries.findIndex(({ note }) => note !== undefined && uuidText(note) === replay.id);
    const entries = end < 0 ? slice.entries : slice.entries.slice(0, end);
    const subscription = subscriptions.find(replay.address);
    const plans = entries.flatMap((entry) => {
      if (entry.note !== undefined) return []; // Where another replay ends.
      const message = takenOf(entry, store.clock.now());
      const sentAt = message.headers.sentAt ?? entry.appendedAt;
      if (sentAt < replay.from || (replay.to !== undefined && sentAt > replay.to)) return [];
      if (subscription === undefined || !routes.match(topic, message).subscriptions.includes(subscription)) return [];
      return fanOut.planFor(topic, message, [subscription]);
    });
    const isDone = end >= 0 || slice.next === undefined;
    return progress(replay, plans, isDone ? { state: 'completed' } : { state: 'running', cursor: slice.next });
  }

  /** @throws GantryError when the store does not take it now */
  async function progress(
    replay: KnownReplay,
    plans: Parameters<Deliver['together']>[0],
    reached: Pick<KnownReplay, 'state'> & Partial<Pick<KnownReplay, 'cursor'>>,
  ): Promise<void> {
    const { version, ...unwritten } = replay;
    const value = encodeReplayRecord({ ...unwritten, ...reached });
    const put: Change = { do: 'put', key: replayRecords.keyOf(replay.address), value, ifVersion: version };
    const error = await deliver.together(plans, { principal: 'sns.amazonaws.com', origin: undefined }, [put]);
    const isChanged = error?.code === 'conflict' || error?.code === 'already-exists';
    if (error !== undefined && !isChanged) throw error;
    await reader.refresh(replay.address);
  }
}

function isActive({ state }: KnownReplay): boolean {
  return state === 'pending' || state === 'running';
}

type Archived = Awaited<ReturnType<Store['browse']>>['entries'][number];

function takenOf({ id, head, body }: Archived, now: number): TakenMessage {
  const { headers, properties } = decodeHead(head);
  return {
    ...{ id, headers, properties, body: body instanceof Uint8Array ? body : new Uint8Array(), bodies: noBodies },
    ...{ sentAt: now, baseUrl: undefined, sequence: undefined, isReplayed: true },
  };
}

const noBodies: ReadonlyMap<string, Uint8Array> = new Map();

function createIndex(): RecordIndex<SubscriptionAddress, KnownReplay> {
  const byText = new Map<string, KnownReplay>();
  return {
    find: (address) => byText.get(replayText(address)),
    all: () => byText.values(),
    set: (replay) => byText.set(replayText(replay.address), replay),
    remove(address) {
      const text = replayText(address);
      const known = byText.get(text);
      byText.delete(text);
      return known;
    },
  };
}

function noSubscription({ id }: SubscriptionAddress): GantryError {
  return new GantryError('not-found', `subscription "${id}" does not exist`, { resource: id });
}

function noArchive({ address: { name } }: KnownTopic): GantryError {
  return new GantryError('unsupported', `topic "${name}" keeps no archive`, { resource: name });
}
