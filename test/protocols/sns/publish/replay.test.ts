import { expect, it } from 'vitest';
import { applyReplayPolicy, replayStatusOf } from '../../../../protocols/sns/replay-policy.ts';
import { openSqliteStore } from '../../../../storage/sqlite/index.ts';
import { address, alice } from '../../../core/world.ts';
import { good, type PublishWorld, withWorld } from './world.ts';

const topicArn = 'arn:aws:sns:us-east-1:000000000000:t.fifo';
const policy = '{"PointType":"Timestamp","StartingPoint":"2020-01-01T00:00:00Z"}';

async function archivingTopic({ broker }: PublishWorld) {
  const archiveMs = 365 * 86_400_000;
  const attributes = {
    isContentDeduplicated: true,
    dedupScope: 'topic',
    messageBytesMax: 262_144,
    policy: undefined,
  } as const;
  return await broker.topics.catalogue.create(alice, {
    ...{ address: address('t.fifo'), kind: 'fifo', extras: {}, tags: {} },
    attributes: { ...attributes, archiveMs },
  });
}

async function publishMany({ sns }: PublishWorld, count: number): Promise<void> {
  for (let at = 0; at < count; at += 10) {
    const entries = Array.from({ length: 10 }, (_, index) => ({
      ...{ Id: `${index}`, Message: `m${at + index}`, MessageGroupId: `g${index % 2}` },
    }));
    good(await sns('PublishBatch', { TopicArn: topicArn, PublishBatchRequestEntries: entries }));
  }
}

async function drain(world: PublishWorld, queue: string) {
  const envelopes: Readonly<Record<string, unknown>>[] = [];
  for (;;) {
    const some = await world.messages(queue);
    if (some.length === 0) return envelopes;
    for (const { Body, ReceiptHandle } of some) {
      envelopes.push(JSON.parse(Body));
      await world.sqs('DeleteMessage', { QueueUrl: queue, ReceiptHandle });
    }
  }
}

it('a replay out of the real engine brings every message as it was, marked, in the order of its group', () =>
  withWorld(
    async (world) => {
      const { broker } = world;
      const topic = await archivingTopic(world);
      await world.subscribed(topicArn, 'live.fifo');
      await publishMany(world, 130);
      await world.subscribed(topicArn, 'late.fifo');
      const [late] = [...broker.topics.subscriptions.all()].filter(({ endpoint }) => endpoint.endsWith('late.fifo'));
      if (late === undefined) throw new Error('the subscription is not there');

      await applyReplayPolicy(broker, alice, late.address, policy);
      await publishMany(world, 130); // All of them duplicates.
      for (let asked = 0; asked < 10_000 && replayStatusOf(broker, late.address) !== 'Completed'; asked++) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const message = { Message: 'new', MessageGroupId: 'g0' };
      good(await world.sns('Publish', { TopicArn: topicArn, ...message }));

      expect(replayStatusOf(broker, late.address)).toBe('Completed');
      const live = await drain(world, 'live.fifo');
      const replayed = await drain(world, 'late.fifo');
      const bySequence = (all: typeof live) =>
        all
          .map(({ UnsubscribeURL: _, ...others }) => others)
          .toSorted((one, other) => Number(one.SequenceNumber) - Number(other.SequenceNumber));
      const marked = bySequence(live).map((envelope) => ({
        ...envelope,
        ...(envelope.Message !== 'new' && { Replayed: true }),
      }));
      expect(bySequence(replayed)).toEqual(marked);
      for (const group of [0, 1]) {
        const own = replayed.map(({ Message }) => Number(String(Message).slice(1))).filter((at) => at % 2 === group);
        expect(own).toEqual(Array.from({ length: 65 }, (_, at) => at * 2 + group));
      }
      expect(topic.archivedSince).toBe(world.clock.now());
    },
    {
      openStore: ({ clock }) => openSqliteStore({ dataDir: ':memory:', clock, synchronous: 'OFF', isThreaded: false }),
    },
  ));
