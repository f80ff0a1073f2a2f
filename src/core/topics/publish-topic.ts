/**
 * From a message to what a topic's subscribers get. On a standard topic one message is one batch, with a target for each
 * subscription. On a FIFO topic it goes into the topic's log first (fifo-log.ts), which finds duplicates and keeps the order.
 */
import { hash } from 'node:crypto';
import type { BatchResult, Change, Store, Target } from '../../../storage/store.ts';
import { assert } from '../../model/assert.ts';
import { GantryError } from '../../model/errors.ts';
import { encodeHead } from '../../model/head.ts';
import type { Headers } from '../../model/message.ts';
import type { Principal } from '../../model/principal.ts';
import type { Random } from '../../model/random.ts';
import type { Topic, TopicAddress } from '../../model/topic.ts';
import { type Authorize, requireAllowedTopic } from '../authorize.ts';
import { commitResults } from '../commit-result.ts';
import type { Events } from '../events.ts';
import { limits } from '../limits.ts';
import type { Origin } from '../origin.ts';
import type { OutgoingMessage } from '../outgoing-message.ts';
import { messageBytes } from '../validate.ts';
import type { Deliver } from './deliver.ts';
import type { FanOut, TakenMessage } from './fan-out.ts';
import type { FifoLogs } from './fifo-log.ts';
import type { Told } from './tell-appended.ts';
import { noSuchTopic } from './topic-catalogue.ts';
import type { TopicIndex } from './topic-index.ts';
import type { KnownTopic } from './topic-record.ts';

export interface TopicMessage extends Omit<OutgoingMessage, 'delayMs'> {
  /** What the subscribers of a protocol get instead of the body; undefined: all get the same. */
  readonly bodies?: ReadonlyMap<string, Uint8Array> | undefined;
}
export type TopicPublishResult =
  | {
      readonly ok: true;
      /** 16 bytes; the first one's when this is a duplicate. */
      readonly id: Uint8Array;
      /** In a FIFO topic, ascending; undefined: it is none. */
      readonly sequence: number | undefined;
      readonly isDuplicate: boolean;
    }
  | { readonly ok: false; readonly error: GantryError };

/**
 * Takes messages for a topic, each by itself. Results in the order given; when they are there, what goes to queues of this broker
 * is on disk and can be received, and what goes out of it is on disk to be handed on.
 * @param baseUrl scheme, host and port by which the publisher reached us, for links in envelopes
 * @throws GantryError `access-denied`, `not-found`
 */
export type PublishToTopic = (
  principal: Principal,
  topic: Topic,
  messages: readonly TopicMessage[],
  from: { readonly origin?: Origin | undefined; readonly baseUrl?: string | undefined },
) => Promise<readonly TopicPublishResult[]>;

export interface PublishToTopicParts {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly random: Random;
  readonly events: Events;
  readonly index: TopicIndex;
  readonly fanOut: FanOut;
  readonly deliver: Deliver;
  readonly logs: FifoLogs;
}

export function createPublishToTopic(parts: PublishToTopicParts): PublishToTopic {
  const { store, authorize, random, events, index, fanOut, deliver, logs } = parts;
  const { clock } = store;

  return async function publishToTopic(principal, { address, id }, messages, { origin, baseUrl }) {
    requireAllowedTopic(authorize, principal, 'send', address);
    const topic = index.find(address);
    if (topic?.id !== id) throw noSuchTopic(address);
    const taken = messages.map((message) => take(topic, message, baseUrl));
    const results =
      topic.logId === undefined
        ? await publishNow(topic, taken, { principal: principal.name, origin })
        : await publishInOrder(topic, topic.logId, taken);
    if (events.has('published')) tellPublished(principal, address, taken, results);
    return results;
  };

  function take(topic: KnownTopic, message: TopicMessage, baseUrl: string | undefined): TakenMessage | GantryError {
    const bytes = messageBytes({ ...message, delayMs: undefined });
    const { messageBytesMax } = topic.attributes;
    if (bytes > messageBytesMax) {
      const what = `topic "${topic.address.name}": a message of ${bytes} bytes is over the limit of ${messageBytesMax}`;
      return new GantryError('too-large', what, { resource: topic.address.name });
    }
    // It stands between group and id in a dedup key: two pairs must not make one.
    if (topic.kind === 'fifo' && message.headers.groupId?.includes('\u0000')) {
      const what = `topic "${topic.address.name}": a message group contains U+0000`;
      return new GantryError('invalid-argument', what, { resource: topic.address.name });
    }
    const { properties, body, bodies = noBodies } = message;
    const sentAt = clock.now();
    // One that came out of another topic is sealed anew.
    const { envelope: _, ...given } = message.headers;
    const headers: Headers = { sentAt, ...given };
    return {
      id: random.uuid(),
      headers,
      properties,
      body,
      bodies,
      sentAt,
      baseUrl,
      sequence: undefined,
      isReplayed: false,
    };
  }

  async function publishNow(
    topic: KnownTopic,
    taken: readonly (TakenMessage | GantryError)[],
    told: Told,
  ): Promise<readonly TopicPublishResult[]> {
    const made = fanOut.plan(topic, taken.filter(isGood));
    const outcomes = await deliver.each(made instanceof Promise ? await made : made, told);
    let next = 0;
    return taken.map((each) => {
      if (each instanceof GantryError) return { ok: false, error: each };
      const error = outcomes[next++];
      if (error !== undefined) return { ok: false, error };
      return { ok: true, id: each.id, sequence: undefined, isDuplicate: false };
    });
  }

  async function publishInOrder(
    topic: KnownTopic,
    log: NonNullable<KnownTopic['logId']>,
    taken: readonly (TakenMessage | GantryError)[],
  ): Promise<readonly TopicPublishResult[]> {
    const good = taken.filter(isGood);
    const appended = await commitResults(
      store,
      good.map((message) => ({ changes: [logAppend(topic, log, message)], durability: 'disk' }) as const),
    );
    let next = 0;
    const results = taken.map((each) => {
      if (each instanceof GantryError) return { ok: false, error: each } as const;
      const result = appended[next++];
      assert(result !== undefined, 'each batch has its result');
      return toResult(topic.address, each, result);
    });
    // Who asks a subscribed queue after this answer finds the message there [sqs-sns 2.11].
    await Promise.all(
      results.map((result) =>
        result.ok && result.sequence !== undefined
          ? logs.passed(topic, result.sequence, result.isDuplicate)
          : Promise.resolve(),
      ),
    );
    return results;
  }

  function logAppend(topic: KnownTopic, queue: NonNullable<KnownTopic['logId']>, message: TakenMessage): Change {
    const { id, properties, bodies } = message;
    // A FIFO topic has subscribers of one protocol: what that gets is all that need be kept.
    const body = bodies.get('sqs') ?? message.body;
    const { dedupScope, isContentDeduplicated } = topic.attributes;
    const dedupId =
      message.headers.dedupId ?? (isContentDeduplicated ? hash('sha256', message.body, 'hex') : undefined);
    const group = message.headers.groupId ?? 'default';
    const headers = { ...message.headers, groupId: group, ...(dedupId === undefined ? {} : { dedupId }) };
    const target: Target = {
      ...{ queue, group },
      ...(dedupId === undefined ? {} : { dedup: dedupScope === 'topic' ? dedupId : `${group}\u0000${dedupId}` }),
      ...(message.baseUrl === undefined ? {} : { note: Buffer.from(message.baseUrl.slice(0, baseUrlLengthMax)) }),
    };
    const head = encodeHead(headers, properties);
    return { do: 'append', message: { id, head, body, priority: limits.priorityDefault }, to: [target] };
  }

  function tellPublished(
    principal: Principal,
    topic: TopicAddress,
    taken: readonly (TakenMessage | GantryError)[],
    results: readonly TopicPublishResult[],
  ): void {
    let published = 0;
    let bytes = 0;
    let duplicates = 0;
    for (const [at, result] of results.entries()) {
      const each = taken[at];
      if (!result.ok || each === undefined || each instanceof GantryError) continue;
      if (result.isDuplicate) duplicates++;
      else {
        published++;
        bytes += messageBytes({ ...each, delayMs: undefined });
      }
    }
    if (published + duplicates === 0) return;
    const told = { at: clock.now(), topic, messages: published, bytes, duplicates, principal: principal.name };
    events.tell('published', told);
  }
}

function isGood<T>(value: T | GantryError): value is T {
  return !(value instanceof GantryError);
}

/** A host is no longer than 253 characters. */
const baseUrlLengthMax = 300;
const noBodies: ReadonlyMap<string, Uint8Array> = new Map();

function toResult(topic: TopicAddress, { id }: TakenMessage, result: BatchResult): TopicPublishResult {
  if (!result.ok) return { ok: false, error: result.error };
  const change = result.changes[0];
  assert(change?.did === 'append', 'an append is answered as one');
  const target = change.targets[0];
  assert(target !== undefined, 'an append answers for each target');
  if ('pos' in target) return { ok: true, id, sequence: target.pos, isDuplicate: false };
  if ('dropped' in target) return { ok: false, error: noSuchTopic(topic) };
  return { ok: true, id: target.duplicateOf.id, sequence: target.duplicateOf.pos, isDuplicate: true };
}
