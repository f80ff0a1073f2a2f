import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

export async function readPage(path: string): Promise<string> {
  return await readFile(`${root}${path}`, 'utf8');
}

/** Every page below docs/, as paths from the root. */
export const docsPages = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => `docs/${path}`)
  .sort();

/** Every page that people read before the code. */
export const allPages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'llms.txt', ...docsPages];

export interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

export function codeBlocks(page: string): readonly CodeBlock[] {
  return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({ language, code }));
}
