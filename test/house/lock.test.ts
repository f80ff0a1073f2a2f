import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scriptUrl, temporaryFolder } from './scripts.ts';

const lock: {
  withLock<T>(folder: string, work: () => Promise<T>): Promise<T>;
  recordChild(folder: string, pid: number): void;
} = await import(scriptUrl('setup/lock.mjs'));

const { run }: { run(command: string, args: string[], options: object): Promise<number> } = await import(
  scriptUrl('setup/run.mjs')
);

/** A lock whose owner's process is gone. */
function abandonedLock() {
  const folder = join(temporaryFolder(), 'lock');
  mkdirSync(folder);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(join(folder, 'owner'), `${pid} 1`);
  return folder;
}

test('the lock is there during the work and gone after it, also when the work fails', async () => {
  const folder = join(temporaryFolder(), 'lock');

  const during = await lock.withLock(folder, async () => existsSync(folder));
  const failing = lock.withLock(folder, async () => Promise.reject(new Error('no')));

  expect(during).toBe(true);
  await expect(failing).rejects.toThrow('no');
  expect(readdirSync(join(folder, '..'))).toEqual([]);
});

test('a lock left by a dead process is taken over', async () => {
  const folder = abandonedLock();

  expect(await lock.withLock(folder, async () => 'done')).toBe('done');
  expect(readdirSync(join(folder, '..'))).toEqual([]);
});

test('a lock is held as long as a child of its dead owner runs', async () => {
  const folder = abandonedLock();
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600)']);
  lock.recordChild(folder, child.pid ?? 0);

  const isChildGone = await lock.withLock(folder, async () => child.exitCode !== null);

  expect(isChildGone).toBe(true);
});

test('of many processes that meet an abandoned lock, one at a time does the work', async () => {
  const folder = abandonedLock();
  const log = join(folder, '..', 'log');
  const program = `
    const { withLock } = await import(${JSON.stringify(scriptUrl('setup/lock.mjs'))});
    const { appendFileSync } = await import('node:fs');
    await withLock(${JSON.stringify(folder)}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'in ');
      await new Promise((resolve) => setTimeout(resolve, 20));
      appendFileSync(${JSON.stringify(log)}, 'out ');
    });`;
  const one = () => run(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
  const codes = await Promise.all(Array.from({ length: 6 }, one));

  expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
  expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(6));
});
