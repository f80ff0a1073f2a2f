import { closeSync, fdatasyncSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface SyncTimes {
  readonly p50Us: number;
  readonly p99Us: number;
}
/** Below this nothing reaches a disk: memory, or one that says so before it has. */
export const lyingSyncUs = 20;

const pageBytes = 4096;
const pageCount = 64;

/**
 * Overwrites pages of a small preallocated file and syncs each: what the store's log does once it has reached its size,
 * and so what one message alone waits for.
 */
export function probeSync(folder: string, syncs: number): SyncTimes {
  const own = mkdtempSync(join(folder, 'gantry-probe-'));
  try {
    const times = timesOf(join(own, 'log'), syncs).sort((a, b) => a - b);
    const at = (share: number): number =>
      times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
    return { p50Us: at(0.5), p99Us: at(0.99) };
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function timesOf(path: string, syncs: number): number[] {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, Buffer.alloc(pageBytes * pageCount, 1));
    fsyncSync(file);
    const page = Buffer.alloc(pageBytes, 2);
    return Array.from({ length: syncs }, (_, count) => {
      const startedAt = performance.now();
      writeSync(file, page, 0, pageBytes, (count % pageCount) * pageBytes);
      fdatasyncSync(file);
      return (performance.now() - startedAt) * 1000;
    });
  } finally {
    closeSync(file);
  }
}
