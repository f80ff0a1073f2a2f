/** The longest text of an address: IPv6 whose last four bytes are written as IPv4. */
const addressLengthMax = 45;

const byteBits: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(2).padStart(8, '0'));

/**
 * Reads an IP address: four decimal numbers, or IPv6 in any of its spellings without a zone.
 * @returns 4 or 6 for its family and then its bits, so that a network is a prefix; undefined for what is no address.
 * IPv4 inside IPv6 is IPv4
 */
export function parseAddress(text: string): string | undefined {
  if (text.length > addressLengthMax) return undefined;
  const bytes = text.includes(':') ? parseIpv6(text) : parseFourParts(text);
  if (bytes === undefined) return undefined;
  const isShort = bytes.length === 4 || isMappedIpv4(bytes);
  let bits = isShort ? '4' : '6';
  for (const byte of isShort ? bytes.slice(-4) : bytes) bits += byteBits[byte];
  return bits;
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
