/**
 * The one codec of a message's head: version byte, then fields, each `tag, length, bytes`. Headers have tags below 64 in
 * tag order; a property is one field of tag 64 with its name first, so that a reader finds a header or a property
 * without decoding the others. Integers are big-endian; texts UTF-8; lengths LEB128.
 * Frugal: one scratch buffer, no garbage but the result. Measured by bench/engine and bench/send.
 */

import { GantryError } from './errors.ts';
import type { BodyKind, Head, Headers, Property, PropertyType, PropertyValue } from './message.ts';

const version = 1;
const propertyTag = 64;
const bodyKinds = ['bytes', 'text', 'map', 'list', 'object'] as const satisfies readonly BodyKind[];
// Positions are stored: append only.
const propertyTypes = [
  'string',
  'number',
  'symbol',
  'char',
  'decimal',
  'boolean',
  'byte',
  'short',
  'int',
  'float',
  'double',
  'ubyte',
  'ushort',
  'uint',
  'long',
  'ulong',
  'timestamp',
  'binary',
  'uuid',
  'null',
] as const satisfies readonly PropertyType[];

type HeaderForm = 'kind' | 'text' | 'integer' | 'boolean' | 'hex';
// Tags are stored: append only.
const headerForms = {
  bodyKind: [1, 'kind'],
  contentType: [2, 'text'],
  correlationId: [3, 'text'],
  replyTo: [4, 'text'],
  type: [5, 'text'],
  sentAt: [6, 'integer'],
  groupId: [7, 'text'],
  groupSequence: [8, 'integer'],
  dedupId: [9, 'text'],
  senderId: [10, 'text'],
  clientMessageId: [11, 'text'],
  traceHeader: [12, 'text'],
  isPersistent: [13, 'boolean'],
  expiresAt: [14, 'integer'],
  priority: [15, 'integer'],
  bodyMd5: [16, 'hex'],
  traceparent: [17, 'text'],
  envelope: [18, 'text'],
} as const satisfies Record<keyof Headers, readonly [number, HeaderForm]>;
type HeaderName = keyof Headers;
const headerNames = Object.keys(headerForms) as readonly HeaderName[];

let scratch = Buffer.allocUnsafeSlow(4096);
let length = 0;

function reserve(bytes: number): void {
  if (length + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, length + bytes));
  scratch.copy(larger, 0, 0, length);
  scratch = larger;
}

/** @returns bytes of its own, at least 1: the version. */
export function encodeHead(headers: Headers, properties: readonly Property[]): Uint8Array {
  length = 0;
  reserve(1);
  scratch[length++] = version;
  for (const name of headerNames) {
    const value = headers[name];
    if (value !== undefined) writeHeader(headerForms[name][0], headerForms[name][1], value);
  }
  for (const property of properties) writeProperty(property);
  const head = Uint8Array.prototype.slice.call(scratch, 0, length);
  if (scratch.length > 1 << 20) scratch = Buffer.allocUnsafeSlow(4096);
  return head;
}

function writeHeader(tag: number, form: HeaderForm, value: string | number | boolean): void {
  reserve(16);
  scratch[length++] = tag;
  if (typeof value === 'string' && form === 'text') writeText(value);
  else if (typeof value === 'number') {
    scratch[length++] = 8;
    length = scratch.writeDoubleBE(value, length);
  } else if (typeof value === 'string' && form === 'hex') writeHex(value);
  else {
    scratch[length++] = 1;
    scratch[length++] = typeof value === 'boolean' ? Number(value) : bodyKinds.indexOf(value as BodyKind);
  }
}

function writeProperty(property: Property): void {
  reserve(8);
  scratch[length++] = propertyTag;
  const start = length;
  length += 4; // A fixed length, so that the field need not be measured first.
  writeText(property.name);
  reserve(2);
  scratch[length++] = propertyTypes.indexOf(property.type);
  writeText(property.label ?? '');
  writeValue(property);
  scratch.writeUInt32BE(length - start - 4, start);
}

function writeValue(property: PropertyValue): void {
  reserve(16);
  switch (property.type) {
    case 'boolean':
      scratch[length++] = Number(property.value);
      return;
    case 'byte':
    case 'short':
    case 'int':
    case 'float':
    case 'double':
    case 'ubyte':
    case 'ushort':
    case 'uint':
      length = scratch.writeDoubleBE(property.value, length);
      return;
    case 'long':
    case 'ulong':
    case 'timestamp':
      length = scratch.writeBigInt64BE(BigInt.asIntN(64, property.value), length);
      return;
    case 'binary':
    case 'uuid':
      writeBytes(property.value);
      return;
    case 'null':
      return;
    default:
      writeText(property.value);
  }
}

function writeLength(value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    scratch[length++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  scratch[length++] = rest;
}

/** Two digits a byte: half as long as the text. */
function writeHex(digits: string): void {
  const bytes = digits.length >> 1;
  reserve(bytes + 5);
  writeLength(bytes);
  length += scratch.write(digits, length, 'hex');
}

function writeText(text: string): void {
  if (text.length < shortText && writeShortAscii(text)) return;
  const bytes = Buffer.byteLength(text);
  reserve(bytes + 5);
  writeLength(bytes);
  length += scratch.write(text, length);
}

const shortText = 32;

/** Most texts of a head are: byte by byte they cost less than two calls. @returns false: it is not ASCII, nothing is written */
function writeShortAscii(text: string): boolean {
  reserve(text.length + 1);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return false;
    scratch[length + 1 + i] = code;
  }
  scratch[length] = text.length;
  length += 1 + text.length;
  return true;
}

function writeBytes(bytes: Uint8Array): void {
  reserve(bytes.length + 5);
  writeLength(bytes.length);
  scratch.set(bytes, length);
  length += bytes.length;
}

/** @throws GantryError `internal` when the bytes are of a later version or torn: the store handed out what it never took. */
export function decodeHead(bytes: Uint8Array): Head {
  const headers: Record<string, unknown> = {};
  const properties: Property[] = [];
  const reader = new HeadReader(bytes);
  while (reader.next()) {
    if (reader.tag === propertyTag) properties.push(reader.property());
    else {
      const name = namesByTag[reader.tag];
      if (name !== undefined) headers[name] = reader.header(name); // An unknown tag is of a later minor: skipped.
    }
  }
  return { headers: headers as Headers, properties };
}

const namesByTag: (HeaderName | undefined)[] = [];
for (const name of headerNames) namesByTag[headerForms[name][0]] = name;

/** Walks the fields of one head; `next`, then `header` or `property` for the field that `tag` names. */
class HeadReader {
  tag = 0;
  private readonly bytes: Buffer;
  private at = 1;
  private end = 1;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.bytes[0] !== version)
      throw new GantryError('internal', `message head of version ${this.bytes[0]}, ${version} expected`);
  }

  next(): boolean {
    this.at = this.end;
    if (this.at >= this.bytes.length) return false;
    this.end = this.bytes.length;
    this.tag = this.bytes.readUInt8(this.take(1));
    const size = this.tag === propertyTag ? this.bytes.readUInt32BE(this.take(4)) : this.length();
    const start = this.take(size);
    this.end = this.at;
    this.at = start;
    return true;
  }

  header(name: HeaderName): Headers[HeaderName] {
    switch (headerForms[name][1]) {
      case 'text':
        return this.bytes.toString('utf8', this.at, this.end);
      case 'integer':
        return this.bytes.readDoubleBE(this.take(8));
      case 'boolean':
        return this.bytes.readUInt8(this.take(1)) === 1;
      case 'hex':
        return this.bytes.toString('hex', this.at, this.end);
      case 'kind':
        return bodyKinds[this.bytes.readUInt8(this.take(1))];
    }
  }

  property(): Property {
    const name = this.text();
    const type = propertyTypes[this.bytes.readUInt8(this.take(1))];
    if (type === undefined)
      throw new GantryError('internal', `message head has a property of an unknown type: "${name}"`);
    const label = this.text();
    return { name, ...(label === '' ? {} : { label }), ...this.value(type) };
  }

  private value(type: PropertyType): PropertyValue {
    switch (type) {
      case 'boolean':
        return { type, value: this.bytes.readUInt8(this.take(1)) === 1 };
      case 'byte':
      case 'short':
      case 'int':
      case 'float':
      case 'double':
      case 'ubyte':
      case 'ushort':
      case 'uint':
        return { type, value: this.bytes.readDoubleBE(this.take(8)) };
      case 'ulong':
        return { type, value: this.bytes.readBigUInt64BE(this.take(8)) };
      case 'long':
      case 'timestamp':
        return { type, value: this.bytes.readBigInt64BE(this.take(8)) };
      case 'binary':
      case 'uuid': {
        const start = this.take(this.length());
        return { type, value: this.bytes.subarray(start, this.at) };
      }
      case 'null':
        return { type, value: null };
      default:
        return { type, value: this.text() };
    }
  }

  private text(): string {
    const start = this.take(this.length());
    return this.bytes.toString('utf8', start, this.at);
  }

  private length(): number {
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.bytes.readUInt8(this.take(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw torn();
  }

  /** Goes over the next `size` bytes. @returns where they begin */
  private take(size: number): number {
    const start = this.at;
    this.at += size;
    if (this.at > this.end) throw torn();
    return start;
  }
}

function torn(): GantryError {
  return new GantryError('internal', 'message head is torn');
}

/** One header without decoding the rest; undefined when it is not set. */
export function readHeader<N extends HeaderName>(bytes: Uint8Array, name: N): Headers[N] | undefined {
  const wanted = headerForms[name][0];
  const reader = new HeadReader(bytes);
  while (reader.next()) {
    if (reader.tag === wanted) return reader.header(name) as Headers[N];
    if (reader.tag > wanted) return undefined;
  }
  return undefined;
}
