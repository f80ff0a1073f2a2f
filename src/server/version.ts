import { readFile } from 'node:fs/promises';

/** As package.json says it; one place, so that a release changes one line. */
export async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  const { version }: { readonly version: unknown } = JSON.parse(text);
  return String(version);
}
