import { GantryError } from '../../src/model/errors.ts';
import type { RecordKey } from '../store.ts';
import type { EngineState } from './engine-state.ts';

const numberPart = 1;
const textPart = 2;

/**
 * A record's key as bytes whose order is that of the parts: numbers before texts, texts by their UTF-8. A zero byte in a
 * text is followed by 255, its end by 0, so that no key is a prefix of a longer text.
 */
export function encodeKey(key: RecordKey): Buffer {
  const parts: Buffer[] = [];
  for (const part of key) {
    if (typeof part === 'number') parts.push(encodeNumber(part));
    else parts.push(Buffer.from([textPart]), escapeZeros(Buffer.from(part)), Buffer.from([0, 0]));
  }
  return Buffer.concat(parts);
}

function escapeZeros(text: Buffer): Buffer {
  if (!text.includes(0)) return text;
  const escaped: number[] = [];
  for (const byte of text) {
    escaped.push(byte);
    if (byte === 0) escaped.push(255);
  }
  return Buffer.from(escaped);
}

function encodeNumber(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = numberPart;
  bytes.writeDoubleBE(value, 1);
  // IEEE 754 sorts as an integer once the sign bit is turned, and every bit of a negative one.
  if (value < 0 || Object.is(value, -0)) for (let at = 1; at < 9; at++) bytes[at] = ~(bytes[at] as number) & 0xff;
  else bytes[1] = (bytes[1] as number) | 0x80;
  return bytes;
}

export function decodeKey(bytes: Buffer): RecordKey {
  const key: (string | number)[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === numberPart) {
      key.push(decodeNumber(bytes.subarray(at + 1, at + 9)));
      at += 9;
      continue;
    }
    const text: number[] = [];
    at++;
    while (bytes[at] !== 0 || bytes[at + 1] === 255) {
      text.push(bytes[at] as number);
      at += bytes[at] === 0 ? 2 : 1;
    }
    key.push(Buffer.from(text).toString('utf8'));
    at += 2;
  }
  return key;
}

function decodeNumber(sorted: Buffer): number {
  const bytes = Buffer.from(sorted);
  if (((bytes[0] as number) & 0x80) !== 0) bytes[0] = (bytes[0] as number) & 0x7f;
  else for (let at = 0; at < 8; at++) bytes[at] = ~(bytes[at] as number) & 0xff;
  return bytes.readDoubleBE(0);
}

/** 0: there is none. */
export function recordVersion(state: EngineState, key: Buffer): number {
  return (state.sql.record.get.get(key) as { version: number } | undefined)?.version ?? 0;
}

export function putRecord(state: EngineState, key: Buffer, value: Uint8Array): number {
  state.begin();
  const version = nextVersion(recordVersion(state, key), state.versionsForgotten);
  state.sql.record.put.run(key, version, value);
  return version;
}

export function forgetRecord(state: EngineState, key: Buffer): void {
  state.begin();
  const version = recordVersion(state, key);
  state.sql.record.forget.run(key);
  if (version <= state.versionsForgotten) return;
  state.versionsForgotten = version;
  state.sql.queue.metaPut.run(versionsForgottenKey, version);
}

/** Of a put on a record of this version; one that is new has a version that no record with its key ever had. */
export function nextVersion(version: number, versionsForgotten: number): number {
  return (version === 0 ? versionsForgotten : version) + 1;
}

export function readVersionsForgotten(state: EngineState): number {
  const row = state.sql.queue.metaGet.get(versionsForgottenKey) as { value: number } | undefined;
  return Number(row?.value ?? 0);
}

const versionsForgottenKey = 'versionsForgotten';

export interface StoredRecord {
  readonly key: RecordKey;
  readonly value: Uint8Array;
  readonly version: number;
}
const recordsAtOnce = 10_000;

/** Those whose key begins with `prefix`, after `after`, in key order. */
export function listRecords(
  state: EngineState,
  prefix: RecordKey,
  after: RecordKey | undefined,
  max: number | undefined,
): readonly StoredRecord[] {
  const low = encodeKey(prefix);
  const high = Buffer.concat([low, Buffer.from([255])]);
  const from = after === undefined ? low : Buffer.concat([encodeKey(after), Buffer.from([0])]);
  const rows = state.sql.record.range.all(from, high, Math.min(max ?? recordsAtOnce, recordsAtOnce)) as {
    key: Buffer;
    version: number;
    value: Buffer;
  }[];
  return rows.map(({ key, version, value }) => ({ key: decodeKey(key), version, value: new Uint8Array(value) }));
}

export function versionConflict(key: RecordKey, expected: number, found: number): GantryError {
  const name = key.join('/');
  return new GantryError('conflict', `record ${name} has version ${found}, not ${expected}`);
}
