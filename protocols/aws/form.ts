import { isUtf8 } from 'node:buffer';
import { commonError } from './errors.ts';
import { frontLimits } from './limits.ts';

/**
 * The parameters of a form or a URL's query, cut apart and not yet decoded. Frugal (bench/send): a scan notes where each
 * value begins and ends, and only what a handler asks for is decoded, so that a message body is touched once.
 */
export class Form {
  /** Decoded, in the order of the request; one that stands twice counts where it stands first. */
  readonly names: readonly string[];
  private readonly text: string;
  /** Beginning and end of each value in turn. */
  private readonly bounds: readonly number[];
  private readonly decoded: (string | undefined)[] = [];

  constructor(text: string, names: readonly string[], bounds: readonly number[]) {
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

/**
 * @param text bytes as Latin-1, which is what they are until they are decoded
 * @returns undefined when it has more parameters than any operation takes
 */
export function parseForm(text: string): Form | undefined {
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
      names.push(nameIn(text, start, nameEnd));
      bounds.push(Math.min(nameEnd + 1, end), end);
    }
    start = end + 1;
  }
  return new Form(text, names, bounds);
}

/** A name that cannot be decoded is one that nobody asks for. */
function nameIn(text: string, start: number, end: number): string {
  return decodeField(text, start, end) ?? text.slice(start, end);
}

/** Up to here V8 copies what is cut out of a text; above it keeps the whole text alive. */
const copiedCharactersMax = 12;

/**
 * Never a slice of the text: a queue's name that is remembered would keep the whole request alive.
 * @returns undefined when it is not percent-encoded UTF-8
 */
function decodeField(text: string, start: number, end: number): string | undefined {
  if (end - start <= copiedCharactersMax && isPlain(text, start, end)) return text.slice(start, end);
  const bytes = Buffer.allocUnsafe(end - start);
  let length = 0;
  let bits = 0;
  for (let i = start; i < end; i++) {
    let byte = text.charCodeAt(i);
    if (byte === percent) {
      if (i + 2 >= end) return undefined;
      byte = ((hexValues[text.charCodeAt(i + 1)] ?? notHex) << 4) | (hexValues[text.charCodeAt(i + 2)] ?? notHex);
      if (byte > 0xff) return undefined;
      i += 2;
    } else if (byte === plus) byte = space;
    bits |= byte;
    bytes[length++] = byte;
  }
  if (bits < 0x80) return bytes.toString('latin1', 0, length);
  return isUtf8(bytes.subarray(0, length)) ? bytes.toString('utf8', 0, length) : undefined;
}

function isPlain(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = text.charCodeAt(i);
    if (byte === percent || byte === plus || byte >= 0x80) return false;
  }
  return true;
}

const percent = 0x25;
const plus = 0x2b;
const space = 0x20;
/** Shifted or not, it makes more than a byte. */
const notHex = 0x1000;

const hexValues = new Uint16Array(256).fill(notHex);
for (let digit = 0; digit < 16; digit++) {
  const character = digit.toString(16);
  hexValues[character.charCodeAt(0)] = digit;
  hexValues[character.toUpperCase().charCodeAt(0)] = digit;
}
