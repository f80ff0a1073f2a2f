/** Every failure that the broker expects. An adapter maps each code to its protocol's own error in one table. */
export type ErrorCode =
  | 'not-found'
  | 'already-exists'
  | 'invalid-argument'
  | 'too-large'
  | 'unauthenticated'
  | 'access-denied'
  | 'receipt-invalid'
  | 'conflict'
  | 'limit-exceeded'
  | 'unsupported'
  | 'store-full'
  | 'outcome-unknown'
  | 'unavailable'
  | 'internal';

export interface ErrorDetails {
  /** The thing the error is about: a queue's name, an option, a file. */
  readonly resource?: string;
  /** What the person can do about it, as a sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An expected failure: the only thing thrown, or returned in a result, on purpose. */
export class GantryError extends Error {
  readonly code: ErrorCode;
  readonly resource: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'GantryError';
    this.code = code;
    this.resource = details.resource;
    this.hint = details.hint;
  }
}
