import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { launchFor, metric, residentMib } from './support/crowd.ts';
import { growthOf, type Sample } from './support/flatness.ts';
import { Soak } from './support/soak.ts';

const seconds = Number(process.env.GANTRY_SOAK_SECONDS ?? 60);
const seed = Number(process.env.GANTRY_SEED ?? Date.now() % 1_000_000);
/** What is compiled, cached and grown to its size once is no leak: FIFO ids are remembered for five minutes alone. */
const warmSeconds = Math.min(0.4 * seconds, 600);
const sampleEveryMs = 500;
/** A kilobyte kept of each message would be some 30 MiB in the short form, and gigabytes in an hour. */
const growthMibMax = 20;

test(`300 queues and 100 pollers for ${seconds} s: nothing is lost, memory does not grow`, {
  timeout: seconds * 1000 + 180_000,
}, async () => {
  const broker = await launchFor();
  const soak = new Soak({ endpoint: broker.endpoint, queues: 300, pollers: 100, producers: 20, seed });
  await soak.start();
  const startedAt = performance.now();
  const samples: Sample[] = [];

  for (let atMs = 0; atMs < seconds * 1000; atMs = performance.now() - startedAt) {
    samples.push({ atMs, value: residentMib(broker) });
    await pause(sampleEveryMs);
  }
  const lost = await soak.end();

  const warm = samples.filter(({ atMs }) => atMs > 1000 * warmSeconds);
  const growthMib = growthOf(warm);
  const levels = [0, warmSeconds / seconds, 1].map((share) =>
    samples[Math.floor(share * (samples.length - 1))]?.value.toFixed(0),
  );
  // Past the runner, which keeps what a passing test says to itself.
  writeSync(
    1,
    `soak: seed ${seed}, ${soak.deleted} messages; resident ${levels.join(', ')} MiB at the start, when warm, at the end; growth ${growthMib.toFixed(1)} MiB\n`,
  );
  expect(soak.refusals, `GANTRY_SEED=${seed}`).toEqual([]);
  expect(lost).toBe(0);
  expect(soak.deleted).toBeGreaterThan(100 * seconds);
  expect(await metric(broker, 'gantry_invariant_failures_total')).toBe(0);
  if (!Number.isNaN(growthMib)) expect(growthMib).toBeLessThan(growthMibMax); // Not where the system does not say.
});
