import { expect, test } from 'vitest';
import { tableOf } from '../../src/cli/output.ts';

const columns: readonly { title: string; of: (row: { name: string; waiting: number }) => string | number }[] = [
  { title: 'name', of: ({ name }) => name },
  { title: 'waiting', of: ({ waiting }) => waiting },
];

test('texts stand to the left, numbers to the right', () => {
  const rows = [
    { name: 'orders', waiting: 5 },
    { name: 'a', waiting: 12345678 },
  ];
  expect(tableOf(rows, columns)).toEqual(['NAME     WAITING', 'orders         5', 'a       12345678']);
});

test('a table of nothing is its titles', () => {
  expect(tableOf([], columns)).toEqual(['NAME  WAITING']);
});
