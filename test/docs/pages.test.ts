import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { brokerOptions, type OptionRow, outputOption } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands.ts';
import { optionName, options, variableName } from '../../src/server/options.ts';
import { allPages, codeBlocks, docsPages, readPage, root } from './pages.ts';

/** Flags of others' programs. */
const othersFlags = [
  ...['--endpoint-url', '--message-body', '--queue-name', '--queue-url', '--wait-time-seconds', '--query'], // aws
  ...['--no-deps'], // pip
  ...['--dry-run'], // npm ci
  ...['--experimental-vm-modules'], // node
  ...['--now'], // systemctl
  ...['--cap-drop', '--name', '--read-only', '--rm', '--security-opt'], // docker
  ...['--from-file'], // kubectl
  ...['--short'], // npm run bench
];
/** Variables that no option has. */
const othersVariables = [
  ...['GANTRY_ENDPOINT', 'GANTRY_USER', 'GANTRY_PASSWORD', 'GANTRY_ACCOUNT', 'GANTRY_REGION'],
  ...['GANTRY_DATA_DIR_FILE'],
];

describe.each(allPages)('%s', (page) => {
  test('names files, folders and headings that exist', async () => {
    const text = await readPage(page);
    const named = [...text.matchAll(/`((?:bin|src|protocols|storage|test|docs|docker|scripts|bench)\/[\w./-]*)`/g)];
    const missing = named.flatMap(([, path = '']) => (existsSync(`${root}${path}`) ? [] : path));

    expect([...missing, ...(await brokenLinks(page, text))]).toEqual([]);
  });

  test('names options and variables that exist', async () => {
    const text = await readPage(page);
    const rows: readonly OptionRow[] = [
      ...brokerOptions,
      outputOption,
      ...commands.flatMap((row) => row.options ?? []),
    ];
    const own = rows.flatMap(({ flags }) => /--[a-z-]+/.exec(flags)?.[0] ?? []);
    const known = new Set([
      ...Object.keys(options).flatMap((key) => [`--${optionName(key)}`, variableName(key)]),
      ...[...own, '--help', ...othersFlags, ...othersVariables],
    ]);
    const named = [...text.matchAll(/(?<![\w-])--[a-z][a-z-]+|GANTRY_[A-Z_]*[A-Z]/g)].map(([name]) => name);

    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test('names commands that exist', async () => {
    const groups = ({ name }: { readonly name: string }) =>
      name.split(' ').map((_, at, words) => words.slice(0, at).join(' '));
    const names = new Set(['help', ...commands.flatMap((row) => [row.name, ...groups(row)])]);

    expect(commandsIn(await readPage(page)).filter((words) => !names.has(words))).toEqual([]);
  });
});

test('every page below docs/ is in the index and in llms.txt', async () => {
  const index = await linksOf('docs/README.md');
  const plain = await linksOf('llms.txt');
  const pages = docsPages.filter((page) => page !== 'docs/README.md' && !page.startsWith('docs/decisions/'));

  expect(pages.filter((page) => !index.includes(page))).toEqual([]);
  expect(pages.filter((page) => !plain.includes(page))).toEqual([]);
});

test('ARCHITECTURE.md gives the bounds that the options have', async () => {
  const text = await readPage('docs/ARCHITECTURE.md');
  const { connectionsMax, headerTimeoutMs, keepAliveTimeoutMs, metricsQueuesMax, requestTimeoutMs } = options;

  for (const { default: value } of [connectionsMax, metricsQueuesMax])
    expect(text).toContain(value.toLocaleString('en-US'));
  for (const { default: value } of [headerTimeoutMs, keepAliveTimeoutMs, requestTimeoutMs])
    expect(text).toContain(`${value / 1000} s`);
});

/** A link goes from the page's own folder. */
async function linksOf(page: string): Promise<readonly string[]> {
  const links = [...(await readPage(page)).matchAll(/\]\(([^):#]*)(?:#([^)]*))?\)/g)];
  return links.map(([, path = '']) => join(dirname(page), path));
}

async function brokenLinks(page: string, text: string): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const [, path = '', anchor] of text.matchAll(/\]\(([^):#]*)(?:#([^)]*))?\)/g)) {
    const target = path === '' ? page : join(dirname(page), path);
    const isThere = existsSync(`${root}${target}`);
    if (!isThere || (anchor !== undefined && !anchorsOf(await readPage(target)).has(anchor))) {
      broken.push(anchor === undefined ? target : `${target}#${anchor}`);
    }
  }
  return broken;
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((one) =>
      one
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** `queue ls` of what is to be typed: in a line of a block, or the beginning of a text in backticks. */
function commandsIn(text: string): readonly string[] {
  const blocks = codeBlocks(text)
    .filter(({ language }) => language === 'sh')
    .map(({ code }) => code);
  const indented = [...text.matchAll(/^ {4}(gantry .*)$/gm)].map(([, line = '']) => line);
  const inline = [...text.matchAll(/`(?:eval "\$\()?(gantry [^`]*)`/g)].map(([, words = '']) => words);
  return [...blocks, ...indented, ...inline].flatMap((code) =>
    [...code.matchAll(/(?:^|[|&;(] ?)gantry ((?:[a-z][\w-]* ?){1,3})/gm)].map(([, words = '']) =>
      commandOf(words.trim()),
    ),
  );
}

/** As many words as name it: of a group the next one too. */
function commandOf(words: string): string {
  const [first = '', ...others] = words.split(' ');
  let command = first;
  for (const word of others) {
    if (!commands.some(({ name }) => name.startsWith(`${command} `))) break;
    command = `${command} ${word}`;
  }
  return command;
}
