/** A command of the built program, from the start of its process to the end of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export interface CommandRun {
  readonly ms: number;
  readonly printed: string;
}

export function runGantry(words: readonly string[], folder: string): Promise<CommandRun> {
  return runNode([program, ...words], folder);
}

/** @throws Error when it ends with anything but 0, with what it said */
export async function runNode(words: readonly string[], folder: string): Promise<CommandRun> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
  const endWithParent = () => child.kill('SIGKILL');
  process.once('exit', endWithParent);
  const texts = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'exit');
  const ms = performance.now() - startedAt;
  process.off('exit', endWithParent);
  const [printed, complaint] = await texts;
  if (code === 0) return { ms, printed };
  throw new Error(`node ${words.join(' ')} ended with ${code}: ${complaint || printed}`);
}
