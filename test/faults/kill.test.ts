import { writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runKills, unansweredMin } from './kill.ts';
import { inspectStore } from './support/inspect.ts';

const kills = Number(process.env.GANTRY_KILLS ?? (process.env.CI === 'true' ? 100 : 10));
const seed = Number(process.env.GANTRY_SEED ?? Date.now() % 1_000_000);
const timeoutMs = 30_000 + kills * 5_000;

test(`${kills} kills under load lose nothing that was acknowledged`, { timeout: timeoutMs }, async () => {
  const started = performance.now();

  const report = await runKills({ kills, seed });

  const sorted = report.unanswered.toSorted((a, b) => a - b);
  const seconds = Math.round((performance.now() - started) / 1000);
  // Past the runner, which keeps what a passing test says to itself.
  writeSync(
    1,
    `kills: seed ${seed}, ${kills} kills in ${seconds} s; requests without an answer at a kill: least ${sorted[0]}, ` +
      `median ${sorted[sorted.length >> 1]}; ${report.messages} messages accounted for, ${report.drained} of them drained\n`,
  );
  expect(report.findings, `GANTRY_SEED=${seed}`).toEqual([]);
  expect(report.refusals.slice(0, 10)).toEqual([]);
  expect(sorted[0]).toBeGreaterThanOrEqual(unansweredMin);
  expect(inspectStore(report.dataDir)).toEqual([]);
});
