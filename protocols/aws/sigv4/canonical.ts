/** The parts of a canonical request that come of its URL [SigV4, Create a canonical request]. */

const plainPath = /^[A-Za-z0-9\-._~/]*$/;

export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

export function queryOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? '' : url.slice(end + 1);
}

/**
 * The path as every service but S3 has it: what came over the wire, encoded once more. Nothing is normalised: no SDK sends
 * `..` or `//`, and two paths with one signature would let whoever is in between choose another queue.
 */
export function canonicalPath(path: string): string {
  return plainPath.test(path) ? path : path.replace(/[^A-Za-z0-9\-._~/]/g, escaped);
}

/** Name and value of one parameter, each encoded as the canonical query has it. */
export type Pair = readonly [string, string];

export function readPairs(query: string): readonly Pair[] {
  if (query === '') return none;
  const pairs: Pair[] = [];
  for (const text of query.split('&')) {
    if (text === '') continue;
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    pairs.push([reencoded(name), equals < 0 ? '' : reencoded(text.slice(equals + 1))]);
  }
  return pairs;
}

const none: readonly Pair[] = [];

export function canonicalQuery(pairs: readonly Pair[]): string {
  if (pairs.length === 0) return '';
  const ordered = pairs.toSorted(([name, value], [other, otherValue]) =>
    name === other ? compare(value, otherValue) : compare(name, other),
  );
  return ordered.map(([name, value]) => `${name}=${value}`).join('&');
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Byte for byte: what needs no `%` has none, the others have it in capitals; `+` is the blank that forms make of it. */
function reencoded(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~]/g, (found) => {
    if (found === '+') return '%20';
    if (found.length === 1) return escaped(found);
    const character = String.fromCharCode(Number.parseInt(found.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : found.toUpperCase();
  });
}

/** Of one byte: texts here are latin1, as they came over the wire. */
function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
