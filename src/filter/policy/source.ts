import { GantryError } from '../../model/errors.ts';
import { locationOf, repeatedSource } from './json-error.ts';
import type { TokenCursor } from './tokens.ts';

/** What the parsers of a policy share: where they are, and how much they accept. */
export interface PolicySource {
  readonly text: string;
  readonly cursor: TokenCursor;
  readonly isLenient: boolean;
}

/** Refuses the policy with AWS's words, and the place where AWS's reader stands. */
export function refuse({ text, cursor }: PolicySource, message: string): never {
  throw refusal(`${message}\n at ${locationOf(text, cursor.offset, repeatedSource(text))}`);
}

/** An error of a policy without a place. */
export function refusal(message: string): GantryError {
  return new GantryError('invalid-argument', `FilterPolicy: ${message}`);
}
