import { ByteWriter } from './byte-writer.ts';
import { escapedAtOnce, firstMarked } from './scan.ts';

/** Builds one XML answer. */
export class XmlWriter extends ByteWriter {
  /** The text of an element, whose UTF-8 is given and has no character that XML cannot carry. */
  escaped(text: Uint8Array): void {
    const start = firstMarked(growths, text, 0, text.length);
    if (start === text.length) return this.copy(text);
    // Counted before: at six bytes for each, a body of quotes would take six times its size on mere suspicion.
    let grown = text.length;
    for (let i = start; i < text.length; i++) grown += growths[text[i] as number] as number;
    this.reserve(grown);
    let i = 0;
    for (let marked = start; marked < text.length; marked = firstMarked(growths, text, i, text.length)) {
      if (marked > i) this.copy(text.subarray(i, marked));
      i = Math.min(marked + escapedAtOnce, text.length);
      this.escapeBetween(text, marked, i);
    }
    if (i < text.length) this.copy(text.subarray(i));
  }

  private escapeBetween(text: Uint8Array, start: number, end: number): void {
    const { bytes } = this;
    let { length } = this;
    for (let i = start; i < end; i++) {
      const byte = text[i] as number;
      if (growths[byte] === 0) {
        bytes[length++] = byte;
        continue;
      }
      const written = escapes[byte] ?? '';
      for (let at = 0; at < written.length; at++) bytes[length++] = written.charCodeAt(at);
    }
    this.length = length;
  }
}

/** Whether XML 1.0 has a character for each of the text's, whose UTF-8 is given; other protocols know more of them. */
export function isCarriable(text: Uint8Array): boolean {
  const { length } = text;
  for (let i = firstMarked(doubtful, text, 0, length); i < length; i = firstMarked(doubtful, text, i + 1, length)) {
    if ((text[i] as number) < 0x20) return false;
    // U+FFFE and U+FFFF, which are EF BF BE and EF BF BF.
    if (text[i + 1] === 0xbf && (text[i + 2] as number) >= 0xbe) return false;
  }
  return true;
}

const escapes: (string | undefined)[] = new Array(256).fill(undefined);
/** How many bytes each byte takes more when it is escaped; 0: it stands for itself. */
const growths = new Uint8Array(256);
for (const [character, written] of [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ['\r', '&#13;'], // Else a parser makes a line feed of it [XML 1.0 2.11].
] as const) {
  escapes[character.charCodeAt(0)] = written;
  growths[character.charCodeAt(0)] = written.length - 1;
}

/** Bytes with which something begins that XML 1.0 has no character for, or may have none. */
const doubtful = new Uint8Array(256);
doubtful.fill(1, 0, 0x20);
for (const allowed of [0x09, 0x0a, 0x0d]) doubtful[allowed] = 0;
doubtful[0xef] = 1;
