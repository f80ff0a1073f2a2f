import { usage } from './failure.ts';
import type { Answer } from './request.ts';
import type { Input } from './values.ts';
import { pagingOptions } from './words.ts';

/** An answer in pages, put together. */
export interface Collected {
  readonly list: string;
  /** What each page has of the list; undefined: nothing. */
  readonly pages: readonly (readonly unknown[] | undefined)[];
  /** Where `--starting-token` goes on; undefined: that was all. */
  readonly resumeToken: string | undefined;
}
export interface Paging {
  readonly list: string;
  readonly itemsMax: number | undefined;
  readonly pageSize: number | undefined;
  readonly start: Position;
}
/** A page, and how many of its items are already seen. */
interface Position {
  readonly token: string | undefined;
  readonly seen: number;
}

/**
 * Undefined: one request is asked for, by its own `--next-token` and `--max-results` or by `--no-paginate`.
 * @throws AwsFailure
 */
export function pagingOf(
  list: string | undefined,
  input: Input,
  options: ReadonlyMap<string, string>,
): Paging | undefined {
  if (list === undefined) return undefined;
  const given = pagingOptions.filter((name) => options.has(name));
  const isManual = options.has('no-paginate') || input.NextToken !== undefined || input.MaxResults !== undefined;
  if (isManual && given.length > 0) {
    throw usage(`Cannot specify --no-paginate along with pagination arguments: --${given.join(', --')}`);
  }
  if (isManual) return undefined;
  const start = positionIn(options.get('starting-token'));
  return { list, start, itemsMax: count(options, 'max-items'), pageSize: count(options, 'page-size') };
}

/** Asks for pages until there are enough items. */
export async function collect(
  { list, itemsMax = Number.POSITIVE_INFINITY, pageSize, start }: Paging,
  askOne: (more: Input) => Promise<Answer>,
): Promise<Collected> {
  const pages: (readonly unknown[] | undefined)[] = [];
  let left = itemsMax;
  let { token, seen } = start;
  for (;;) {
    const more = {
      ...(token !== undefined && { NextToken: token }),
      ...(pageSize !== undefined && { MaxResults: pageSize }),
    };
    const page = await askOne(more);
    const all: unknown = page[list];
    const items: readonly unknown[] | undefined = Array.isArray(all) ? all.slice(seen) : undefined;
    const count = items?.length ?? 0;
    if (count > left) {
      pages.push(items?.slice(0, left));
      return { list, pages, resumeToken: tokenOf({ token, seen: seen + left }) };
    }
    pages.push(items);
    left -= count;
    const next = page.NextToken;
    if (typeof next !== 'string' || next === token) return { list, pages, resumeToken: undefined };
    if (left === 0) return { list, pages, resumeToken: tokenOf({ token: next, seen: 0 }) };
    token = next;
    seen = 0;
  }
}

/** As the AWS CLI makes them, so that a script may change from one to the other. */
function tokenOf({
  token = null,
  seen,
}: {
  readonly token?: string | null | undefined;
  readonly seen: number;
}): string {
  const amount = seen === 0 ? '' : `, "boto_truncate_amount": ${seen}`;
  return Buffer.from(`{"NextToken": ${JSON.stringify(token)}${amount}}`).toString('base64');
}

function positionIn(text: string | undefined): Position {
  if (text === undefined) return { token: undefined, seen: 0 };
  try {
    const decoded: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    const { NextToken: token, boto_truncate_amount: seen = 0 }: Record<string, unknown> = { ...Object(decoded) };
    if (
      (typeof token === 'string' || token === null) &&
      typeof seen === 'number' &&
      Number.isSafeInteger(seen) &&
      seen >= 0
    )
      return { token: token ?? undefined, seen };
  } catch {
    // Said below.
  }
  throw usage('Bad starting token: it is not one that --max-items has led to');
}

function count(options: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text) && Number(text) > 0) return Number(text);
  throw usage(`argument --${name}: expected a number from 1 on, got "${text}"`);
}
