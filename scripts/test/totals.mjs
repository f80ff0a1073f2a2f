/** What every suite, in whatever language, ends with: `3 passed, 0 failed, 1 skipped`. */
const line = /^(\d+) passed, (\d+) failed, (\d+) skipped$/;

export const noTests = { passed: 0, failed: 0, skipped: 0 };
export const oneFailed = { ...noTests, failed: 1 };
export const oneSkipped = { ...noTests, skipped: 1 };

export const formatTotals = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

export function addTotals(all) {
  return all.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    noTests,
  );
}

/** The totals in the last line of a suite's output; undefined when it ends otherwise. */
export function parseTotals(output) {
  const match = line.exec(output.trimEnd().split('\n').at(-1)?.trim() ?? '');
  if (match === null) return undefined;
  const [passed, failed, skipped] = match.slice(1).map(Number);
  return { passed, failed, skipped };
}

/** A run that ended badly has failed, also when its counts know nothing of it (a crash, an error outside a test). */
export function withExitCode(totals, code) {
  return code !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
}

/** Nothing run is no success: a filter that matches nothing, or a build that left no tests, must be seen. */
export function exitCodeFor({ passed, failed }) {
  return failed > 0 || passed === 0 ? 1 : 0;
}
