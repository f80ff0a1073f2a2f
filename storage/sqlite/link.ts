import { Worker } from 'node:worker_threads';
import { GantryError } from '../../src/model/errors.ts';
import type { GroupAnswer } from './engine.ts';
import type { EngineOptions } from './engine-options.ts';
import { type PlainError, toError } from './plain-error.ts';
import type { Post } from './post.ts';
import { type AnswerMessage, answerOf, type PostMessage, postMessageOf } from './thread-messages.ts';

/** What the store learns when the engine has opened the file. */
export interface Opened {
  readonly receiptKey: Uint8Array;
  readonly queueIdFrom: number;
}

/** How posts reach the engine and answers come back, in order. */
export interface EngineLink {
  open(): Promise<Opened>;
  post(post: Post): void;
  onAnswer: (answer: GroupAnswer) => void;
  /** Nothing is answered any more: a sync failed, an invariant is broken. */
  onBroken: (error: Error) => void;
  backup(to: string): Promise<void>;
  /** Writes what is in memory and ends; harmless twice. */
  close(): Promise<void>;
}

export interface LinkOptions extends EngineOptions {
  /** Locked while the engine is open; undefined for `:memory:`. */
  readonly folder: string | undefined;
}

/** From the store to the thread. */
export type ToThread =
  | PostMessage
  | { readonly type: 'backup'; readonly id: number; readonly to: string }
  | { readonly type: 'close' };
/** And back. */
export type FromThread =
  | { readonly type: 'opened'; readonly opened: Opened }
  | AnswerMessage
  | { readonly type: 'broken'; readonly error: PlainError }
  | { readonly type: 'backup'; readonly id: number; readonly error: PlainError | undefined }
  | { readonly type: 'closed' };

/**
 * What the engine makes and drops in a turn is small, but a young generation grows to 48 MiB as long as it may. A quarter of
 * that costs no CPU (bench/engine) and is 40 MiB less resident for a deep queue with groups (bench/depth).
 */
const maxYoungGenerationSizeMb = 12;

/** Beside this file, as it is built. Not by a name of package.json: a test runner that loads modules itself resolves none. */
const threadUrl = new URL('./worker.js', import.meta.url);

/** The engine in a thread of its own, so that a slow sync does not stop the protocols. */
export class ThreadLink implements EngineLink {
  onAnswer: (answer: GroupAnswer) => void = () => undefined;
  onBroken: (error: Error) => void = () => undefined;
  private readonly options: LinkOptions;
  private worker: Worker | undefined;
  private closed: Promise<void> | undefined;
  private readonly backups = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  private nextBackup = 1;
  private hasEnded = false;

  constructor(options: LinkOptions) {
    this.options = options;
  }

  open(): Promise<Opened> {
    const worker = new Worker(threadUrl, {
      workerData: this.options,
      execArgv: [], // Of the process: --input-type or a loader of somebody's tests is not for this file.
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    this.worker = worker;
    return new Promise((resolve, reject) => {
      worker.once('message', (message: FromThread) => {
        if (!('type' in message)) return; // No answer comes before the first of these.
        if (message.type === 'opened') {
          worker.on('message', (next: FromThread) => this.take(next));
          resolve(message.opened);
        } else if (message.type === 'broken') reject(toError(message.error));
      });
      worker.once('error', (error) => {
        reject(error);
        this.onBroken(error instanceof Error ? error : new Error(String(error)));
      });
      this.closed = new Promise((ended) => {
        worker.once('exit', () => {
          this.hasEnded = true;
          this.failBackups();
          ended();
        });
      });
    });
  }

  private failBackups(): void {
    for (const { reject } of this.backups.values()) {
      reject(new GantryError('unavailable', 'the store was stopped before the backup was complete'));
    }
    this.backups.clear();
  }

  post(post: Post): void {
    this.worker?.postMessage(postMessageOf(post), [post.packed.buffer as ArrayBuffer]);
  }

  backup(to: string): Promise<void> {
    const id = this.nextBackup++;
    if (this.hasEnded) return Promise.reject(new GantryError('unavailable', 'the store is not open'));
    return new Promise((resolve, reject) => {
      this.backups.set(id, { resolve, reject });
      this.worker?.postMessage({ type: 'backup', id, to } satisfies ToThread);
    });
  }

  async close(): Promise<void> {
    this.worker?.postMessage({ type: 'close' } satisfies ToThread);
    await this.closed;
  }

  private take(message: FromThread): void {
    if (!('type' in message)) this.onAnswer(answerOf(message));
    else if (message.type === 'broken') this.onBroken(toError(message.error));
    else if (message.type === 'backup') {
      const waiting = this.backups.get(message.id);
      this.backups.delete(message.id);
      if (message.error === undefined) waiting?.resolve();
      else waiting?.reject(toError(message.error));
    }
  }
}
