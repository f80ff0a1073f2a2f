import { hash } from 'node:crypto';
import type { MessageAttribute } from '../aws/mapping.ts';

/**
 * The digest that SDKs check: attributes by name; of each its name, its type and its value, each with a length of four
 * bytes before it, and a byte between type and value that says text or binary.
 */
export function attributesMd5(attributes: readonly MessageAttribute[]): string {
  const sorted = attributes.length > 1 ? attributes.toSorted(byName) : attributes;
  let size = 0;
  for (const { name, dataType, value } of sorted)
    size += 13 + byteLength(name) + byteLength(dataType) + byteLength(value);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { name, dataType, value } of sorted) {
    at = writeSized(bytes, at, name);
    at = writeSized(bytes, at, dataType);
    at = bytes.writeUInt8(typeof value === 'string' ? 1 : 2, at);
    at = writeSized(bytes, at, value);
  }
  return hash('md5', bytes, 'hex');
}

// Legal names are letters below U+FFFF, for which the order of UTF-16 is that of UTF-8.
function byName(left: MessageAttribute, right: MessageAttribute): number {
  return left.name < right.name ? -1 : 1;
}

function byteLength(value: string | Uint8Array): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length;
}

function writeSized(bytes: Buffer, start: number, value: string | Uint8Array): number {
  const size = byteLength(value);
  const at = bytes.writeUInt32BE(size, start);
  if (typeof value === 'string') bytes.write(value, at);
  else bytes.set(value, at);
  return at + size;
}
