/** The text is no JSON: what Jackson says of it, and where. */
export class JsonError extends Error {
  readonly detail: string;
  readonly offset: number;

  constructor(detail: string, offset: number) {
    super(detail);
    this.detail = detail;
    this.offset = offset;
  }
}

/** What stands for the text where AWS does not repeat it, which is so for text that is no JSON. */
export const redactedSource = 'REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)';

const repeatedCharactersMax = 500;

/** How Jackson repeats the text that it read: the first characters of it, controls escaped. */
export function repeatedSource(source: string): string {
  const left = source.length - repeatedCharactersMax;
  const shown = source.slice(0, repeatedCharactersMax).replace(/[^\P{Cc}\r\n]/gu, escapedControl);
  return `(String)"${shown}"${left > 0 ? `[truncated ${left} chars]` : ''}`;
}

/** `[Source: ...; line: 1, column: 10]`, both counted from 1; the place is before the character at `offset`. */
export function locationOf(source: string, offset: number, shown: string): string {
  let line = 1;
  let lineStart = 0;
  for (let at = 0; at < offset; at += 1) {
    const code = source.charCodeAt(at);
    const isLineEnd = code === 0x0a || (code === 0x0d && source.charCodeAt(at + 1) !== 0x0a);
    if (isLineEnd) {
      line += 1;
      lineStart = at + 1;
    }
  }
  return `[Source: ${shown}; line: ${line}, column: ${offset - lineStart + 1}]`;
}

const piece = /"[^"\\]*(?:\\.[^"\\]*)*"|[^\s"]+/g;

/**
 * JSON as AWS writes it anew before it looks into it, and where a place in it has gone.
 * @param source JSON
 * @param offset of the end of a token, or within it
 */
export function withoutSpace(source: string, offset: number): { readonly text: string; readonly offset: number } {
  const pieces: string[] = [];
  let before = 0;
  for (const { 0: text, index } of source.matchAll(piece)) {
    pieces.push(text);
    before += Math.min(text.length, Math.max(0, offset - index));
  }
  return { text: pieces.join(''), offset: before };
}

function escapedControl(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

const wordLengthMax = 256;

/** The word that begins there, as far as an error would repeat it; empty where there is none. */
export function wordAt(source: string, offset: number): string {
  let behind = offset;
  while (behind - offset < wordLengthMax && isWordCharacter(source.charCodeAt(behind))) behind += 1;
  return source.slice(offset, behind);
}

/** `'x' (code 120)`. */
export function describeCharacter(source: string, at: number): string {
  const code = source.charCodeAt(at);
  return code < 0x20 ? `(CTRL-CHAR, code ${code})` : `'${source.charAt(at)}' (code ${code})`;
}

/** What Java takes for a part of an identifier, with every letter beyond ASCII taken for one. */
function isWordCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === 0x24 ||
    code > 0x7f
  );
}
