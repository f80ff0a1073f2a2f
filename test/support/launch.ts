import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs the real built broker in a process of its own, on free ports, in a temporary folder: for faults, clients and
 * whatever else must judge what users run. A crash test launches again with the `dataDir` of the one that it killed.
 */
export interface LaunchOptions {
  /** Added after `serve --host 127.0.0.1 --http-port 0 --data-dir ...`; a later one wins. */
  readonly args?: readonly string[];
  /** Added to the environment, from which what GANTRY_* and npm put there was taken away. */
  readonly env?: Readonly<Record<string, string>>;
  /** Given: left alone afterwards. Absent: a new folder, removed by `stop`, or when the test's process ends. */
  readonly dataDir?: string;
  /** Before the program: `--max-old-space-size=64`. */
  readonly nodeArgs?: readonly string[];
  readonly cwd?: string;
  readonly readyMsMax?: number;
}
interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}
export interface LaunchedBroker {
  /** The first HTTP listener, as the ready line names it: `http://127.0.0.1:41233`. */
  readonly endpoint: string;
  /** The whole line that begins `Gantry ready`. */
  readonly readyLine: string;
  readonly pid: number;
  readonly dataDir: string;
  readonly exited: Promise<Exit>;
  output(): { readonly stdout: string; readonly stderr: string };
  signal(signal: NodeJS.Signals): void;
  /** Asks it to end, waits until it has. Harmless twice, and after a crash. */
  stop(): Promise<Exit>;
  /** As a power cut for the process; the data folder stays for the next launch. */
  kill9(): Promise<Exit>;
}
export interface StartedProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  output(): { readonly stdout: string; readonly stderr: string };
}

/** The built command line, for who starts it by other means. */
export const program = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const leftovers = { children: new Set<ChildProcess>(), folders: new Set<string>(), isWatching: false };

/** Runs `gantry <args>` to whatever end; for commands and for starts that must fail. */
export function startProcess(args: readonly string[], options: LaunchOptions = {}): StartedProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(GANTRY|npm)_/.test(name));
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  watchLeftovers();
  leftovers.children.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = once(child, 'close').then((): Exit => {
    leftovers.children.delete(child);
    return { code: child.exitCode, signal: child.signalCode };
  });
  return { child, exited, output: () => ({ stdout, stderr }) };
}

/** Settles when the broker has said that it is ready. @throws Error with all it printed when it ended instead */
export async function launch(options: LaunchOptions = {}): Promise<LaunchedBroker> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const args = ['serve', '--host', '127.0.0.1', '--http-port', '0', '--data-dir', dataDir, ...(options.args ?? [])];
  const started = startProcess(args, options);
  const { child, exited, output } = started;
  const kill = async (signal: NodeJS.Signals): Promise<Exit> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return await exited;
  };
  const readyLine = await untilReady(started, options.readyMsMax ?? 20_000).catch(async (cause: unknown) => {
    await kill('SIGKILL');
    if (options.dataDir === undefined) await removeFolder(dataDir);
    throw cause;
  });
  const endpoint = /http:\/\/\S+/.exec(readyLine)?.[0];
  if (endpoint === undefined || child.pid === undefined) throw new Error(`no HTTP address in: ${readyLine}`);
  return {
    endpoint,
    readyLine,
    pid: child.pid,
    dataDir,
    exited,
    output,
    signal: (signal) => void child.kill(signal),
    stop: async () => {
      const exit = await kill('SIGTERM');
      if (options.dataDir === undefined) await removeFolder(dataDir);
      return exit;
    },
    kill9: () => kill('SIGKILL'),
  };
}

/** A new empty folder that is gone at the latest when the test's process ends. */
export async function temporaryFolder(): Promise<string> {
  watchLeftovers();
  const folder = await mkdtemp(join(tmpdir(), 'gantry-test-'));
  leftovers.folders.add(folder);
  return folder;
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  leftovers.folders.delete(folder);
}

function untilReady({ child, exited, output }: StartedProcess, readyMsMax: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => {
      const { stdout, stderr } = output();
      reject(new Error(`the broker ${what}\nstdout: ${stdout}\nstderr: ${stderr}`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${readyMsMax} ms`), readyMsMax);
    child.stdout?.on('data', () => {
      const line = /^Gantry ready.*(?=\n)/m.exec(output().stdout)?.[0];
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(line);
    });
    void exited.then(({ code, signal }) => {
      clearTimeout(timer);
      fail(`ended before it was ready: code ${code}, signal ${signal}`);
    });
  });
}

/** A test that failed half-way leaves neither a process nor a folder behind. */
function watchLeftovers(): void {
  if (leftovers.isWatching) return;
  leftovers.isWatching = true;
  process.once('SIGTERM', () => process.exit()); // How the runner ends a worker; by itself it would end without `exit`.
  process.once('exit', () => {
    for (const child of leftovers.children) child.kill('SIGKILL');
    for (const folder of leftovers.folders) rmSync(folder, { recursive: true, force: true });
  });
}
