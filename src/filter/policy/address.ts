/** The longest text of an address: IPv6 whose last four bytes are written as IPv4. */
const addressLengthMax = 45;

/**
 * Reads an IP address as text: four decimal numbers, or IPv6 in any of its spellings but with a zone.
 * @returns its 4 or 16 bytes, an IPv4 address inside IPv6 as 4; undefined for anything else
 */
export function parseAddress(text: string): number[] | undefined {
  if (text.length > addressLengthMax) return undefined;
  if (!text.includes(':')) return parseFourParts(text);
  const bytes = parseIpv6(text);
  return bytes !== undefined && isMappedIpv4(bytes) ? bytes.slice(12) : bytes;
}

/** Whether `address` is in the range: of the same family, and equal in its first `bits` bits. */
export function isInRange(address: readonly number[], range: { address: readonly number[]; bits: number }): boolean {
  return (
    address.length === range.address.length && networkOf(address, range.bits) === networkOf(range.address, range.bits)
  );
}

/** The first `bits` bits as a text: equal for all addresses of one network of that size. */
export function networkOf(address: readonly number[], bits: number): string {
  const wholeBytes = bits >> 3;
  const rest = bits & 7;
  const network = address.slice(0, wholeBytes);
  const split = address[wholeBytes];
  if (rest > 0 && split !== undefined) network.push(split & (0xff << (8 - rest)));
  return network.join('.');
}

function parseFourParts(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes: number[] = [];
  for (const part of parts) {
    // Elsewhere a leading zero means octal: who reads it as what is anybody's guess, so it is no address.
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bytes.push(Number(part));
  }
  return bytes;
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [headText = '', tailText] = halves;
  const head = parseGroups(headText, tailText === undefined);
  const tail = tailText === undefined ? [] : parseGroups(tailText, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (tailText === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** @param isLast whether the address ends here, where IPv4 may stand for the last two groups */
function parseGroups(text: string, isLast: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (isLast && index === groups.length - 1 && group.includes('.')) {
      const four = parseFourParts(group);
      return four === undefined ? undefined : [...bytes, ...four];
    }
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
    const value = Number.parseInt(group, 16);
    bytes.push(value >> 8, value & 0xff);
  }
  return bytes;
}

function isMappedIpv4(bytes: readonly number[]): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
}
