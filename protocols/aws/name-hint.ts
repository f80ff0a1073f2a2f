/** What the developer may have meant by a queue or topic that is not there. */
interface NamedAddress {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}
interface NameHintParts {
  /** Every one that there is. */
  readonly others: Iterable<{ readonly address: NamedAddress }>;
  /** Whether the service can spell the name; no other is ever echoed. */
  isName(name: string): boolean;
  /** Whether who asks may learn of that other one. */
  mayKnow(other: NamedAddress): boolean;
  /** How many are looked at. */
  readonly looksMax: number;
  /** How many policies are asked. */
  readonly questionsMax: number;
}

/** The same name in another account or region, the usual mistake with local endpoints, or a name that is one letter off. */
export function nameHint(address: NamedAddress, parts: NameHintParts): string | undefined {
  const { others, isName, mayKnow, looksMax, questionsMax } = parts;
  if (!isName(address.name)) return undefined; // Never echo what a header cannot carry.
  let looked = 0;
  let questions = 0;
  let similar: NamedAddress | undefined;
  for (const { address: other } of others) {
    if (++looked > looksMax) break;
    const isNamesake = other.name === address.name;
    if (!isNamesake && (similar !== undefined || !isName(other.name) || !isOneLetterOff(other.name, address.name)))
      continue;
    if (++questions > questionsMax) break;
    if (!mayKnow(other)) continue;
    if (isNamesake) {
      return `"${other.name}" exists in account ${other.account}, region ${other.region}; the request is for account ${shown(address.account)}, region ${shown(address.region)}`;
    }
    similar = other;
  }
  return similar === undefined ? undefined : `did you mean "${similar.name}"?`;
}

/** One letter changed, added, left out, or two neighbours swapped. Case alone counts as one letter. */
export function isOneLetterOff(left: string, right: string): boolean {
  if (left.toLowerCase() === right.toLowerCase()) return true;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start++;
  const restLeft = left.slice(start);
  const restRight = right.slice(start);
  if (restLeft.slice(1) === restRight.slice(1)) return true;
  if (restLeft.slice(1) === restRight || restLeft === restRight.slice(1)) return true;
  return restLeft.slice(2) === restRight.slice(2) && restLeft[0] === restRight[1] && restLeft[1] === restRight[0];
}

/** A client's own words, which may be anything. */
function shown(text: string): string {
  return text.slice(0, 64).replace(/[^a-z0-9-]/g, '?');
}
