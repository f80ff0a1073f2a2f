/** The few forms of DER [X.690] that a certificate is made of: each is a tag, the length of its content, the content. */

export function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

export function set(...parts: readonly Buffer[]): Buffer {
  return element(0x31, Buffer.concat(parts));
}

/** A number of any size, never negative. */
export function integer(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  // A first bit that is set would make it negative.
  return element(0x02, (digits[0] ?? 0) < 0x80 ? digits : Buffer.concat([Buffer.of(0), digits]));
}

export function boolean(value: boolean): Buffer {
  return element(0x01, Buffer.of(value ? 0xff : 0));
}

export function octetString(content: Uint8Array): Buffer {
  return element(0x04, content);
}

/** @param unusedBits how many of the last byte do not count */
export function bitString(content: Uint8Array, unusedBits = 0): Buffer {
  return element(0x03, Buffer.concat([Buffer.of(unusedBits), content]));
}

export function nothing(): Buffer {
  return element(0x05, Buffer.alloc(0));
}

export function utf8String(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

/** `1.2.840.113549` as its numbers: seven bits a byte, the first two in one. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(sevenBits)));
}

/** To the second; two digits of the year before 2050, and four from then on, as certificates want it [RFC 5280 4.1.2.5]. */
export function time(at: number): Buffer {
  const digits = `${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return new Date(at).getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(digits.slice(2)))
    : element(0x18, Buffer.from(digits));
}

/** Content under a number of its own, in place of its tag; with `isWhole` around what has a tag. */
export function numbered(number: number, content: Uint8Array, isWhole = false): Buffer {
  return element((isWhole ? 0xa0 : 0x80) + number, content);
}

function element(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(tag), length(content.length), content]);
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.of(bytes);
  const digits: number[] = [];
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Buffer.of(0x80 + digits.length, ...digits);
}

function sevenBits(number: number): readonly number[] {
  const digits = [number % 128];
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest % 128) + 128);
  return digits;
}
