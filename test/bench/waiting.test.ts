import { afterEach, expect, test } from 'vitest';
import { startBaseline } from '../../bench/baseline.ts';
import { LatencyHistogram } from '../../src/cli/bench/histogram.ts';
import { Load } from '../../src/cli/bench/load.ts';
import { createQueue, readTally } from '../../src/cli/bench/sqs.ts';
import type { Subject } from '../../src/cli/bench/subject.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function setup(): Promise<{ readonly subject: Subject; readonly queueUrl: string; newLoad(): Promise<Load> }> {
  const subject = await startBaseline({ storage: 'array' });
  closers.push(() => subject.stop());
  const newLoad = async (): Promise<Load> => {
    const load = await Load.start();
    closers.unshift(() => load.stop());
    return load;
  };
  return { subject, queueUrl: await createQueue(subject, 'waiting'), newLoad };
}

test('polls that wait until the end are no failure', async () => {
  const { subject, queueUrl, newLoad } = await setup();
  const load = await newLoad();
  await load.open(subject, 150, { do: 'poll', queueUrl });

  const reply = await load.run(50);

  expect(reply).toMatchObject({ requests: 150, failures: [] });
});

test('a poll that is answered while it is watched is a failure', async () => {
  const { subject, queueUrl, newLoad } = await setup();
  const [polls, sender] = [await newLoad(), await newLoad()];
  await polls.open(subject, 1, { do: 'poll', queueUrl });
  await sender.open(subject, 1, { do: 'send', queueUrl, entries: 1 });

  const [reply] = await Promise.all([polls.run(300), sender.run(200, 1)]);

  expect(reply.failures[0]).toMatch(/a poll ended with 200: .*"Messages"/);
});

test('a receiver is woken as often as asked and leaves nothing behind', async () => {
  const { subject, queueUrl, newLoad } = await setup();
  const load = await newLoad();
  await load.open(subject, 2, { do: 'wake', queueUrl });

  const reply = await load.run(10_000, 5);

  expect(reply).toMatchObject({ sent: 5, received: 5, deleted: 5, failures: [] });
  expect(new LatencyHistogram(reply.latencyCounts).total).toBe(5);
  expect(await readTally(subject, queueUrl)).toEqual({ waiting: 0, leased: 0, delayed: 0 });
});

test('a load of so many messages sends and drains exactly so many', async () => {
  const { subject, queueUrl, newLoad } = await setup();
  const load = await newLoad();
  await load.open(subject, 8, { do: 'send', queueUrl, entries: 10 });
  const sent = await load.run(10_000, 500);
  await load.open(subject, 8, { do: 'drain', queueUrl });

  const drained = await load.run(10_000, 300);

  expect([sent.sent, drained.received, drained.deleted]).toEqual([500, 300, 300]);
  expect(await readTally(subject, queueUrl)).toEqual({ waiting: 200, leased: 0, delayed: 0 });
});
