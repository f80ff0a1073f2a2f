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
  const ofVitest = await runVitest(root, { filters, options, exclude });
  const totals = addTotals([ofVitest, ...(await runSuites(root, suites))]);
  if (totals.passed + totals.failed === 0) console.log('no test has run');
  console.log(formatTotals(totals));
  return exitCodeFor(totals);
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
