import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedBroker, launch, temporaryFolder } from '../support/launch.ts';
import { notRun, whyNotRun } from './not-run.ts';
import { allPages, type CodeBlock, codeBlocks, readPage } from './pages.ts';
import { missingPrograms, openPageShell, type PageShell, runLanguages } from './run-block.ts';

interface ShownBlock extends CodeBlock {
  readonly page: string;
  readonly title: string;
  /** What the page shows below it: each of its lines has to come, `...` stands for anything. */
  readonly shown: string | undefined;
}

const pages = await Promise.all(allPages.map(async (page) => ({ page, blocks: blocksOf(page, await readPage(page)) })));
const blocks = pages.flatMap((one) => one.blocks);
/** Languages that say something and are not run; `yaml` has its own test. */
const shownLanguages = ['text', 'yaml', 'json', 'hocon', 'ini', 'properties'];

test('every block has a language, and one that this test does not run has a reason', () => {
  const known = [...runLanguages, ...shownLanguages];
  const unknown = blocks.filter((block) => !known.includes(block.language) && whyNotRun(block) === undefined);

  expect(unknown.map(({ page, title, language }) => ({ page, title, language }))).toEqual([]);
});

test('every reason not to run a block is the reason of one', () => {
  const unused = notRun.filter(
    (one) => !blocks.some((block) => block.page === one.page && whyNotRun(block) === one.why),
  );

  expect(unused).toEqual([]);
});

const runPages = pages
  .map(({ page, blocks }) => ({ page, blocks: blocks.filter((one) => isRun(one)) }))
  .filter((one) => one.blocks.length > 0);

describe.each(runPages)('$page', ({ blocks }) => {
  let broker: LaunchedBroker;
  let folder = '';
  let shell: PageShell;
  beforeAll(async () => {
    broker = await launch();
    folder = await temporaryFolder();
    shell = await openPageShell(broker, folder);
  }, 60_000);
  afterAll(async () => {
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const block of blocks) {
    const missing = missingPrograms(block);
    const title = missing.length === 0 ? block.title : `${block.title} (needs ${missing.join(', ')})`;

    test.skipIf(missing.length > 0)(title, { timeout: 60_000 }, async () => {
      const { status, output } = await shell.run(block);

      expect(status, output).toBe(0);
      expect(missingLines(output, block.shown), output).toEqual([]);
    });
  }

  test('left no defect behind', async () => {
    const metrics = await (await fetch(`${broker.endpoint}/metrics`)).text();

    expect(metrics).toContain('gantry_invariant_failures_total 0\n');
  });
});

function isRun(block: ShownBlock): boolean {
  return runLanguages.includes(block.language) && whyNotRun(block) === undefined;
}

function blocksOf(page: string, text: string): readonly ShownBlock[] {
  const found = codeBlocks(text);
  return found.map((block, at) => {
    const next = found[at + 1];
    const isFollowed = next?.language === 'text' && text.includes(`${block.code}\`\`\`\n\n\`\`\`text\n${next.code}`);
    const title = block.code.split('\n').find((line) => line.trim() !== '') ?? '';
    return { ...block, page, title, shown: isFollowed ? next.code : undefined };
  });
}

function missingLines(output: string, shown = ''): readonly string[] {
  const said = output.replace(/[^\S\n]+/g, ' ');
  const lines = shown.split('\n').map((line) => line.trim().replace(/\s+/g, ' '));
  return lines.filter((line) => {
    const parts = line.split('...').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    return !new RegExp(parts.join('.*')).test(said);
  });
}
