import { expect, it } from 'vitest';
import { errorOf, shapesByCode } from '../../../protocols/sns/errors.ts';
import { type ErrorCode, GantryError } from '../../../src/model/errors.ts';

const statuses = {
  'not-found': 404,
  'already-exists': 400,
  'invalid-argument': 400,
  'too-large': 400,
  unauthenticated: 403,
  'access-denied': 403,
  'receipt-invalid': 400,
  conflict: 503,
  'limit-exceeded': 429,
  unsupported: 400,
  'store-full': 503,
  'outcome-unknown': 503,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

it.each(Object.entries(statuses))('%s of core is answered with %i, in a shape that clients know', (code, status) => {
  const known = Object.keys(shapesByCode).find((each): each is ErrorCode => each === code) ?? 'internal';

  const error = errorOf(new GantryError(known, 'the reason', { hint: 'do this' }));

  expect(error.status).toBe(status);
  expect(error.shape).toBe(shapesByCode[known]);
  expect(error.fault).toBe(status < 500 ? 'Sender' : 'Receiver');
  expect(error.hint).toBe('do this');
});
