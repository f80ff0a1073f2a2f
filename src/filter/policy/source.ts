import { GantryError } from '../../model/errors.ts';
import { locationOf, repeatedSource, withoutSpace } from './json-error.ts';
import type { TokenCursor } from './tokens.ts';

/** What the parsers of a policy share: where they are, and how much they accept. */
export interface PolicySource {
  readonly text: string;
  readonly cursor: TokenCursor;
  readonly isLenient: boolean;
}

/** Refuses the policy with AWS's words, and the place where AWS's reader stands in the policy without its white space (verified). */
export function refuse(source: PolicySource, message: string): never {
  const { text, offset } = withoutSpace(source.text, source.cursor.offset);
  throw refusal(`${message}\n at ${locationOf(text, offset, repeatedSource(text))}`);
}

/** An error of a policy without a place. */
export function refusal(message: string): GantryError {
  return new GantryError('invalid-argument', `FilterPolicy: ${message}`);
}
