import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The project's folder, seen from the built test. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Where a script is imported from; the scripts are not built, so a test names what it expects of them. */
export const scriptUrl = (path: string): string => new URL(`../../../scripts/${path}`, import.meta.url).href;

/** A folder of the running test's own, gone after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-house-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
