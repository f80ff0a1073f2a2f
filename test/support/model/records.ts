import { GantryError } from '../../../src/model/errors.ts';
import type { RecordKey } from '../../../storage/store.ts';
import type { ModelRecord, ModelState } from './state.ts';

/** @returns the new version @throws GantryError `conflict` when `ifVersion` is another than the record's */
export function putRecord(state: ModelState, key: RecordKey, value: Uint8Array, ifVersion: number | undefined): number {
  const before = checkedVersion(state, key, ifVersion);
  const version = (before === 0 ? state.versionsForgotten : before) + 1;
  const others = state.records.filter((record) => compareKeys(record.key, key) !== 0);
  state.records = [...others, { key, value, version }].sort((a, b) => compareKeys(a.key, b.key));
  return version;
}

/** Harmless when there is none. @throws GantryError `conflict` */
export function forgetRecord(state: ModelState, key: RecordKey, ifVersion: number | undefined): void {
  state.versionsForgotten = Math.max(state.versionsForgotten, checkedVersion(state, key, ifVersion));
  state.records = state.records.filter((record) => compareKeys(record.key, key) !== 0);
}

function checkedVersion(state: ModelState, key: RecordKey, ifVersion: number | undefined): number {
  const version = state.records.find((record) => compareKeys(record.key, key) === 0)?.version ?? 0;
  if (ifVersion !== undefined && ifVersion !== version) {
    throw new GantryError('conflict', `record ${key.join('/')} has version ${version}, not ${ifVersion}`);
  }
  return version;
}

export function recordsUnder(state: ModelState, prefix: RecordKey, after?: RecordKey, max?: number): ModelRecord[] {
  return state.records
    .filter(({ key }) => isUnder(key, prefix) && (after === undefined || compareKeys(key, after) > 0))
    .slice(0, max);
}

export function isUnder(key: RecordKey, prefix: RecordKey): boolean {
  return prefix.every((part, index) => key[index] === part);
}

/** Part by part; numbers before texts; a key before those that it begins. */
function compareKeys(a: RecordKey, b: RecordKey): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    if (left === right) continue;
    if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}
