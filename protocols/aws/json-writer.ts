import { ByteWriter } from './byte-writer.ts';
import { escapedAtOnce, firstMarked } from './scan.ts';

/** Builds one JSON answer. */
export class JsonWriter extends ByteWriter {
  /** The inside of a JSON string whose UTF-8 is given. */
  escaped(text: Uint8Array): void {
    const start = firstMarked(escapes, text, 0, text.length);
    if (start === text.length) return this.copy(text);
    this.reserve(text.length * 2 + 16);
    let i = 0;
    for (let marked = start; marked < text.length; marked = firstMarked(escapes, text, i, text.length)) {
      if (marked > i) this.copy(text.subarray(i, marked));
      i = Math.min(marked + escapedAtOnce, text.length);
      this.escapeBetween(text, marked, i);
    }
    if (i < text.length) this.copy(text.subarray(i));
  }

  private escapeBetween(text: Uint8Array, start: number, end: number): void {
    let { bytes, length } = this;
    for (let i = start; i < end; i++) {
      const byte = text[i] as number;
      const letter = escapes[byte] as number;
      if (letter === 0) bytes[length++] = byte;
      else if (letter !== unicodeEscape) {
        bytes[length++] = backslash;
        bytes[length++] = letter;
      } else {
        // Six bytes instead of two: a control character that only other protocols can have sent.
        this.length = length;
        this.reserve((text.length - i) * 2 + 16);
        bytes = this.bytes;
        length += bytes.write(`\\u00${byte < 16 ? '0' : ''}${byte.toString(16)}`, length, 'latin1');
      }
    }
    this.length = length;
  }
}

const backslash = 0x5c;
const unicodeEscape = 0x75;

/** For each byte: 0 = stands for itself; else the letter after the backslash, `u` = by its number. */
const escapes = new Uint8Array(256);
escapes.fill(unicodeEscape, 0, 0x20);
for (const [character, letter] of [
  ['"', '"'],
  ['\\', '\\'],
  ['\b', 'b'],
  ['\t', 't'],
  ['\n', 'n'],
  ['\f', 'f'],
  ['\r', 'r'],
] as const) {
  escapes[character.charCodeAt(0)] = letter.charCodeAt(0);
}
