import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../setup/run.mjs';
import { noTests, withExitCode } from './totals.mjs';

/** Runs the built tests; what they print goes through, the counts come from vitest's own report. */
export async function runVitest(root, { filters, options, exclude }) {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-test-'));
  const report = join(folder, 'report.json');
  const args = [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--passWithNoTests', // Whether nothing ran is judged over all suites together.
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...exclude.map((glob) => `--exclude=${glob}`),
    ...filters.map(builtName),
    ...options,
  ];
  try {
    const code = await run(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    return withExitCode(readReport(report), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** People name the file that they wrote; vitest sees the one that was built from it. */
const builtName = (filter) => filter.replace(/^\.\//, '').replace(/\.ts$/, '.js');

function readReport(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return noTests; // Vitest ended before its report: its exit code makes this a failure.
  }
  return countReport(JSON.parse(text));
}

/**
 * @param report vitest's JSON report. A file that could not be loaded holds no test, and counts as one failure.
 * @public for its test
 */
export function countReport(report) {
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
