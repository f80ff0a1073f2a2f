/**
 * The head of a plain request: one POST of HTTP/1.1 with a Content-Length, keep-alive, nothing folded, repeated or
 * negotiated. Everything else is `undefined` and node:http's to judge, so this accepts only what RFC 9112 allows in its
 * strictest form: what is not surely plain is not taken.
 * Frugal: one latin1 text of the head, one regular expression for all of it. Measured by bench/send.
 */
export interface PlainHead {
  readonly url: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly contentLength: number;
  /** Where the body begins. */
  readonly bodyAt: number;
}

const post = 'POST ';
const protocol = ' HTTP/1.1\r\n';
const blank = Buffer.from('\r\n\r\n');
/**
 * Lines of token, colon, value without control characters, end of line [RFC 9110 5.1, 5.5]. The value keeps its white space: an
 * expression that took it off could share it out between its parts in n^3 ways, and one head of blanks would hold the
 * process for minutes.
 */
const headerLines = /(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)+/y;
const plainUrl = /^\/[\x21\x23-\x7e]*$/;
const length = /^(?:0|[1-9]\d{0,14})$/;
const urlCharactersMax = 2_048;
const headersMax = 64;

/** @param bytes what has arrived; `undefined` when its head is not whole, too long or not plain */
export function readPlainHead(bytes: Buffer, headBytesMax: number): PlainHead | undefined {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4f) return undefined; // "PO"
  const headEnd = bytes.indexOf(blank);
  if (headEnd < 0 || headEnd + blank.length > headBytesMax) return undefined;
  const text = bytes.toString('latin1', 0, headEnd + 2); // The body, which is the longer part, is no text here.
  if (!text.startsWith(post)) return undefined;
  const urlEnd = text.indexOf(protocol, post.length);
  if (urlEnd < 0 || urlEnd - post.length > urlCharactersMax) return undefined;
  const url = text.slice(post.length, urlEnd);
  if (!plainUrl.test(url)) return undefined;
  return readHeaders(text, url, urlEnd + protocol.length);
}

/** @param text up to and with the end of the last header's line */
function readHeaders(text: string, url: string, start: number): PlainHead | undefined {
  const rawHeaders: string[] = [];
  let contentLength = -1;
  let hosts = 0;
  headerLines.lastIndex = start;
  if (!headerLines.test(text) || headerLines.lastIndex !== text.length) return undefined;
  for (let at = start; at < text.length; ) {
    if (rawHeaders.length >= headersMax * 2) return undefined;
    const colon = text.indexOf(':', at);
    const lineEnd = text.indexOf('\r\n', colon);
    const name = text.slice(at, colon);
    const value = trimmed(text, colon + 1, lineEnd);
    at = lineEnd + 2;
    switch (meaningOf(name)) {
      case 'length':
        if (contentLength !== -1 || !length.test(value)) return undefined;
        contentLength = Number(value);
        break;
      case 'host':
        hosts++;
        break;
      case 'connection':
        if (value.toLowerCase() !== 'keep-alive') return undefined;
        break;
      case 'special':
        return undefined;
      case 'other':
        break;
    }
    rawHeaders.push(name, value);
  }
  if (contentLength < 0 || hosts !== 1) return undefined;
  return { url, rawHeaders, contentLength, bodyAt: text.length + 2 };
}

/** Without blanks and tabs around it, and no others: `trim` knows some that are part of a value. */
function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

type Meaning = 'length' | 'host' | 'connection' | 'special' | 'other';
/** By the length of their names, so that most headers cost one comparison. */
const meanings: readonly (ReadonlyMap<string, Meaning> | undefined)[] = byLength([
  ['host', 'host'],
  ['connection', 'connection'],
  ['content-length', 'length'],
  ['transfer-encoding', 'special'],
  ['expect', 'special'],
  ['upgrade', 'special'],
  ['te', 'special'],
  ['trailer', 'special'],
  ['keep-alive', 'special'],
  ['proxy-connection', 'special'],
  ['content-encoding', 'special'],
]);

function byLength(entries: readonly (readonly [string, Meaning])[]) {
  const table: (Map<string, Meaning> | undefined)[] = [];
  for (const [name, meaning] of entries) {
    const named = table[name.length] ?? new Map<string, Meaning>();
    table[name.length] = named.set(name, meaning);
  }
  return table;
}

function meaningOf(name: string): Meaning {
  return meanings[name.length]?.get(name.toLowerCase()) ?? 'other';
}
