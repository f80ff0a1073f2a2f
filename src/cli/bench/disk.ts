/** What the disk of this very run can do: no figure of a durable broker means anything without it. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

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
