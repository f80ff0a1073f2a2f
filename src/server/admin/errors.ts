import type { ErrorCode, GantryError } from '../../model/errors.ts';

/** HTTP's word for each failure; the body has ours. */
const statusByCode: Readonly<Record<ErrorCode, number>> = {
  'not-found': 404,
  'already-exists': 409,
  'invalid-argument': 400,
  'too-large': 413,
  unauthenticated: 401,
  'access-denied': 403,
  'receipt-invalid': 400,
  conflict: 409,
  'limit-exceeded': 429,
  unsupported: 501,
  'store-full': 507,
  'outcome-unknown': 503,
  unavailable: 503,
  internal: 500,
};

export interface ErrorAnswer {
  readonly status: number;
  readonly json: { readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint?: string } };
}

export function errorAnswer({ code, message, hint }: GantryError): ErrorAnswer {
  return { status: statusByCode[code], json: { error: { code, message, ...(hint === undefined ? {} : { hint }) } } };
}
