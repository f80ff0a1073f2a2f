/** The names and help texts of `/metrics`. Loaded by the first scrape, with prom-client. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { StoreMeasures, Tally } from '../../storage/store.ts';
import type { QueueAddress } from '../model/queue.ts';
import type { TopicAddress } from '../model/topic.ts';
import type { RefusalReason } from '../security/refusal.ts';
import type { DiskFigures } from './data-disk.ts';
import type { TopicCounts } from './topic-counters.ts';

export interface QueueFigures {
  readonly address: QueueAddress;
  readonly tally: Tally;
  readonly oldestSeconds: number;
  readonly emptyReceives: number;
}
export interface TopicFigures {
  readonly address: TopicAddress;
  readonly counts: TopicCounts;
  readonly confirmed: number;
  readonly pending: number;
  /** Waiting to be handed to endpoints outside. */
  readonly pushesWaiting: number;
}
export interface BrokerFigures {
  readonly version: string;
  readonly isReady: boolean;
  readonly isStoreFull: boolean;
  /** Undefined: nothing is kept on a disk. */
  readonly disk: DiskFigures | undefined;
  readonly queues: number;
  readonly queuesLeftOut: number;
  readonly topics: number;
  readonly topicsLeftOut: number;
  readonly connections: number;
  readonly waitingReceives: number;
  readonly invariantFailures: number;
  readonly refusals: ReadonlyMap<RefusalReason, number>;
}
export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}
export interface Instruments {
  show(broker: BrokerFigures, store: StoreMeasures, own: OwnFigures): Promise<MetricsText>;
}

interface OwnFigures {
  readonly queues: readonly QueueFigures[];
  readonly topics: readonly TopicFigures[];
}

interface Figure<S> {
  readonly name: string;
  readonly help: string;
  value(source: S): number;
}

const brokerFigures: readonly Figure<BrokerFigures>[] = [
  { name: 'ready', help: '1: requests are served, as /health/ready says', value: ({ isReady }) => Number(isReady) },
  {
    name: 'store_full',
    help: '1: no room is left, so that sends are refused until consumers make some',
    value: ({ isStoreFull }) => Number(isStoreFull),
  },
  { name: 'queues', help: 'Queues that exist', value: ({ queues }) => queues },
  { name: 'queues_left_out', help: 'Queues without metrics of their own', value: ({ queuesLeftOut }) => queuesLeftOut },
  { name: 'topics', help: 'Topics that exist', value: ({ topics }) => topics },
  { name: 'topics_left_out', help: 'Topics without metrics of their own', value: ({ topicsLeftOut }) => topicsLeftOut },
  {
    name: 'waiting_receives',
    help: 'Receives that wait for a message',
    value: ({ waitingReceives }) => waitingReceives,
  },
  { name: 'connections', help: 'Open HTTP connections', value: ({ connections }) => connections },
  {
    name: 'invariant_failures_total',
    help: 'Broken promises of the program to itself, each a defect',
    value: ({ invariantFailures }) => invariantFailures,
  },
];

const storeFigures: readonly Figure<StoreMeasures>[] = [
  { name: 'store_commits_total', help: 'Commits, each with one sync', value: ({ commits }) => commits },
  { name: 'store_batches_total', help: 'Batches in those commits', value: ({ batches }) => batches },
  { name: 'store_commit_seconds_total', help: 'Time spent in commits', value: ({ commitSeconds }) => commitSeconds },
  { name: 'store_pending', help: 'Batches on their way to the disk', value: ({ pending }) => pending },
  { name: 'store_pending_bytes', help: 'Bytes on their way to the disk', value: ({ pendingBytes }) => pendingBytes },
  { name: 'store_reclaim_pending', help: 'Rows still to be reclaimed', value: ({ reclaimPending }) => reclaimPending },
  { name: 'store_entries_in_memory', help: 'Entries in memory', value: ({ entriesInMemory }) => entriesInMemory },
];

const queueFigures: readonly Figure<QueueFigures>[] = [
  { name: 'queue_waiting', help: 'Messages that can be received', value: ({ tally }) => tally.waiting },
  { name: 'queue_delayed', help: 'Messages whose delay runs', value: ({ tally }) => tally.delayed },
  { name: 'queue_leased', help: 'Messages in flight', value: ({ tally }) => tally.leased },
  {
    name: 'queue_groups_leased',
    help: 'Message groups with messages in flight',
    value: ({ tally }) => tally.groupsLeased,
  },
  {
    name: 'queue_groups_noisy',
    help: 'Message groups with so much in flight that others come before them',
    value: ({ tally }) => tally.groupsNoisy,
  },
  { name: 'queue_bytes', help: 'Bytes of all messages', value: ({ tally }) => tally.bytes },
  { name: 'queue_oldest_age_seconds', help: 'Age of the oldest message', value: ({ oldestSeconds }) => oldestSeconds },
  {
    name: 'queue_appended_total',
    help: 'Messages that producers sent; what is moved in, as a dead letter or by a move task, is not counted',
    value: ({ tally }) => tally.total.appended,
  },
  {
    name: 'queue_appended_bytes_total',
    help: 'Bytes of those messages, headers included',
    value: ({ tally }) => tally.appendedBytes,
  },
  { name: 'queue_delivered_total', help: 'Messages handed out', value: ({ tally }) => tally.total.delivered },
  {
    name: 'queue_acked_total',
    help: 'Messages that consumers were done with',
    value: ({ tally }) => tally.total.acked,
  },
  { name: 'queue_expired_total', help: 'Messages whose time was over', value: ({ tally }) => tally.total.expired },
  {
    name: 'queue_dead_lettered_total',
    help: 'Messages moved from here to the dead-letter queue',
    value: ({ tally }) => tally.total.deadLettered,
  },
  {
    name: 'queue_duplicates_total',
    help: 'Messages refused as duplicates',
    value: ({ tally }) => tally.total.duplicate,
  },
  { name: 'queue_dropped_total', help: 'Messages dropped by a full queue', value: ({ tally }) => tally.total.dropped },
  { name: 'queue_empty_receives_total', help: 'Receives answered empty', value: ({ emptyReceives }) => emptyReceives },
];

const topicFigures: readonly Figure<TopicFigures>[] = [
  { name: 'topic_published_total', help: 'Messages published', value: ({ counts }) => counts.published },
  {
    name: 'topic_published_bytes_total',
    help: 'Bytes of those messages, attributes included',
    value: ({ counts }) => counts.publishedBytes,
  },
  {
    name: 'topic_duplicates_total',
    help: 'Publishes that were duplicates of earlier ones',
    value: ({ counts }) => counts.duplicates,
  },
  {
    name: 'topic_delivered_total',
    help: 'Copies that a queue or an endpoint has taken',
    value: ({ counts }) => counts.delivered,
  },
  { name: 'topic_failed_total', help: 'Copies given up', value: ({ counts }) => counts.failed },
  {
    name: 'topic_dead_lettered_total',
    help: 'Copies given up that a dead-letter queue has',
    value: ({ counts }) => counts.deadLettered,
  },
  {
    name: 'topic_dead_letter_failed_total',
    help: 'Copies given up that a dead-letter queue could not take',
    value: ({ counts }) => counts.deadLetterFailed,
  },
  { name: 'topic_archived_total', help: 'Messages that went into the archive', value: ({ counts }) => counts.archived },
  {
    name: 'topic_archived_bytes_total',
    help: 'Bytes of those messages, attributes included',
    value: ({ counts }) => counts.archivedBytes,
  },
  {
    name: 'topic_replayed_total',
    help: 'Copies out of the archive that a queue has taken',
    value: ({ counts }) => counts.replayed,
  },
  {
    name: 'topic_replays_failed_total',
    help: 'Copies out of the archive given up',
    value: ({ counts }) => counts.replaysFailed,
  },
  { name: 'topic_subscriptions', help: 'Confirmed subscriptions', value: ({ confirmed }) => confirmed },
  {
    name: 'topic_subscriptions_pending',
    help: 'Subscriptions that nobody has confirmed yet',
    value: ({ pending }) => pending,
  },
  {
    name: 'topic_pushes_waiting',
    help: 'Copies that wait to be handed to endpoints outside, retries included',
    value: ({ pushesWaiting }) => pushesWaiting,
  },
];
const filteredOutFigures: readonly Figure<number>[] = [
  {
    name: 'topic_filtered_out_total',
    help: 'Copies that a filter policy kept back, by reason',
    value: (count) => count,
  },
];

const diskFigures: readonly Figure<DiskFigures>[] = [
  { name: 'disk_free_bytes', help: 'Room left on the disk of the data folder', value: ({ freeBytes }) => freeBytes },
  { name: 'disk_size_bytes', help: 'Size of that disk', value: ({ sizeBytes }) => sizeBytes },
  { name: 'data_bytes', help: 'Size of the files in the data folder', value: ({ dataBytes }) => dataBytes },
];

const buildFigures: readonly Figure<number>[] = [
  { name: 'build_info', help: 'Always 1; its label is the version', value: (one) => one },
];

const refusalFigures: readonly Figure<number>[] = [
  { name: 'requests_refused_total', help: 'Requests refused to who asked, by reason', value: (count) => count },
];

const queueLabels = ['account', 'region', 'queue'];
const topicLabels = ['account', 'region', 'topic'];

export function createInstruments(): Instruments {
  const registry = new Registry();
  const diskRegistry = new Registry(); // Of its own, because what is not known must not be shown as 0.
  const processRegistry = new Registry();
  collectDefaultMetrics({ register: processRegistry });
  const showBroker = createShow(registry, brokerFigures, []);
  const showBuild = createShow(registry, buildFigures, ['version']);
  const showDisk = createShow(diskRegistry, diskFigures, []);
  const showStore = createShow(registry, storeFigures, []);
  const showRefusals = createShow(registry, refusalFigures, ['reason']);
  const showQueue = createShow(registry, queueFigures, queueLabels);
  const showTopic = createShow(registry, topicFigures, topicLabels);
  const showFilteredOut = createShow(registry, filteredOutFigures, [...topicLabels, 'reason']);

  async function show(
    broker: BrokerFigures,
    store: StoreMeasures,
    { queues, topics }: OwnFigures,
  ): Promise<MetricsText> {
    diskRegistry.resetMetrics();
    registry.resetMetrics(); // The store keeps the counts; here they are shown anew, and a dropped queue is gone.
    showBroker(broker, {});
    showBuild(1, { version: broker.version });
    if (broker.disk !== undefined) showDisk(broker.disk, {});
    for (const [reason, count] of broker.refusals) showRefusals(count, { reason });
    showStore(store, {});
    for (const queue of queues) {
      const { account, region, name } = queue.address;
      showQueue(queue, { account, region, queue: name });
    }
    for (const topic of topics) {
      const { account, region, name } = topic.address;
      const labels = { account, region, topic: name };
      showTopic(topic, labels);
      for (const [reason, count] of topic.counts.filteredOut) showFilteredOut(count, { ...labels, reason });
    }
    const shown = broker.disk === undefined ? [registry, processRegistry] : [registry, diskRegistry, processRegistry];
    const texts = await Promise.all(shown.map((one) => one.metrics()));
    return { contentType: registry.contentType, text: texts.join('\n') };
  }

  return { show };
}

function createShow<S>(
  registry: Registry,
  figures: readonly Figure<S>[],
  labelNames: string[],
): (source: S, labels: Record<string, string>) => void {
  const instruments = figures.map(({ name, help, value }) => {
    const options = { name: `gantry_${name}`, help, labelNames, registers: [registry] };
    const instrument = name.endsWith('_total') ? new Counter(options) : new Gauge(options);
    return { instrument, value };
  });
  return (source, labels) => {
    for (const { instrument, value } of instruments) instrument.inc(labels, value(source));
  };
}
