import { GantryError } from '../../src/model/errors.ts';

/** What crosses a thread of an error. */
export interface PlainError {
  readonly code: GantryError['code'];
  readonly message: string;
  readonly hint: string | undefined;
}

export function toError(plain: PlainError): GantryError {
  return new GantryError(plain.code, plain.message, plain.hint === undefined ? {} : { hint: plain.hint });
}

export function toPlain(error: unknown): PlainError {
  if (error instanceof GantryError) return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'internal', message, hint: undefined };
}
