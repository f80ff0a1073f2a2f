import type { Events } from '../core/broker.ts';
import type { FilterOutReason } from '../filter/policy/index.ts';
import type { TopicAddress } from '../model/topic.ts';

/** What happened with a topic since the start. Each message counts once a subscription, but where it was published. */
export interface TopicCounts {
  published: number;
  publishedBytes: number;
  duplicates: number;
  delivered: number;
  failed: number;
  deadLettered: number;
  deadLetterFailed: number;
  archived: number;
  archivedBytes: number;
  replayed: number;
  replaysFailed: number;
  /** By the reason. */
  readonly filteredOut: Map<string, number>;
}

export interface TopicCounters {
  of(topic: TopicAddress): TopicCounts;
  stop(): void;
}

/** Listens, for no tally counts what passes through a topic. */
export function countTopics(events: Events): TopicCounters {
  const byTopic = new Map<string, TopicCounts>();

  function of(topic: TopicAddress): TopicCounts {
    const key = keyOf(topic);
    const known = byTopic.get(key);
    if (known !== undefined) return known;
    const counts: TopicCounts = {
      ...{ published: 0, publishedBytes: 0, duplicates: 0, delivered: 0, failed: 0 },
      ...{ deadLettered: 0, deadLetterFailed: 0, archived: 0, archivedBytes: 0, replayed: 0, replaysFailed: 0 },
      ...{ filteredOut: new Map(reasons.map((reason) => [reason, 0])) },
    };
    byTopic.set(key, counts);
    return counts;
  }

  const endings = [
    events.on('published', ({ topic, messages, bytes, duplicates }) => {
      const counts = of(topic);
      counts.published += messages;
      counts.publishedBytes += bytes;
      counts.duplicates += duplicates;
    }),
    events.on('notified', ({ topic, delivered, failed, deadLettered, deadLetterFailed, filteredOut }) => {
      const counts = of(topic);
      counts.delivered += delivered;
      counts.failed += failed;
      counts.deadLettered += deadLettered;
      counts.deadLetterFailed += deadLetterFailed;
      for (const [reason, count] of Object.entries(filteredOut)) {
        counts.filteredOut.set(reason, (counts.filteredOut.get(reason) ?? 0) + count);
      }
    }),
    events.on('archived', ({ topic, messages, bytes }) => {
      const counts = of(topic);
      counts.archived += messages;
      counts.archivedBytes += bytes;
    }),
    events.on('replayed', ({ topic, delivered, failed }) => {
      const counts = of(topic);
      counts.replayed += delivered;
      counts.replaysFailed += failed;
    }),
    events.on('topic-dropped', ({ topic }) => void byTopic.delete(keyOf(topic))),
  ];
  return {
    of,
    stop: () => {
      for (const end of endings) end();
    },
  };
}

/** Each is there from the start: what comes up with its first count is no increase to Prometheus. */
const reasons = [
  'no-attributes',
  'attributes',
  'invalid-attributes',
  'invalid-body',
  'body',
] as const satisfies readonly FilterOutReason[];

function keyOf({ account, region, name }: TopicAddress): string {
  return `${account}/${region}/${name}`;
}
