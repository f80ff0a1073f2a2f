import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GantryError } from '../../src/model/errors.ts';
import type { Admission } from './committer.ts';

/** Given back on the first full disk, so that settles, which also need room in the log, go on. */
const reserveBytes = 16 * 1024 * 1024;
const freeBytesMinDefault = 32 * 1024 * 1024;
const lookEveryMs = 1_000;
/** A start writes: the log's index, the number of the start, a migration. */
const startBytesMin = 1024 * 1024;

/** room: appends are taken. low: less is free than is to be kept. out: SQLite found no room. A number, for each answer carries it. */
export const roomLeft = { room: 0, low: 1, out: 2 } as const;
export type RoomLeft = (typeof roomLeft)[keyof typeof roomLeft];

export interface SpaceOptions {
  /** Below this appends are refused before SQLite itself fails, which would cost the leases in memory; 0: it may. */
  readonly freeBytesMin?: number;
  /** Of the file system that has this folder. */
  readonly freeBytes?: (folder: string) => number;
}

/** Whether there is room to append. */
export class Space {
  left: RoomLeft = roomLeft.room;
  private readonly folder: string | undefined;
  private readonly freeBytesMin: number;
  private readonly freeBytes: (folder: string) => number;
  private lookAt = 0;

  constructor(file: string, options: SpaceOptions) {
    this.folder = file === ':memory:' ? undefined : dirname(file);
    this.freeBytesMin = options.freeBytesMin ?? freeBytesMinDefault;
    this.freeBytes = options.freeBytes ?? freeBytes;
  }

  get isFull(): boolean {
    return this.left !== roomLeft.room;
  }

  /** When the file system has to be looked at even without work, so that a state that others ended ends here too. */
  get lookDueAt(): number {
    return this.left === roomLeft.low ? this.lookAt : Number.POSITIVE_INFINITY;
  }

  /** While full, one append in a second is let through, if the file system has room: its success ends the state. */
  admission(now: number): Admission {
    if (now >= this.lookAt) {
      this.lookAt = now + lookEveryMs;
      if (this.isLow()) this.left = roomLeft.low;
      else return { refusal: undefined };
    }
    return { refusal: this.refusal() };
  }

  ranOut(now: number): void {
    this.left = roomLeft.out;
    this.lookAt = now + lookEveryMs;
  }

  wentWell(admission: Admission): void {
    if (admission.refusal === undefined) this.left = roomLeft.room;
  }

  private isLow(): boolean {
    return this.folder !== undefined && this.freeBytesMin > 0 && this.freeBytes(this.folder) < this.freeBytesMin;
  }

  private refusal(): GantryError | undefined {
    if (this.left === roomLeft.low) return spaceLow(this.freeBytesMin);
    return this.left === roomLeft.out ? storeFull() : undefined;
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
    if (this.freeBytes(this.folder) < startBytesMin) this.giveUpReserve();
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

function spaceLow(freeBytesMin: number): GantryError {
  return new GantryError('store-full', `the disk of the data folder is full but for less than ${freeBytesMin} bytes`, {
    hint: 'free space on the disk, or let it go further with --disk-free-min',
  });
}

/** Why appends are refused, for who looks after the broker. */
export function whyFull(left: RoomLeft, freeBytesMin = freeBytesMinDefault): string {
  if (left === roomLeft.out) return 'the disk is full: appends are refused';
  return `less than ${freeBytesMin} bytes are free on the disk (--disk-free-min): appends are refused`;
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
