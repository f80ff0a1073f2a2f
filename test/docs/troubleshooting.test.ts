import { expect, test } from 'vitest';
import { refusalReasons } from '../../src/security/refusal.ts';
import { readPage } from './pages.ts';
import { failureTexts, logEvents } from './texts-of-code.ts';

const page = await readPage('docs/troubleshooting.md');
/** What a start asks, and what of it can end it with a line. */
const startFiles = [
  ...[
    'config',
    'config-file',
    'file-node',
    'variable-file',
    'text-file',
    'users-file',
    'data-dir-users',
    'key-file',
    'definitions/definition-files',
    'definitions/variables',
    'addresses',
    'listeners',
    'tls/tls-options',
    'tls/certificate-files',
    'tls/development-certificate',
    'traces/index',
  ].map((name) => `src/server/${name}.ts`),
  ...['file', 'lock', 'migration-copy', 'schema'].map((name) => `storage/sqlite/${name}.ts`),
];

test('every line with which a start ends is on the page, and no other', () => {
  const shown = firstCells('The start ends with one line').flatMap(([text]) => text ?? []);
  const said = startFiles.flatMap(failureTexts).filter((text) => /[a-z]/.test(text.replace('--config', '')));

  expect(said.length).toBeGreaterThan(40);
  expect(shown.toSorted()).toEqual([...new Set(said)].sort());
});

test('every line of the log is on the page with its level, and no other', () => {
  const rows = section('Lines of the log').matchAll(/^\| (`.*?) \| (\w+) \|/gm);
  const shown = [...rows].flatMap(([, names = '', level = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, level] as const),
  );
  const said = [...logEvents()];

  expect(said.length).toBeGreaterThan(20);
  expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(said));
});

test('every reason to refuse somebody is on the page, and no other', () => {
  const shown = firstCells('Who is refused').flatMap(([name]) => name ?? []);

  expect(shown.toSorted()).toEqual([...refusalReasons].sort());
});

/** The texts in backticks that stand in the first cell of each row. */
function firstCells(heading: string): readonly (readonly string[])[] {
  const rows = [...section(heading).matchAll(/^\| (`.*?`) \| /gm)].map(([, cell = '']) => cell);
  const texts = rows.map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));
  return texts.filter(([text]) => text !== 'gantry: ');
}

function section(heading: string): string {
  const text = page.split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  if (text === undefined) throw new Error(`the page has no section "${heading}"`);
  return text;
}
