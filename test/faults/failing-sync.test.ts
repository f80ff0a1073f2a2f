import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { launch, temporaryFolder } from '../support/launch.ts';
import { textOf } from './support/fields.ts';
import { inspectStore } from './support/inspect.ts';
import { Consumer, Producer } from './support/load.ts';
import { answersOf, createSite, emptyOut } from './support/site.ts';
import { Wire } from './support/wire.ts';

const producers = 60;
const consumers = 20;
const answersBefore = 300;
const exitMsMax = 10_000;

// The source stands beside the one of this test, not beside what was built of it.
const source = fileURLToPath(new URL('../../../test/faults/support/failing-sync.c', import.meta.url));

/** Undefined: there is no compiler. */
function buildLibrary(folder: string): string | undefined {
  const library = join(folder, 'failing-sync.so');
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], { stdio: 'ignore' });
    return library;
  } catch {
    return undefined;
  }
}

test('after a sync that failed nothing is acknowledged: the process ends, and all that was acknowledged is there', async (context) => {
  if (process.platform !== 'linux') return context.skip('the library is for Linux');
  const folder = await temporaryFolder();
  const library = buildLibrary(folder);
  if (library === undefined) return context.skip('no C compiler was found');
  const dataDir = await temporaryFolder();
  const trigger = join(folder, 'broken');
  const env = { LD_PRELOAD: library, FAILING_SYNC_TRIGGER: trigger };
  const broker = await launch({ dataDir, env });
  onTestFinished(async () => void (await broker.kill9()));
  const maker = await Wire.open(broker.endpoint);
  const { value } = await maker.call('CreateQueue', { QueueName: 'q' });
  const site = createSite(textOf(value, 'QueueUrl'));
  site.ledger.sendAsked({ group: 'late', index: 0 });
  const wires = await Wire.openMany(broker.endpoint, producers + consumers);
  const enough = answersOf([site], answersBefore);
  site.isOpen = true;
  for (const [at, wire] of wires.entries()) {
    if (at < producers) new Producer(site, `p${at}`, 1).work(wire);
    else new Consumer(site).work(wire);
  }
  await enough;

  // This thread writes the file and then asks one more: what is acknowledged to it would be without a sync.
  writeFileSync(trigger, '');
  const broken = performance.now();
  const late = await maker
    .call('SendMessage', { QueueUrl: site.queueUrl, MessageBody: 'late/0' })
    .catch(() => undefined);
  const exit = await broker.exited;
  const exitMs = performance.now() - broken;
  site.isOpen = false;
  await Promise.all(wires.map((wire) => wire.ended));
  const second = await launch({ dataDir });
  onTestFinished(async () => void (await second.stop()));
  site.ledger.restarted();
  await emptyOut(second.endpoint, site);

  expect(late?.status).not.toBe(200);
  expect(exit).toEqual({ code: 1, signal: null });
  expect(exitMs).toBeLessThan(exitMsMax);
  expect(broker.output().stderr).toMatch(/"level":"fatal"[^\n]*"store-broken"/);
  expect(site.ledger.findings).toEqual([]);
  expect(site.refusals.filter((what) => !what.includes(' 503 '))).toEqual([]);
  expect(inspectStore(dataDir)).toEqual([]);
});
