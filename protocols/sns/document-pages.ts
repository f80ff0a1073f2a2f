import { invalid } from './errors.ts';
import { textOfToken, tokenOf } from './pages.ts';

/**
 * One page of what is listed by key. It goes on after the last key that the page before gave, so that what is made or dropped
 * meanwhile moves no other.
 * @param list as of Documents; asked for one more, which says whether there is another page
 * @throws AwsError `InvalidParameter` for a token that is none of ours
 */
export function documentPageOf<T>(
  list: (
    prefix: string,
    after: string | undefined,
    max: number,
  ) => readonly { readonly key: string; readonly value: T }[],
  page: {
    readonly prefix: string;
    readonly token: string | undefined;
    readonly parameter: string;
    readonly max: number;
  },
) {
  const { prefix, token, parameter, max } = page;
  const after = textOfToken(token, parameter);
  const found = list(prefix, after === undefined ? undefined : prefix + after, max + 1);
  const items = found.slice(0, max);
  const last = found.length > max ? items.at(-1) : undefined;
  return { items, next: last && tokenOf(last.key.slice(prefix.length)) };
}

/** @param max the longest page, and the default. @throws AwsError `InvalidParameter` */
export function pageMaxOf(given: number | undefined, max: number): number {
  if (given === undefined) return max;
  if (given < 1 || given > max) throw invalid(`MaxResults Reason: must be between 1 and ${max}`);
  return given;
}
