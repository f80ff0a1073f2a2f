/** The real, built broker: what a user starts, with a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Subject } from './subject.ts';

export interface BrokerOptions {
  readonly dataFolder: string;
  readonly name?: string;
  readonly configFile?: string;
  /** What is run in the place of `gantry serve`; it takes the same flags. */
  readonly command?: Command;
}
interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly folder: string;
}
export interface Broker extends Subject {
  /** From the start of the process to the line that says it is ready. */
  readonly readyMs: number;
}
const program = fileURLToPath(new URL('../main.js', import.meta.url));
const readyMsMax = 120_000; // A folder with five million messages and a cold cache.
const stopMsMax = 15_000; // The broker gives what is in flight 10 s.

/** @throws Error when it does not say that it is ready, with what it said instead */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  if (!existsSync(program)) throw new Error(`${program} is missing: build the broker first`);
  const startedAt = performance.now();
  const flags = ['--http-port', '0', '--data-dir', options.dataFolder];
  if (options.configFile !== undefined) flags.push('--config', options.configFile);
  const command = options.command ?? {
    file: process.execPath,
    args: [program, 'serve'],
    folder: dirname(options.dataFolder), // A gantry.yaml where the user stands must not change what is measured.
  };
  const child = spawn(command.file, [...command.args, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: command.folder,
    env: withoutOwnSettings(process.env),
  });
  const endWithParent = () => child.kill('SIGKILL');
  process.once('exit', endWithParent);
  child.once('exit', () => process.off('exit', endWithParent));
  const complaints = collectErrors(child);
  const line = await readyLine(child, complaints);
  const readyMs = performance.now() - startedAt;
  const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
  if (port === undefined || child.pid === undefined) throw new Error(`no HTTP address in "${line}"`);
  const name = options.name ?? 'gantry';
  return { name, host: '127.0.0.1', port: Number(port), pid: child.pid, readyMs, stop: () => stop(child, complaints) };
}

/** A variable of the user's own broker must not change what is measured. */
function withoutOwnSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('GANTRY_')));
}

/** The last lines that it wrote to its standard error. */
function collectErrors(child: ChildProcess): readonly string[] {
  const lines: string[] = [];
  if (child.stderr !== null)
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      if (lines.length > 20) lines.shift();
    });
  return lines;
}

async function readyLine(child: ChildProcess, complaints: readonly string[]): Promise<string> {
  const { stdout } = child;
  if (stdout === null) throw new Error('the broker has no standard output');
  const timeout = AbortSignal.timeout(readyMsMax);
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      if (line.startsWith('Gantry ready')) resolve(line);
    });
  });
  const failed = Promise.race([
    once(child, 'exit', { signal: timeout }).then(([code]) => `ended with ${code}`),
    once(child, 'error', { signal: timeout }).then(([error]) => String(error)),
  ]).catch(() => `was not ready within ${readyMsMax} ms`);
  const line = await Promise.race([ready, failed.then((why) => ({ why }))]);
  if (typeof line === 'string') return line;
  child.kill('SIGKILL');
  throw new Error(`the broker ${line.why}: ${complaints.join(' | ')}`);
}

async function stop(child: ChildProcess, complaints: readonly string[]): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    if (child.exitCode !== 0)
      throw new Error(`the broker had ended with ${child.exitCode ?? child.signalCode}: ${complaints.join(' | ')}`);
    return;
  }
  const exited = once(child, 'exit', { signal: AbortSignal.timeout(stopMsMax) });
  child.kill('SIGTERM');
  const [code] = await exited.catch(() => ['nothing: it was killed']);
  if (code === 0) return;
  child.kill('SIGKILL');
  throw new Error(`the broker answered SIGTERM with ${code}: ${complaints.join(' | ')}`);
}
