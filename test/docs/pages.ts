import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

export async function readPage(path: string): Promise<string> {
  return await readFile(`${root}${path}`, 'utf8');
}

export interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

export function codeBlocks(page: string): readonly CodeBlock[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({ language, code }));
}
