import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { LaunchedBroker } from '../support/launch.ts';
import type { CodeBlock } from './pages.ts';
import { root } from './pages.ts';

/** What pages say where the broker is; a test's own is elsewhere. */
const shownEndpoint = 'http://127.0.0.1:4566';
const interpreters: Readonly<Record<string, (code: string) => readonly [string, ...string[]]>> = {
  // What a block exports holds for those after it, as in the reader's shell.
  sh: (code) => ['sh', '-euc', `${code}\nenv -0 > "$BLOCK_ENVIRONMENT"`],
  js: (code) => [process.execPath, '--input-type=module', '--eval', code],
  python: (code) => ['python3', '-c', code],
};
export const runLanguages = Object.keys(interpreters);

export interface PageShell {
  run(block: CodeBlock): Promise<{ readonly status: number | null; readonly output: string }>;
}

/** A reader who does one page from its top to its end: `gantry` on the PATH, an empty folder, a broker that runs. */
export async function openPageShell(broker: LaunchedBroker, folder: string): Promise<PageShell> {
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const exported = join(folder, '.environment');
  const first = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(GANTRY|AWS|npm|VITEST)/.test(name))),
    PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}`,
    GANTRY_ENDPOINT: broker.endpoint,
    BLOCK_ENVIRONMENT: exported,
  };
  return {
    async run({ language, code }) {
      const [program, ...args] = interpreters[language]?.(code.replaceAll(shownEndpoint, broker.endpoint)) ?? ['false'];
      const env = existsSync(exported) ? parseEnvironment(await readFile(exported, 'utf8')) : first;
      const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
        });
      }
      await once(child, 'close');
      return { status: child.exitCode, output };
    },
  };
}

function parseEnvironment(text: string): NodeJS.ProcessEnv {
  const pairs = text.split('\0').filter((pair) => pair.includes('='));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/** What a block needs and this machine lacks: the AWS CLI, curl, boto3. */
export function missingPrograms({ language, code }: CodeBlock): readonly string[] {
  if (language === 'python') return canRun('python3', '-c', 'import boto3') ? [] : ['boto3'];
  if (language !== 'sh') return [];
  return ['aws', 'curl', 'jq'].filter((name) => new RegExp(`\\b${name} `).test(code) && !canRun(name, '--version'));
}

const answers = new Map<string, boolean>();

function canRun(...[program = '', ...args]: readonly string[]): boolean {
  const known = answers.get(program);
  if (known !== undefined) return known;
  const can = spawnSync(program, args, { stdio: 'ignore' }).status === 0;
  answers.set(program, can);
  return can;
}
