import type { Store, StoreMeasures } from '../../storage/store.ts';
import type { Broker } from '../core/broker.ts';
import type { Clock } from '../model/clock.ts';
import type { QueueAddress } from '../model/queue.ts';
import type { RefusalReason } from '../security/refusal.ts';
import { readDataDisk } from './data-disk.ts';
import { readiness, type ServerStatus } from './health.ts';
import type { BrokerFigures, Instruments, MetricsText, QueueFigures, TopicFigures } from './instruments.ts';
import { pushesWaiting } from './push-counts.ts';
import { countTopics, type TopicCounters } from './topic-counters.ts';

export interface MetricsSources {
  readonly broker: Broker;
  readonly store: Store;
  readonly clock: Clock;
  readonly status: ServerStatus;
  readonly dataDir: string;
  /** Queues, and topics, beyond it are counted in `gantry_queues_left_out`: labels for each would grow without bound. */
  queuesMax(): number;
  invariantFailures(): number;
  readonly refusals: ReadonlyMap<RefusalReason, number>;
  connections(): Promise<number>;
}
export interface Metrics {
  /** One look at everything; scrapes at the same time share it. */
  scrape(): Promise<MetricsText>;
  /** What happened with a topic since the start. */
  readonly topicCounts: TopicCounters['of'];
  stop(): void;
}

/** Listens for what no tally counts; the rest is read when somebody scrapes, and prom-client is loaded by the first. */
export function createMetrics(sources: MetricsSources): Metrics {
  const emptyReceives = new Map<string, number>();
  const { events } = sources.broker;
  const topicCounters = countTopics(events);
  const endings = [
    events.on('empty-receive', ({ queue }) => {
      const key = addressKey(queue);
      emptyReceives.set(key, (emptyReceives.get(key) ?? 0) + 1);
    }),
    events.on('queue-dropped', ({ queue }) => void emptyReceives.delete(addressKey(queue))),
  ];
  let instruments: Promise<Instruments> | undefined;
  let underWay: Promise<MetricsText> | undefined;

  async function look(): Promise<MetricsText> {
    instruments ??= import('./instruments.ts').then(({ createInstruments }) => createInstruments());
    const { show } = await instruments;
    const { figures, queues } = await readQueues(sources, emptyReceives);
    const topics = await readTopics(sources, topicCounters);
    const { status } = sources;
    const broker: BrokerFigures = {
      version: status.version,
      isReady: readiness(status).status === 200,
      isStoreFull: status.store.state === 'full',
      disk: await readDataDisk(sources.dataDir),
      queues,
      queuesLeftOut: queues - figures.length,
      topics: topics.count,
      topicsLeftOut: topics.count - topics.figures.length,
      connections: await sources.connections(),
      waitingReceives: sources.broker.waiting(),
      invariantFailures: sources.invariantFailures(),
      refusals: sources.refusals,
    };
    const measures: StoreMeasures = sources.store.measures();
    return await show(broker, measures, { queues: figures, topics: topics.figures });
  }

  function scrape(): Promise<MetricsText> {
    underWay ??= look().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  function stop(): void {
    for (const end of endings) end();
    topicCounters.stop();
  }

  return { scrape, topicCounts: topicCounters.of, stop };
}

async function readQueues(
  { broker, clock, queuesMax }: MetricsSources,
  emptyReceives: ReadonlyMap<string, number>,
): Promise<{ readonly figures: readonly QueueFigures[]; readonly queues: number }> {
  const queues = [...broker.catalogue.all()];
  const shown = queues.slice(0, queuesMax());
  const tallies = await broker.catalogue.tallies(shown.map(({ id }) => id));
  const now = clock.now();
  const figures = shown.flatMap(({ address }, index): QueueFigures[] => {
    const tally = tallies[index];
    if (tally === undefined) return [];
    const oldestSeconds = tally.oldestAt === undefined ? 0 : Math.max(0, now - tally.oldestAt) / 1000;
    return [{ address, tally, oldestSeconds, emptyReceives: emptyReceives.get(addressKey(address)) ?? 0 }];
  });
  return { figures, queues: queues.length };
}

async function readTopics(
  { broker: { topics }, queuesMax }: MetricsSources,
  counters: TopicCounters,
): Promise<{ readonly figures: readonly TopicFigures[]; readonly count: number }> {
  const all = [...topics.catalogue.all()];
  const shown = all.slice(0, queuesMax());
  const waiting = await pushesWaiting(topics, shown);
  const figures = shown.map((topic, index): TopicFigures => {
    const { address } = topic;
    const { confirmed, pending } = topics.subscriptions.countsOf(topic);
    return { address, counts: counters.of(address), confirmed, pending, pushesWaiting: waiting[index] ?? 0 };
  });
  return { figures, count: all.length };
}

function addressKey({ account, region, name }: QueueAddress): string {
  return `${account}/${region}/${name}`;
}
