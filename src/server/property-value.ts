import type { Property } from '../model/message.ts';

/** A property's value as JSON can hold it: bytes in base64, integers of 64 bits as their digits. */
export function plainValue({ value }: Property): string | number | boolean | null {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'bigint' ? String(value) : value;
}
