/**
 * Whether `text` is what `pattern` says: `*` stands for any characters, `?` for one. No regular expression is made of a
 * pattern, for the pattern is a client's: here the worst case is the product of both lengths.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let to = 0;
  let star = -1;
  let retry = 0;
  while (to < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at++;
      retry = to;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[to])) {
      at++;
      to++;
    } else if (star >= 0) {
      at = star + 1;
      to = ++retry;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** An ARN's parts are compared one by one, so that a `*` in one part does not reach into the next [IAM ArnLike]. */
export function matchesArn(pattern: string, arn: string): boolean {
  const patterns = arnParts(pattern);
  const parts = arnParts(arn);
  return patterns.length === parts.length && patterns.every((each, at) => matchesGlob(each, parts[at] ?? ''));
}

/** The sixth part is all that follows. */
function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
