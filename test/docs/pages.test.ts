import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { brokerOptions } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands.ts';
import { optionName, options, variableName } from '../../src/server/options.ts';
import { readPage, root } from './pages.ts';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs/ARCHITECTURE.md',
  'docs/configuration.md',
  'docs/containers.md',
  'docs/monitoring/README.md',
  'docs/tracing.md',
  'docs/library.md',
];
/** Those of `gantry`'s own commands. */
const commandFlags = commands
  .flatMap((row) => [...(row.options ?? []), ...brokerOptions])
  .flatMap((option) => /--[a-z-]+/.exec(option.flags)?.[0] ?? []);
const commandVariables = ['GANTRY_ENDPOINT', 'GANTRY_USER', 'GANTRY_PASSWORD', 'GANTRY_DATA_DIR_FILE'];
/** Flags of other programs' commands. */
const otherFlags = [
  '--cap-drop',
  '--from-file',
  '--name',
  '--now',
  '--read-only',
  '--rm',
  '--security-opt',
  '--endpoint',
  '--endpoint-url',
  '--force',
  '--experimental-vm-modules',
  '--format',
  '--help',
  '--message-body',
  '--prefix',
  '--prune',
  '--queue-name',
  '--queue-url',
  '--ready',
  '--region',
  '--schema',
  '--wait-time-seconds',
];

describe.each(pages)('%s', (page) => {
  test('names files and folders that exist', async () => {
    const text = await readPage(page);
    const named = [...text.matchAll(/`((?:src|protocols|storage|test|docs|docker|scripts)\/[\w./-]*)`/g)].flatMap(
      ([, path = '']) => path,
    );
    // A link goes from the page's own folder, a name in the text from the root.
    const linked = [...text.matchAll(/\]\(([^):#]+)\)/g)].flatMap(([, path = '']) => join(dirname(page), path));

    expect([...named, ...linked].filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
  });

  test('names options and variables that exist', async () => {
    const text = await readPage(page);
    const flags = new Set([
      ...Object.keys(options).map((key) => `--${optionName(key)}`),
      ...commandFlags,
      ...otherFlags,
    ]);
    const variables = new Set([...Object.keys(options).map(variableName), ...commandVariables]);
    const named = [...text.matchAll(/(?<![\w-])--[a-z][a-z-]+|GANTRY_[A-Z_]*[A-Z]/g)].map(([name]) => name);

    expect(named.filter((name) => !flags.has(name) && !variables.has(name))).toEqual([]);
  });
});

test('ARCHITECTURE.md gives the bounds that the options have', async () => {
  const text = await readPage('docs/ARCHITECTURE.md');
  const { connectionsMax, headerTimeoutMs, keepAliveTimeoutMs, metricsQueuesMax, requestTimeoutMs } = options;

  for (const { default: value } of [connectionsMax, metricsQueuesMax])
    expect(text).toContain(value.toLocaleString('en-US'));
  for (const { default: value } of [headerTimeoutMs, keepAliveTimeoutMs, requestTimeoutMs])
    expect(text).toContain(`${value / 1000} s`);
});
