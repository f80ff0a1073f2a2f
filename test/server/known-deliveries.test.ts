import { expect, test } from 'vitest';
import { KnownDeliveries } from '../../src/server/known-deliveries.ts';
import { receiptOf } from '../core/world.ts';

const [a, b, c] = [receiptOf('a'), receiptOf('b'), receiptOf('c')] as const;

test('what was noted is found until it is forgotten', () => {
  const known = new KnownDeliveries<number>(2);
  known.note({ receipt: a }, 1);
  known.note({ receipt: b }, 2);
  known.forget(a);

  expect([known.find(a), known.find(b)]).toEqual([undefined, 2]);
});

test('above the limit the oldest is forgotten, and one that is noted again is young', () => {
  const known = new KnownDeliveries<number>(2);
  known.note({ receipt: a }, 1);
  known.note({ receipt: b }, 2);
  known.note({ receipt: a }, 3);
  known.note({ receipt: c }, 4);

  expect([known.find(a), known.find(b), known.find(c)]).toEqual([3, undefined, 4]);
});
