import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type LaunchedBroker, launch, temporaryFolder } from '../support/launch.ts';

/** The built one. */
export const program = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
/** A running broker, and a shell in which `gantry` is the built program that talks to it. */
export interface Shell {
  readonly broker: LaunchedBroker;
  /** Runs a line; `input` is its standard input, which is at its end otherwise. */
  run(line: string, input?: string): Promise<Ran>;
  /** The same of a line that goes on: `until` ends it when it has printed that. */
  runUntil(line: string, until: RegExp): Promise<Ran>;
}

let accounts = 0;

/** An own account for each, so that tests on one broker do not meet. */
export async function shellOn(broker: LaunchedBroker, env: Readonly<Record<string, string>> = {}): Promise<Shell> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'gantry'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  await chmod(join(folder, 'gantry'), 0o755);
  const inherited = Object.entries(process.env).filter(([name]) => !/^(GANTRY|AWS)_/.test(name));
  const environment = {
    ...Object.fromEntries(inherited),
    PATH: [folder, process.env.PATH].join(delimiter),
    GANTRY_ENDPOINT: broker.endpoint,
    GANTRY_ACCOUNT: String(++accounts).padStart(12, '0'),
    ...env,
  };

  async function start(line: string, input: string, onOutput: (stdout: string, end: () => void) => void): Promise<Ran> {
    const child = spawn('bash', ['-c', line], { env: environment, cwd: folder, detached: true });
    let stdout = '';
    let stderr = '';
    const end = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      onOutput(stdout, end);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    await once(child, 'close');
    return { code: child.exitCode, stdout, stderr };
  }

  return {
    broker,
    run: (line, input = '') => start(line, input, () => undefined),
    runUntil: (line, until) =>
      start(line, '', (stdout, end) => {
        if (until.test(stdout)) end();
      }),
  };
}

/** With a broker of its own. */
export async function openShell(env: Readonly<Record<string, string>> = {}): Promise<Shell> {
  const broker = await launch();
  onTestFinished(async () => void (await broker.stop()));
  return shellOn(broker, env);
}
