import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startBaseline } from '../../bench/baseline.ts';
import { parseOptions } from '../../bench/options.ts';
import { runBenchmark } from '../../bench/run.ts';
import { callSqs, createQueue } from '../../src/cli/bench/sqs.ts';
import type { Subject } from '../../src/cli/bench/subject.ts';
import { launch } from '../support/launch.ts';

/** A second baseline in the broker's place: the tools are tested, not a speed. */
async function front(...words: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-front-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const usual = ['--short', '--against-itself', '--rounds', '1', '--seconds', '0.05', '--work-folder', folder];
  const { options } = parseOptions([...usual, ...words]);
  const lines: string[] = [];
  const code = await runBenchmark('front', { ...options, warmMs: 20 }, (line) => lines.push(line));
  return { code, printed: lines.join('\n') };
}

test('questions that move no message are counted, answered and held against the baseline', async () => {
  const { code, printed } = await front('--case', 'attributes', '--case', 'poll');

  expect(printed).toMatch(/GetQueueAttributes, the three counts, over baseline: rate +>= 0\.90 /);
  expect(printed).toMatch(/ReceiveMessage without a wait, of an empty queue, over baseline: CPU a message +<= 1\.11 /);
  expect(printed).not.toContain('FAILED');
  expect(code).toBe(0);
});

test('a case that does not exist is an error that names those that do', async () => {
  await expect(front('--case', 'querry')).rejects.toThrow(/--case querry: choose from query, signed, attributes/);
});

test.each(['All', 'ApproximateNumberOfMessages'])(
  'the baseline has the attributes that the broker has (%s)',
  async (name) => {
    const broker = await launch();
    onTestFinished(async () => void (await broker.stop()));
    const baseline = await startBaseline({ storage: 'array' });
    onTestFinished(() => baseline.stop());
    const { hostname, port } = new URL(broker.endpoint);
    const gantry: Subject = { ...baseline, name: 'gantry', host: hostname, port: Number(port) };

    const [theirs, ours] = [await namesOf(baseline, name), await namesOf(gantry, name)];

    expect(theirs).toEqual(ours);
    expect(ours).toContain('ApproximateNumberOfMessages');
  },
);

async function namesOf(subject: Subject, name: string): Promise<readonly string[]> {
  const QueueUrl = await createQueue(subject, 'names');
  const answer = await callSqs(subject, 'GetQueueAttributes', { QueueUrl, AttributeNames: [name] });
  return [...answer.matchAll(/"(\w+)":"/g)].map((match) => match[1] ?? '').toSorted();
}
