import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { listOf } from '../faults/support/fields.ts';
import { Wire } from '../faults/support/wire.ts';
import { launch, startProcess, temporaryFolder } from '../support/launch.ts';

const figures = { messagesPerSecond: expect.any(Number), p50Us: expect.any(Number), p99Us: expect.any(Number) };

function bench(...args: string[]) {
  const { child, exited, output } = startProcess(['bench', '--seconds', '0.1', '-o', 'json', ...args]);
  return { child, done: exited.then(({ code }) => ({ code, ...output() })) };
}

async function start() {
  const broker = await launch();
  onTestFinished(async () => void (await broker.stop()));
  const queues = async () => {
    const wire = await Wire.open(broker.endpoint);
    const { value } = await wire.call('ListQueues', {});
    wire.close();
    return listOf(value, 'QueueUrls');
  };
  return { broker, queues };
}

test('it measures a broker of its own, and leaves nothing on the disk', async () => {
  const folder = await temporaryFolder();

  const { code, stdout } = await bench('--folder', folder).done;

  expect(code).toBe(0);
  const { sync, cases } = JSON.parse(stdout);
  expect(sync.p50Us).toBeGreaterThan(0);
  expect(cases.map(({ name }: { name: string }) => name)).toEqual(['send', 'alone', 'batch', 'cycle']);
  for (const one of cases) {
    expect(one).toMatchObject(figures);
    expect(one.messagesPerSecond).toBeGreaterThan(0);
    expect(one.p99Us).toBeGreaterThanOrEqual(one.p50Us);
  }
  expect(readdirSync(folder)).toEqual([]);
});

test('it measures a running broker, of whose disk and process it claims nothing, and removes its queues', async () => {
  const { broker, queues } = await start();

  const { code, stdout } = await bench('--endpoint', broker.endpoint).done;

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ sync: null, cases: [{ cpuUs: null }, {}, {}, {}] });
  expect(await queues()).toEqual([]);
});

test('ended by a signal it removes its queues as well', async () => {
  const { broker, queues } = await start();

  const { child, done } = bench('--endpoint', broker.endpoint);
  while ((await queues()).length === 0) await sleep(10);
  child.kill('SIGTERM');

  expect(await done).toMatchObject({ code: 143 });
  expect(await queues()).toEqual([]);
});

test.each([
  ['no broker answers', ['--endpoint', 'http://127.0.0.1:9'], 3, 'no broker answers'],
  ['the time is none', ['--seconds', 'x'], 2, '--seconds'],
  ['the folder is none', ['--folder', '/nowhere/at/all'], 1, '/nowhere/at/all'],
] as const)('where %s it says so in a line', async (_, args, code, text) => {
  const { child, done } = bench(...args);
  await once(child, 'spawn');

  expect(await done).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(/^gantry: .*\n$/) });
  expect((await done).stderr).toContain(text);
});
