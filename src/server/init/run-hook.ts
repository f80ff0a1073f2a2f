import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Hook } from './find-hooks.ts';

/** After the first signal a hook has so long to end by itself. */
const endMs = 2_000;
/** What a hook left running may still hold its output; the next one does not wait for that. */
const lastWordsMs = 500;
const lineCharactersMax = 4_000;

interface HookEnd {
  readonly exitCode: number | undefined;
  /** Why it has no exit code: a signal, or that it could not be run at all. */
  readonly why: string | undefined;
}
export interface RunningHook {
  readonly ended: Promise<HookEnd>;
  /** Ends it with all that it has started; harmless twice. */
  stop(why: string): void;
}

/** Runs one hook in a process group of its own; `say` gets every line that it prints. */
export function runHook(hook: Hook, environment: NodeJS.ProcessEnv, say: (line: string) => void): RunningHook {
  const [program = hook.path, ...before] = hook.runner;
  const args = hook.runner.length === 0 ? [] : [...before, hook.path];
  const child = spawn(program, args, { env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  tellLines(child.stdout, say);
  tellLines(child.stderr, say);
  let stopWhy: string | undefined;
  return {
    ended: endOf(child, program).then((end) => (stopWhy === undefined ? end : { exitCode: undefined, why: stopWhy })),
    stop: (why) => {
      if (stopWhy !== undefined) return;
      stopWhy = why;
      signalGroup(child, 'SIGTERM');
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), endMs);
      child.once('exit', () => {
        clearTimeout(timer);
        signalGroup(child, 'SIGKILL'); // What it has started and left behind.
      });
    },
  };
}

async function endOf(child: ChildProcess, program: string): Promise<HookEnd> {
  try {
    const closed = once(child, 'close');
    closed.catch(() => undefined);
    await once(child, 'exit');
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, lastWordsMs).unref())]);
  } catch (error) {
    return { exitCode: undefined, why: `${program}: ${error instanceof Error ? error.message : String(error)}` };
  }
  const { exitCode, signalCode } = child;
  return exitCode === null ? { exitCode: undefined, why: `ended by ${signalCode}` } : { exitCode, why: undefined };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left: that is what was wanted.
  }
}

function tellLines(stream: NodeJS.ReadableStream | null, say: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) say(line.slice(0, lineCharactersMax));
    if (rest.length <= lineCharactersMax) return;
    say(rest.slice(0, lineCharactersMax)); // A line without an end is said in pieces.
    rest = '';
  });
  stream?.on('end', () => {
    if (rest !== '') say(rest);
  });
}
