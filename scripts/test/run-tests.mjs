import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSuites, matchesFilter, runSuites } from './suites.mjs';
import { addTotals, exitCodeFor, formatTotals } from './totals.mjs';
import { runVitest } from './vitest.mjs';

/**
 * The built tests under vitest, then the suites in other languages; the last line holds the totals of both.
 * @returns the exit code
 */
export async function runTests(root, args) {
  const { isUnit, filters, options } = parseArguments(args);
  const suites = isUnit || options.length > 0 ? [] : findSuites(root).filter((suite) => matchesFilter(suite, filters));
  const exclude = isUnit ? ['dist/test/clients/**', 'dist/test/faults/**'] : [];
  const totals = await inOwnFolder(async () =>
    addTotals([await runVitest(root, { filters, options, exclude }), ...(await runSuites(root, suites))]),
  );
  if (totals.passed + totals.failed === 0) console.log('no test has run');
  console.log(formatTotals(totals));
  return exitCodeFor(totals);
}

/** All temporary folders of a run lie in one, which goes with it, whatever a test that was cut off left behind. */
async function inOwnFolder(run) {
  const former = process.env.TMPDIR;
  const folder = mkdtempSync(join(tmpdir(), 'gantry-run-'));
  process.env.TMPDIR = folder;
  try {
    return await run();
  } finally {
    if (former === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = former;
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Filters come first; from the first option on, all is vitest's own, and the other suites, which know none, stay out.
 * @public for its test
 */
export function parseArguments(args) {
  const rest = args.filter((arg) => arg !== '--unit');
  const firstOption = rest.findIndex((arg) => arg.startsWith('-'));
  const split = firstOption === -1 ? rest.length : firstOption;
  return { isUnit: rest.length < args.length, filters: rest.slice(0, split), options: rest.slice(split) };
}
