import { invalid } from './errors.ts';

/** A page of a list goes on after the last key that it gave, so that what is made or dropped meanwhile moves no other. */
function keyAfter(token: string | undefined, prefix: string, parameter: string): string | undefined {
  if (token === undefined || token === '') return undefined;
  const key = prefix + Buffer.from(token, 'base64url').toString();
  // One of ours says the same when it is made again; anything else is somebody's guess.
  if (tokenAfter(key, prefix) !== token) throw invalid(parameter);
  return key;
}

function tokenAfter(key: string, prefix: string): string {
  return Buffer.from(key.slice(prefix.length)).toString('base64url');
}

/**
 * One page of what is listed by key.
 * @param list as of Documents; asked for one more, which says whether there is another page
 */
export function pageOf<T>(
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
  const found = list(prefix, keyAfter(token, prefix, parameter), max + 1);
  const items = found.slice(0, max);
  const last = found.length > max ? items.at(-1) : undefined;
  return { items, next: last && tokenAfter(last.key, prefix) };
}

/** @param max the longest page, and the default. @throws AwsError `InvalidParameter` */
export function pageMaxOf(given: number | undefined, max: number): number {
  if (given === undefined) return max;
  if (given < 1 || given > max) throw invalid(`MaxResults Reason: must be between 1 and ${max}`);
  return given;
}
