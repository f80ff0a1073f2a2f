import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { definitionsSchema } from '../../src/server/definitions/json-schema.ts';
import { queueDefinitionSchema } from '../../src/server/definitions/queue-definition.ts';
import { subscriptionDefinitionSchema } from '../../src/server/definitions/subscription-definition.ts';
import { topicDefinitionSchema } from '../../src/server/definitions/topic-definition.ts';
import { fitsSchema } from '../support/json-schema.ts';
import { launch, temporaryFolder } from '../support/launch.ts';
import { codeBlocks, readPage, root } from './pages.ts';

const page = await readPage('docs/definitions.md');
const blocks = codeBlocks(page);
const fileByLanguage = { yaml: 'definitions.yaml', hocon: 'elasticmq.conf', json: 'rabbitmq.json' } as const;

/** A shell in which `gantry` is the built program. */
async function setup() {
  const broker = await launch({ args: ['--durability', 'normal'] });
  onTestFinished(async () => void (await broker.stop()));
  const cwd = await temporaryFolder();
  const bin = await temporaryFolder();
  const program = `#!/bin/sh\nexec '${process.execPath}' '${root}dist/src/cli/main.js' "$@"\n`;
  await writeFile(join(bin, 'gantry'), program, { mode: 0o755 });
  for (const [language, name] of Object.entries(fileByLanguage)) {
    const code = blocks.find((block) => block.language === language)?.code;
    await writeFile(join(cwd, name), code ?? '');
  }
  const env = { PATH: `${bin}${delimiter}${process.env.PATH}`, GANTRY_ENDPOINT: broker.endpoint };
  return async (code: string) => {
    // Both streams in the order in which a person sees them.
    const child = spawn('sh', ['-euc', `exec 2>&1\n${code}`], { cwd, env, stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await once(child, 'close');
    return { code: child.exitCode, output };
  };
}

describe('docs/definitions.md', () => {
  test('says what its commands say', { timeout: 60_000 }, async () => {
    const run = await setup();
    const shells = blocks.flatMap(({ language, code }, at) =>
      language === 'sh' ? [{ code, said: blocks[at + 1] }] : [],
    );

    expect(shells).toHaveLength(5);
    for (const { code, said } of shells) expect(await run(code)).toEqual({ code: 0, output: said?.code });
  });

  test.each([
    ['queue', queueDefinitionSchema],
    ['topic', topicDefinitionSchema],
    ['subscription', subscriptionDefinitionSchema],
  ])('has every key of a %s', (what, schema) => {
    const section = page.split(/^## /m).find((one) => one.startsWith(`The keys of a ${what}\n`)) ?? '';
    const named = [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)`/g)]);

    expect(named.map(([, key]) => key).toSorted()).toEqual(Object.keys(schema.entries).toSorted());
  });
});

describe('the schema of definitions', () => {
  const fits = (yaml: string): boolean => fitsSchema(parse(yaml), definitionsSchema());

  test("lets the page's examples pass", () => {
    const examples = blocks.filter(({ language }) => language === 'yaml');

    expect(examples).toHaveLength(3);
    for (const { code } of examples) expect(fits(code)).toBe(true);
  });

  test.each([
    'queues: [{ name: a, delay: 5s }]',
    'queues: [{ name: a, delay: 5 }]',
    `queues: [{ name: "\${X}", region: "\${REGION}" }]`,
    'queues: [{ name: a, deadLetterSources: none }]',
    'queues: [{ name: a, deadLetterSources: [b] }]',
    'queues: [{ name: a, deadLetter: null, policy: { Statement: [] }, tags: { a: 1 } }]',
    'topics: [{ name: a, archive: null, subscriptions: [{ queue: b, filter: { c: [1] } }, { url: d }] }]',
    '$schema: x.json',
  ])('lets %s pass', (yaml) => {
    expect(fits(yaml)).toBe(true);
  });

  test.each([
    'queue: []',
    'queues: {}',
    'queues: [{ delay: 5s }]',
    'queues: [{ name: a, dely: 5s }]',
    'queues: [{ name: a, deadLetter: { queue: b } }]',
    'queues: [{ name: a.fifo, deduplicationScope: message }]',
    'topics: [{ name: a, subscriptions: [{ queue: b, filterScope: text }] }]',
    'topics: [{ name: a, subscriptons: [] }]',
  ])('marks %s', (yaml) => {
    expect(fits(yaml)).toBe(false);
  });
});
