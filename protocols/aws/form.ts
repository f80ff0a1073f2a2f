import { isUtf8 } from 'node:buffer';
import { commonError } from './errors.ts';
import { frontLimits } from './limits.ts';
import { firstMarked } from './scan.ts';

/** The same twice: one to look for signs in, one to read bytes from. */
interface FormText {
  /** Bytes as Latin-1. */
  readonly text: string;
  readonly bytes: Buffer;
  /** All that was decoded has but the characters U+0020 to U+007F; noted in passing. */
  isPlain: boolean;
}

/**
 * The parameters of a form or a URL's query, cut apart and not yet decoded. Frugal (bench/send): a scan notes where each
 * value begins and ends, and only what a handler asks for is decoded, so that a message body is touched once.
 */
export class Form {
  /** Decoded, in the order of the request; one that stands twice counts where it stands first. */
  readonly names: readonly string[];
  private readonly text: FormText;
  /** Beginning and end of each value in turn. */
  private readonly bounds: readonly number[];
  private readonly decoded: (string | undefined)[] = [];

  constructor(text: FormText, names: readonly string[], bounds: readonly number[]) {
    this.text = text;
    this.names = names;
    this.bounds = bounds;
  }

  /** @throws AwsError `MalformedQueryString` when it is not percent-encoded UTF-8 */
  value(position: number): string {
    const known = this.decoded[position];
    if (known !== undefined) return known;
    const value = this.decode(position);
    if (value === undefined) {
      const message = `The value of ${this.names[position]?.slice(0, 100)} is not percent-encoded UTF-8.`;
      throw commonError('MalformedQueryString', message);
    }
    this.decoded[position] = value;
    return value;
  }

  /** Of all values that were asked for. */
  get isPlainText(): boolean {
    return this.text.isPlain;
  }

  /** The value of a parameter that the front itself asks for; undefined also when it cannot be decoded. */
  find(name: string): string | undefined {
    const position = this.names.indexOf(name);
    return position < 0 ? undefined : this.decode(position);
  }

  private decode(position: number): string | undefined {
    const start = this.bounds[position * 2] ?? 0;
    return decodeField(this.text, start, this.bounds[position * 2 + 1] ?? start);
  }
}

/** @returns undefined when it has more parameters than any operation takes */
export function parseForm(bytes: Buffer): Form | undefined {
  const text = bytes.toString('latin1');
  const both = { text, bytes, isPlain: true };
  const names: string[] = [];
  const bounds: number[] = [];
  let equals = -1;
  let parameters = 0;
  for (let start = 0; start < text.length; ) {
    if (++parameters > frontLimits.formParametersMax) return undefined;
    const and = text.indexOf('&', start);
    const end = and < 0 ? text.length : and;
    // Looked for anew only when it has been passed: a form without any would else be scanned to its end for each name.
    if (equals < start) equals = text.indexOf('=', start);
    if (equals < 0) equals = text.length;
    const nameEnd = Math.min(equals, end);
    if (nameEnd > start && nameEnd - start <= frontLimits.formNameCharactersMax) {
      names.push(nameIn(both, start, nameEnd));
      bounds.push(Math.min(nameEnd + 1, end), end);
    }
    start = end + 1;
  }
  return new Form(both, names, bounds);
}

/** A name that cannot be decoded is one that nobody asks for. */
function nameIn(both: FormText, start: number, end: number): string {
  return decodeField(both, start, end) ?? both.text.slice(start, end);
}

/** Up to here V8 copies what is cut out of a text; above it keeps the whole text alive. */
const copiedCharactersMax = 12;

/**
 * Never a slice of the text: a queue's name that is remembered would keep the whole request alive. Bytes are read and not
 * the text's characters, which cost three times as much.
 * @returns undefined when it is not percent-encoded UTF-8
 */
function decodeField(form: FormText, start: number, end: number): string | undefined {
  const { text, bytes } = form;
  let from = firstMarked(kinds, bytes, start, end);
  if (from === end)
    return end - start <= copiedCharactersMax ? text.slice(start, end) : bytes.toString('latin1', start, end);
  const decoded = Buffer.allocUnsafe(end - start);
  decoded.set(bytes.subarray(start, from));
  let length = from - start;
  let bits = 0;
  for (; from < end; from++) {
    let byte = bytes[from] as number;
    const kind = kinds[byte] as number;
    if (kind === escaped) {
      if (from + 2 >= end) return undefined;
      byte = ((hexValues[bytes[from + 1] as number] as number) << 4) | (hexValues[bytes[from + 2] as number] as number);
      if (byte > 0xff) return undefined;
      from += 2;
    } else if (kind === blank) byte = 0x20;
    if (byte < 0x20) form.isPlain = false;
    bits |= byte;
    decoded[length++] = byte;
  }
  if (bits < 0x80) return decoded.toString('latin1', 0, length);
  form.isPlain = false;
  return isUtf8(decoded.subarray(0, length)) ? decoded.toString('utf8', 0, length) : undefined;
}

/** What a byte is in a value; 0: itself. */
const escaped = 1;
const blank = 2;
const kinds = new Uint8Array(256);
kinds['%'.charCodeAt(0)] = escaped;
kinds['+'.charCodeAt(0)] = blank;
kinds.fill(3, 0, 0x20).fill(3, 0x80); // As they are, but no plain text.

/** Shifted or not, it makes more than a byte. */
const notHex = 0x1000;
const hexValues = new Uint16Array(256).fill(notHex);
for (let digit = 0; digit < 16; digit++) {
  const character = digit.toString(16);
  hexValues[character.charCodeAt(0)] = digit;
  hexValues[character.toUpperCase().charCodeAt(0)] = digit;
}
