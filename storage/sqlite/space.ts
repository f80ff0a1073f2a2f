import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GantryError } from '../../src/model/errors.ts';
import type { Admission } from './committer.ts';

/** Given back on the first full disk, so that settles, which also need room in the log, go on. */
const reserveBytes = 16 * 1024 * 1024;
/** Below this appends are refused before SQLite itself fails, which would cost the leases in memory. */
const freeBytesMin = 32 * 1024 * 1024;
const lookEveryMs = 1_000;
/** A start writes: the log's index, the number of the start, a migration. */
const startBytesMin = 1024 * 1024;

/** Whether there is room to append. */
export class Space {
  isFull = false;
  private readonly folder: string | undefined;
  private lookAt = 0;

  constructor(file: string) {
    this.folder = file === ':memory:' ? undefined : dirname(file);
  }

  /** While full, one append in a second is let through, if the file system has room: its success ends the state. */
  admission(now: number): Admission {
    if (now >= this.lookAt) {
      this.lookAt = now + lookEveryMs;
      if (this.folder !== undefined && freeBytes(this.folder) < freeBytesMin) this.isFull = true;
      else return { refusal: undefined };
    }
    return { refusal: this.isFull ? storeFull() : undefined };
  }

  ranOut(now: number): void {
    this.isFull = true;
    this.lookAt = now + lookEveryMs;
  }

  wentWell(admission: Admission): void {
    if (admission.refusal === undefined) this.isFull = false;
  }

  /** Puts the reserve aside; for when nobody waits. */
  keepReserve(): void {
    if (this.folder === undefined || this.isFull) return;
    const file = join(this.folder, reserveName);
    if (existsSync(file)) return;
    try {
      writeReserve(file);
    } catch {
      rmSync(file, { force: true }); // No room or no right to: then there is none to keep, which is no reason to stop.
    }
  }

  giveUpReserve(): void {
    if (this.folder !== undefined) rmSync(join(this.folder, reserveName), { force: true });
  }

  /** So that what waits on a disk that ran full can be consumed after a restart as well. */
  makeRoomToStart(): void {
    if (this.folder === undefined || !existsSync(join(this.folder, reserveName))) return;
    if (freeBytes(this.folder) < startBytesMin) this.giveUpReserve();
  }
}

const reserveName = 'gantry.reserve';

function writeReserve(file: string): void {
  const descriptor = openSync(file, 'w', 0o600);
  try {
    const chunk = Buffer.alloc(1024 * 1024);
    for (let written = 0; written < reserveBytes; written += chunk.length) writeSync(descriptor, chunk);
  } finally {
    closeSync(descriptor);
  }
}

export function storeFull(): GantryError {
  return new GantryError('store-full', 'the disk of the data folder is full', {
    hint: 'free space on the disk, or consume and purge: what is removed makes room',
  });
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
