import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ownLimits, sqsLimits } from '../../protocols/sqs/limits.ts';
import { operationShapes } from '../../protocols/sqs/shapes.ts';
import type { Case } from '../protocols/sqs/cases/case.ts';
import { readPage, root } from './pages.ts';

const section = (await readPage('docs/sqs.md')).split(/^## /m).find((one) => one.startsWith('Operation by operation'));
/** Operation, how far it is supported, limits. */
const rows = [...(section ?? '').matchAll(/^\| ([A-Z]\w+) \|(.*?)\|(.*?)\|/gm)].map((cells) =>
  cells.slice(1).map((cell) => cell.trim()),
);
const operations = Object.keys(operationShapes);

test('the table has every operation, once', () => {
  expect(operations).toHaveLength(23);
  expect(rows.map(([name = '']) => name).toSorted()).toEqual(operations.toSorted());
});

test('each operation that is called whole is judged by a case', async () => {
  const judged = new Set<string>();
  for (const name of readdirSync(`${root}dist/test/protocols/sqs/cases`).filter((path) => path.endsWith('.js'))) {
    const module: Readonly<Record<string, unknown>> = await import(`../protocols/sqs/cases/${name}`);
    const cases = Object.values(module).filter(isCases).flat();
    for (const step of cases.flatMap(({ steps }) => steps)) if ('op' in step) judged.add(step.op);
  }

  expect(rows.filter(([name = '', how]) => how !== 'whole' || !judged.has(name))).toEqual([]);
});

test('each limit of the table is one of the code', () => {
  const limits = new Set<number>([...Object.values(sqsLimits), ...Object.values(ownLimits)]);
  const numbers = rows.flatMap(([name, , cell = '']) =>
    [...cell.replaceAll('1 MiB', '1,048,576').matchAll(/\d[\d,]*/g)].map(([text]) => [
      name,
      Number(text.replaceAll(',', '')),
    ]),
  );

  expect(numbers.length).toBeGreaterThan(20);
  expect(numbers.filter(([, value]) => !limits.has(Number(value)))).toEqual([]);
});

function isCases(value: unknown): value is readonly Case[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null && 'steps' in one);
}
