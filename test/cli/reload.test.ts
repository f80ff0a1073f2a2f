import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  type LaunchedBroker,
  type LaunchOptions,
  launch,
  program,
  startProcess,
  temporaryFolder,
} from '../support/launch.ts';

interface World {
  readonly broker: LaunchedBroker;
  readonly file: string;
  write(text: string): Promise<void>;
  /** Sends the signal; settles with all lines about this and earlier reloads when it has been dealt with. */
  reload(): Promise<readonly Record<string, unknown>[]>;
}

async function setup(text: string, options: LaunchOptions = {}): Promise<World> {
  const file = join(await temporaryFolder(), 'gantry.yaml');
  const write = (content: string) => writeFile(file, content);
  await write(text);
  const broker = await launch({ ...options, args: ['--config', file] });
  onTestFinished(async () => void (await broker.stop()));
  let reloads = 0;
  const ends = () => broker.output().stderr.match(/"event":"(reloaded|reload-failed)"/g)?.length ?? 0;
  return {
    broker,
    file,
    write,
    reload: async () => {
      broker.signal('SIGHUP');
      reloads++;
      await expect.poll(ends, { timeout: 5000 }).toBe(reloads);
      return logLines(broker).filter(({ event }) => String(event).startsWith('reload'));
    },
  };
}

function logLines(broker: LaunchedBroker): readonly Record<string, unknown>[] {
  const lines = broker.output().stderr.trim().split('\n');
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}

/** By a page that the option is to let in. */
async function ask({ broker }: World): Promise<number> {
  return (await fetch(`${broker.endpoint}/health`, { headers: { origin: 'https://console.example' } })).status;
}

test('SIGHUP has the file read again: one line each says what needs a restart, then one what changed', async () => {
  const world = await setup('log-level: info\n');
  const before = await ask(world);

  await world.write('cors-origins: https://console.example\ndurability: normal\nlog-level: info\n');
  const lines = await world.reload();

  expect(before).toBe(403);
  expect(await ask(world)).toBe(200);
  expect(lines).toEqual([
    expect.objectContaining({ level: 'warn', event: 'reload-needs-restart', option: 'durability' }),
    expect.objectContaining({
      ...{ level: 'info', event: 'reloaded', file: world.file },
      changed: { 'cors-origins': ['https://console.example'] },
    }),
  ]);
});

test('a file with a mistake leaves everything as it was, and one line says where it is', async () => {
  const world = await setup('cors-origins: https://console.example\n');

  await world.write('# a comment\ncors-origins: https://other.example\nlog-levle: debug\n');
  const lines = await world.reload();

  const why = `${world.file}:3:1: unknown key "log-levle"; did you mean "log-level"?`;
  expect(lines).toEqual([expect.objectContaining({ level: 'error', event: 'reload-failed', why })]);
  expect(await ask(world)).toBe(200);
});

test('a file that has gone leaves everything as it was', async () => {
  const world = await setup('cors-origins: https://console.example\n');

  await rm(world.file);
  const lines = await world.reload();

  expect(lines).toEqual([
    expect.objectContaining({ event: 'reload-failed', why: expect.stringContaining('no such file') }),
  ]);
  expect(await ask(world)).toBe(200);
});

test('a reload heeds the log level that it brings, and the file of a variable', async () => {
  const level = join(await temporaryFolder(), 'level');
  await writeFile(level, 'error\n');
  const world = await setup('', { env: { GANTRY_LOG_LEVEL_FILE: level } });

  await writeFile(level, 'info\n');
  const lines = await world.reload();

  expect(logLines(world.broker)).toEqual(lines); // Of the start there is none.
  expect(lines).toEqual([expect.objectContaining({ event: 'reloaded', changed: { 'log-level': 'info' } })]);
});

/** Runs a program on a terminal of its own, closes that when the program has said that it is ready, and prints its end. */
const closingTerminal = `
import os, pty, sys
child, terminal = pty.fork()
if child == 0: os.execv(sys.argv[1], sys.argv[1:])
said = b''
while b'Gantry ready' not in said: said += os.read(terminal, 4096)
os.close(terminal)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;

test('a terminal that is closed stops the broker that runs in it, cleanly', async (context) => {
  if (spawnSync('python3', ['-c', 'import pty']).status !== 0) return context.skip('no python3 to make a terminal');
  const dataDir = await temporaryFolder();
  const command = [process.execPath, program, 'serve', '--http-port', '0', '--data-dir', dataDir];

  const ended = spawnSync('python3', ['-c', closingTerminal, ...command], { encoding: 'utf8', timeout: 20_000 });

  expect(ended).toMatchObject({ status: 0, stdout: '-1\n' });
  expect(readdirSync(dataDir)).toContain('gantry.db');
  expect(readdirSync(dataDir)).not.toContain('gantry.db-wal'); // Which a killed one leaves.
});

test('users.yaml as a pipe fails the reload, and neither the next one nor the stop', async () => {
  const world = await setup('');
  const users = join(world.broker.dataDir, 'users.yaml');
  expect(spawnSync('mkfifo', [users]).status).toBe(0);

  await world.reload();
  await rm(users);
  const lines = await world.reload();

  expect(lines).toEqual([
    expect.objectContaining({ event: 'reload-failed', why: expect.stringContaining('it is a pipe') }),
    expect.objectContaining({ event: 'reloaded' }),
  ]);
  expect(await world.broker.stop()).toEqual({ code: 0, signal: null });
});

/** Sends itself the signal twice, and listens a while after that. */
const hangingUp = `
const { holdHangUps } = await import(process.argv[1]);
holdHangUps();
process.kill(process.pid, 'SIGHUP');
process.kill(process.pid, 'SIGHUP');
setTimeout(() => process.on('SIGHUP', () => { console.log('reload'); clearInterval(staying); }), 100);
const staying = setInterval(() => undefined, 1000);
`;

test('a SIGHUP that comes before anybody deals with it is dealt with once, later', () => {
  const holder = join(program, '..', 'hold-hang-ups.js');
  const args = ['--input-type=module', '--eval', hangingUp, holder];

  const ended = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 });

  expect(ended).toMatchObject({ status: 0, signal: null, stdout: 'reload\n', stderr: '' });
});

test('a SIGHUP in the middle of a start does not end it', async () => {
  const dataDir = await temporaryFolder();
  const { child, exited, output } = startProcess(['serve', '--http-port', '0', '--data-dir', dataDir]);
  await expect.poll(() => listensForHangUp(child.pid), { interval: 1, timeout: 10_000 }).toBe(true);
  const isEarly = output().stdout === '' && output().stderr === '';
  child.kill('SIGHUP');

  await expect.poll(() => output().stderr, { timeout: 10_000 }).toContain('"event":"reloaded"');
  child.kill('SIGTERM');

  expect(await exited).toEqual({ code: 0, signal: null });
  expect(isEarly).toBe(true);
});

/** Whether the system would hand the process that signal (1) rather than end it. */
function listensForHangUp(pid: number | undefined): boolean {
  const [, caught = '0'] = /^SigCgt:\s*(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (BigInt(`0x${caught}`) & 1n) === 1n;
}
