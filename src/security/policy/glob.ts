import type { Budget } from './budget.ts';

const star = 0x2a;
const anyOne = 0x3f;

/**
 * Whether `text` is what `pattern` says: `*` stands for any characters, `?` for one. No regular expression is made of a
 * pattern, for the pattern is a client's: here the worst case is the product of both lengths, and the budget is its end.
 * @returns undefined: it cannot be told, the budget is used up
 */
export function matchesGlob(pattern: string, text: string, budget: Budget): boolean | undefined {
  if (!budget.spend(1)) return undefined;
  let at = 0;
  let to = 0;
  let starAt = -1;
  let retryAt = 0;
  while (to < text.length) {
    if (!budget.spend(1)) return undefined;
    const wanted = at < pattern.length ? pattern.charCodeAt(at) : -1;
    if (wanted === star) {
      starAt = at++;
      retryAt = to;
    } else if (wanted === anyOne || wanted === text.charCodeAt(to)) {
      at++;
      to++;
    } else if (starAt >= 0) {
      at = starAt + 1;
      to = ++retryAt;
    } else return false;
  }
  while (at < pattern.length && pattern.charCodeAt(at) === star) at++;
  return budget.spend(at) ? at === pattern.length : undefined;
}

/** An ARN's parts are compared one by one, so that a `*` in one part does not reach into the next [IAM ArnLike]. */
export function matchesArn(pattern: string, arn: string, budget: Budget): boolean | undefined {
  if (!budget.spend(pattern.length + arn.length)) return undefined;
  const patterns = arnParts(pattern);
  const parts = arnParts(arn);
  if (patterns.length !== parts.length) return false;
  for (const [at, each] of patterns.entries()) {
    const is = matchesGlob(each, parts[at] ?? '', budget);
    if (is !== true) return is;
  }
  return true;
}

/** The sixth part is all that follows. */
function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
