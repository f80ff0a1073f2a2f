/** Lists come in the order of what a token names, so that the last of a page is where the next one begins. */
import type { Members } from '../aws/members.ts';
import { invalid } from './errors.ts';
import { snsLimits } from './limits.ts';

/** The text behind which the page begins; undefined: at the start. @throws AwsError `InvalidParameter` for a token that is none of ours */
export function readToken(members: Members): string | undefined {
  return textOfToken(members.text('NextToken'), 'NextToken');
}

/** @param parameter for the error @throws AwsError `InvalidParameter` */
export function textOfToken(token: string | undefined, parameter: string): string | undefined {
  if (token === undefined || token === '') return undefined;
  const text = Buffer.from(token, 'base64').toString();
  // One of ours says the same when it is made again; anything else is somebody's guess.
  if (token.length <= tokenCharactersMax && tokenOf(text) === token) return text;
  throw invalid(parameter);
}

/**
 * The page of a list and the token of the next one.
 * @param found one more than a page has, if there are so many
 * @param textOf what the token of an item says
 */
export function pageOf<T>(found: readonly T[], textOf: (item: T) => string) {
  const items = found.slice(0, snsLimits.listPageMax);
  const last = items.at(-1);
  const hasMore = last !== undefined && found.length > items.length;
  return { items, nextToken: hasMore ? tokenOf(textOf(last)) : undefined };
}

/** Base64 with its padding, as AWS's are. */
export function tokenOf(text: string): string {
  return Buffer.from(text).toString('base64');
}

const tokenCharactersMax = 2_048;
