/** `; did you mean "http-port"?` for the candidate nearest to a misspelt word, or '' when none is near. */
export function didYouMean(word: string, candidates: Iterable<string>, prefix = ''): string {
  const nearest = closest(word, candidates);
  return nearest === undefined ? '' : `; did you mean "${prefix}${nearest}"?`;
}

function closest(word: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.ceil(plain(word).length * 0.4)) + 1; // Further away than that is another word.
  for (const candidate of candidates) {
    const distance = isPartOf(word, candidate) ? 0.5 : editDistance(plain(word), plain(candidate));
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}

/** `port` of `http-port`: whoever left out a word is nearer to it than to `host`. */
function isPartOf(word: string, candidate: string): boolean {
  const parts = partsOf(word);
  const all = partsOf(candidate);
  return parts.length > 0 && parts.length < all.length && parts.every((part) => all.includes(part));
}

function partsOf(word: string): readonly string[] {
  return word
    .slice(0, 64)
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_]/)
    .filter((part) => part !== '');
}

/** `httpPort`, `HTTP_PORT` and `http-port` are one word. */
function plain(word: string): string {
  return word.replace(/[-_]/g, '').toLowerCase().slice(0, 64);
}

/** Levenshtein's, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
