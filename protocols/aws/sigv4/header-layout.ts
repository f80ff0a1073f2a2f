import { doesNotMatch } from './errors.ts';

/**
 * Where in a raw list of headers the signed ones are. A client sends the same headers in the same order again and again,
 * so the layout of its last request fits its next, and what costs - small letters, look-ups, the search for headers that
 * ought to be signed - is done once. Frugal: see README.md.
 */
export interface HeaderLayout {
  /** The names in the raw list, as they came. */
  readonly names: readonly string[];
  /** For each signed header where its values are in the raw list. */
  readonly places: readonly (readonly number[])[];
  /** Where the value is of a header that itself says how the request is signed; undefined: it is not there. */
  readonly date: number | undefined;
  readonly plainDate: number | undefined;
  readonly token: number | undefined;
  readonly payloadHash: number | undefined;
}

export function fits({ names }: HeaderLayout, raw: readonly string[]): boolean {
  if (raw.length !== names.length * 2) return false;
  for (let at = 0; at < names.length; at++) if (raw[at * 2] !== names[at]) return false;
  return true;
}

/** @throws AwsError `SignatureDoesNotMatch` when a signed header is missing or one is not signed that must be */
export function layOut(signedHeaders: readonly string[], raw: readonly string[]): HeaderLayout {
  const names: string[] = [];
  const placesByName = new Map<string, number[]>(signedHeaders.map((name) => [name, []]));
  const others = new Map<string, number[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const given = raw[at] ?? '';
    const name = given.toLowerCase();
    names.push(given);
    const places = placesByName.get(name);
    if (places !== undefined) places.push(at + 1);
    else if (name.startsWith('x-amz-')) throw notSigned(name);
    else others.set(name, [...(others.get(name) ?? []), at + 1]);
  }
  const only = (name: string): number | undefined => {
    const places = placesByName.get(name) ?? others.get(name) ?? [];
    if (places.length > 1) throw doesNotMatch(`The header '${name}' stands there more than once.`);
    return places[0];
  };
  const places = signedHeaders.map((name) => placesByName.get(name) ?? []);
  if (places.some((each) => each.length === 0)) throw doesNotMatch();
  return {
    names,
    places,
    date: only('x-amz-date'),
    plainDate: only('date'),
    token: only('x-amz-security-token'),
    payloadHash: only('x-amz-content-sha256'),
  };
}

/** Such a header changes what a request does: unsigned, anybody on the way could have put it there. */
function notSigned(name: string) {
  return doesNotMatch(`The header '${name.slice(0, 100)}' must be a 'SignedHeader' in the AWS Authorization.`);
}

/** `name:value` lines; repeated headers are one, with commas [SigV4, CanonicalHeaders]. */
export function canonicalHeaders(
  signedHeaders: readonly string[],
  { places }: HeaderLayout,
  raw: readonly string[],
  host: string | undefined,
): string {
  let lines = '';
  for (let at = 0; at < signedHeaders.length; at++) {
    const name = signedHeaders[at] ?? '';
    lines += `${name}:${name === 'host' && host !== undefined ? host : joined(places[at] ?? [], raw)}\n`;
  }
  return lines;
}

function joined(places: readonly number[], raw: readonly string[]): string {
  const [place = -1] = places;
  if (places.length === 1) return folded(raw[place] ?? '');
  return places.map((each) => folded(raw[each] ?? '')).join(',');
}

/** Blanks around it are gone, and several within it are one. */
function folded(value: string): string {
  if (!value.includes('  ') && !value.includes('\t')) return value;
  return value.replace(/[ \t]+/g, ' ').trim();
}
