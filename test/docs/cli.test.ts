import { expect, test } from 'vitest';
import { referenceText } from '../../src/cli/reference.ts';
import { readPage } from './pages.ts';

test('docs/cli.md is what the table of commands makes of it (npm run docs)', async () => {
  expect(await readPage('docs/cli.md')).toBe(referenceText());
});
