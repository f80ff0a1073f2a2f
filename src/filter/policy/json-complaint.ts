import { JsonError, locationOf, redactedSource } from './json-error.ts';
import { TokenCursor } from './tokens.ts';

/** What AWS says of a text that is no JSON, with the place; undefined: it is JSON. */
export function jsonComplaint(text: string): string | undefined {
  try {
    TokenCursor.over(text);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    return `${cause.detail}\n at ${locationOf(text, cause.offset, redactedSource)}`;
  }
}
