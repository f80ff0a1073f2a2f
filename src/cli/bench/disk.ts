/** What the disk of this very run can do: no figure of a durable broker means anything without it. */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from './statistics.ts';

const pageBytes = 4096;
const pageCount = 64;

/**
 * Overwrites pages of a small preallocated file and syncs each: what a write-ahead log does once it has reached its size.
 * @returns the median, in microseconds
 */
export function measureSyncUs(folder: string, syncs: number): number {
  const path = join(folder, 'sync-probe');
  const file = openSync(path, 'w');
  try {
    writeSync(file, Buffer.alloc(pageBytes * pageCount, 1));
    fsyncSync(file);
    const page = Buffer.alloc(pageBytes, 2);
    const times: number[] = [];
    for (let i = 0; i < syncs; i++) {
      const startedAt = performance.now();
      writeSync(file, page, 0, pageBytes, (i % pageCount) * pageBytes);
      fdatasyncSync(file);
      times.push((performance.now() - startedAt) * 1000);
    }
    return median(times);
  } finally {
    closeSync(file);
    rmSync(path);
  }
}

/** Flushes that the folder's device has completed since the machine started, by anyone; undefined where the system does not say. */
export function deviceFlushes(folder: string): number | undefined {
  const device = statSync(folder).dev;
  const major = (device >>> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  const link = `/sys/dev/block/${major}:${minor}`;
  if (!existsSync(link)) return undefined;
  const path = realpathSync(link);
  const disk = existsSync(join(path, 'partition')) ? dirname(path) : path; // Only the whole disk counts flushes.
  const flushes = readFileSync(join(disk, 'stat'), 'utf8').trim().split(/\s+/)[15];
  return flushes === undefined ? undefined : Number(flushes);
}
