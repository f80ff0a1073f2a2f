/** An emulator as a process of its own: ready when it has made a queue, ended without ceremony. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Protocol } from '../../src/cli/bench/load/endpoint.ts';
import { createQueue } from '../../src/cli/bench/sqs.ts';
import type { Subject } from '../../src/cli/bench/subject.ts';

export interface LaunchOptions {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly command: string;
  readonly args: readonly string[];
}
const readyMsMax = 60_000;
const lookMs = 50;
const stopMsMax = 5_000;

/** @throws Error when it is not ready in time, with the last that it wrote to its standard error */
export async function launchEmulator(options: LaunchOptions): Promise<Subject> {
  const { name, port, protocol } = options;
  const child = spawn(options.command, options.args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const endWithParent = () => child.kill('SIGKILL');
  process.once('exit', endWithParent);
  const exited = Promise.race([once(child, 'exit'), once(child, 'error')]).then(() =>
    process.off('exit', endWithParent),
  );
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-1000);
  });
  const isGone = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (isGone()) return;
    child.kill('SIGTERM');
    const isOver = await Promise.race([exited.then(() => true), pause(stopMsMax, false, { ref: false })]);
    if (isOver) return;
    child.kill('SIGKILL');
    await exited;
  };
  const subject: Subject = { name, host: '127.0.0.1', port, protocol, pid: child.pid ?? 0, stop };
  for (const endAt = performance.now() + readyMsMax; performance.now() < endAt && !isGone(); await pause(lookMs)) {
    const url = await createQueue(subject, 'ready').catch(() => undefined);
    if (url !== undefined) return subject;
  }
  await stop();
  throw new Error(`${name} did not start: ${complaint}`);
}

/** One that nobody has now: these programs take no port 0. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
