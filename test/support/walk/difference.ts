import { isDeepStrictEqual } from 'node:util';

/** @throws Error that shows the parts which differ */
export function compare(what: string, got: unknown, expected: unknown): void {
  if (isDeepStrictEqual(got, expected)) return;
  throw new Error(`${what}\n  got      ${difference(got, expected)}\n  expected ${difference(expected, got)}`);
}

/** The parts of one that are not in the other, for what a store shows is long. */
export function difference(value: unknown, other: unknown): string {
  if (Array.isArray(value) && Array.isArray(other) && value.length === other.length) {
    const parts = value.flatMap((part, index) =>
      isDeepStrictEqual(part, other[index]) ? [] : [`[${index}] ${difference(part, other[index])}`],
    );
    return parts.join(' ');
  }
  if (isPlain(value) && isPlain(other)) {
    const keys = [...new Set([...Object.keys(value), ...Object.keys(other)])];
    const differing = keys.filter((key) => !isDeepStrictEqual(value[key], other[key]));
    return differing.map((key) => `${key}: ${difference(value[key], other[key])}`).join(', ');
  }
  return JSON.stringify(value) ?? 'undefined';
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
