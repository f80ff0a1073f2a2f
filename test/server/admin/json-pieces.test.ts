import { expect, it } from 'vitest';
import { jsonPieces } from '../../../src/server/admin/json-pieces.ts';

const long = Array.from({ length: 1_201 }, (_, id) => ({ id, text: `"${id}"` }));

it.each([
  ['short', { name: 'a', subscriptions: [1, 2], left: undefined }, 1],
  ['no object', 'text', 1],
  ['a long list last', { name: 'a', left: undefined, subscriptions: long }, 6],
  ['a long list first', { subscriptions: long, tags: {}, name: 'é' }, 7],
])('an item is the JSON that it would be in one piece: %s', (_, item, count) => {
  const pieces = [...jsonPieces(item)];

  expect(pieces.join('')).toBe(JSON.stringify(item));
  expect(pieces).toHaveLength(count);
});
