import { Unreachable } from './exit-codes.ts';

/** Where a list goes on, undefined at its end. @throws Unreachable when it would go round in a circle */
export function nextPage(next: string | undefined, seen: Set<string>): string | undefined {
  if (next === undefined) return undefined;
  if (seen.has(next)) throw new Unreachable('internal', `the broker's list does not end: it comes back to "${next}"`);
  seen.add(next);
  return next;
}
