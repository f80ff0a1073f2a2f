/**
 * A consistent copy of the file of an open store, made by a connection of its own in a thread of its own (copy-thread.ts):
 * the engine commits what it has, and from there on takes no part in it. It was stepped by the engine's own connection
 * before; then the last step, which syncs the whole copy, made every sender wait (200 ms for 400 MiB, and as many seconds
 * as the disk needs for it).
 */
import { randomBytes } from 'node:crypto';
import { link, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { GantryError } from '../../src/model/errors.ts';
import { copyMode, isThere, noSpaceLeft, requireRoom, syncPath } from './copied-file.ts';
import { type PlainError, toError, toPlain } from './plain-error.ts';

export interface CopyOptions {
  /** Of the store. */
  readonly file: string;
  /** Must not be there; nothing stands there before the copy is whole and on disk. */
  readonly to: string;
  readonly signal: AbortSignal;
  /** Left on the disk of the copy. */
  readonly freeBytesKept: number;
}
/** What the thread is told. */
export interface CopyOrder {
  readonly file: string;
  readonly part: string;
  readonly freeBytesKept: number;
  /** One 32-bit number: not 0 means stop. The thread sleeps on it between two steps. */
  readonly stop: SharedArrayBuffer;
}
/** What it says, once. */
export type CopyReport = { readonly error: PlainError | undefined };

/** The copy's pages and rows live outside of the heap: this thread has little to do there. */
const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

/** @throws GantryError `already-exists`, `store-full`, `unavailable` (stopped meanwhile, or no right to write there) */
export async function copyStore({ file, to, signal, freeBytesKept }: CopyOptions): Promise<void> {
  throwIfStopped(signal);
  if (await isThere(to)) throw alreadyThere(to);
  const part = `${to}.${randomBytes(4).toString('hex')}.part`;
  try {
    requireRoom(to, (await stat(file)).size, freeBytesKept);
    await (await open(part, 'wx', copyMode)).close(); // Made by us, so that nobody else can ever read it.
    await runThread({ file, part, freeBytesKept, stop: new SharedArrayBuffer(4) }, signal);
    throwIfStopped(signal);
    await link(part, to); // Unlike a rename it never takes the place of a file that has come meanwhile.
    await rm(part);
    await syncPath(dirname(to));
  } catch (error) {
    await Promise.all([part, `${part}-journal`].map((one) => rm(one, { force: true })));
    throw explained(error, to);
  }
}

function runThread(order: CopyOrder, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./copy-thread.js', import.meta.url), {
      execArgv: [],
      workerData: order,
      resourceLimits,
    });
    const stop = (): void => {
      const flag = new Int32Array(order.stop);
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
    };
    let report: CopyReport | undefined;
    signal.addEventListener('abort', stop, { once: true });
    worker.once('message', (message: CopyReport) => {
      report = message;
    });
    worker.once('error', (error) => {
      report ??= { error: toPlain(error) };
    });
    worker.once('exit', () => {
      signal.removeEventListener('abort', stop);
      if (report === undefined) reject(new Error('the thread of the copy ended without a word'));
      else if (report.error === undefined) resolve();
      else reject(toError(report.error));
    });
  });
}

function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw stoppedEarly();
}

export function stoppedEarly(): GantryError {
  return new GantryError('unavailable', 'the backup was stopped before it was complete');
}

function alreadyThere(to: string): GantryError {
  return new GantryError('already-exists', `${to} is there already`, { hint: 'choose another name, or move it away' });
}

function explained(error: unknown, to: string): unknown {
  if (error instanceof GantryError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EEXIST') return alreadyThere(to);
  if (code === 'ENOSPC' || code === 'EDQUOT') return noSpaceLeft(to, error);
  return code === '' ? error : new GantryError('unavailable', `${to} cannot be written: ${code}`, { cause: error });
}
