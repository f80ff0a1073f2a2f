import { allPages, type CodeBlock } from './pages.ts';

interface NotRun {
  readonly page: string;
  /** A line of it; without one, the page's blocks all. */
  readonly line?: RegExp;
  readonly why: string;
}

const bySuite = 'its client runs it: the suite in test/clients';
const setUp = 'installs and builds: test/house runs the set-up';

/** The blocks of pages that are not run by test/docs/blocks.test.ts, each with the reason. */
const reasons: readonly NotRun[] = [
  { page: 'README.md', line: /^git clone /, why: setUp },
  { page: 'README.md', line: /SqsClient/, why: bySuite },
  { page: 'CONTRIBUTING.md', line: /^npm run dev/, why: 'the scripts of a clone, which other tests run' },
  { page: 'docs/backup.md', why: 'test/cli/backup.test.ts runs these commands' },
  { page: 'docs/cli.md', why: 'examples of the commands: test/cli/examples.test.ts runs them' },
  { page: 'docs/clients.md', line: /^package main$/, why: bySuite },
  { page: 'docs/containers.md', why: 'needs a container engine; test/docker runs what can be run without one' },
  { page: 'docs/definitions.md', why: 'test/docs/definitions.test.ts runs them, with the files that the page shows' },
  { page: 'docs/library.md', why: 'each block is a file of one project: test/docs/library.test.ts runs them' },
  { page: 'docs/monitoring/README.md', why: 'is of a Prometheus: test/clients/prometheus runs one' },
  { page: 'docs/quick-start.md', line: /^git clone /, why: setUp },
];
export const notRun = reasons.filter(({ page }) => allPages.includes(page));

export function whyNotRun({ page, code }: CodeBlock & { readonly page: string }): string | undefined {
  const lines = code.split('\n');
  return reasons.find((one) => one.page === page && lines.some((line) => one.line?.test(line) ?? true))?.why;
}
