import { Worker } from 'node:worker_threads';
import { GantryError } from '../../src/model/errors.ts';
import type { GroupAnswer } from './engine.ts';
import type { EngineOptions, Migrated } from './engine-options.ts';
import { type PlainError, toError } from './plain-error.ts';
import type { Post } from './post.ts';
import { type AnswerMessage, answerOf, type PostMessage, postMessageOf } from './thread-messages.ts';

/** What the store learns when the engine has opened the file. */
export interface Opened {
  readonly receiptKey: Uint8Array;
  readonly queueIdFrom: number;
  readonly migrated: Migrated | undefined;
}

/** How posts reach the engine and answers come back, in order. */
export interface EngineLink {
  open(): Promise<Opened>;
  post(post: Post): void;
  onAnswer: (answer: GroupAnswer) => void;
  /** Nothing is answered any more: a sync failed, an invariant is broken. */
  onBroken: (error: Error) => void;
  /** Puts all that was posted before into the file. */
  commitAll(): Promise<void>;
  /** Writes what is in memory and ends; harmless twice. */
  close(): Promise<void>;
}

export interface LinkOptions extends EngineOptions {
  /** Locked while the engine is open; undefined for `:memory:`. */
  readonly folder: string | undefined;
}

/** From the store to the thread. */
export type ToThread = PostMessage | { readonly type: 'commit-all'; readonly id: number } | { readonly type: 'close' };
/** And back. */
export type FromThread =
  | { readonly type: 'opened'; readonly opened: Opened }
  | AnswerMessage
  | { readonly type: 'broken'; readonly error: PlainError }
  | { readonly type: 'committed'; readonly id: number; readonly error: PlainError | undefined }
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
  private readonly committing = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  private nextCommit = 1;
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
          this.failCommitting();
          ended();
        });
      });
    });
  }

  private failCommitting(): void {
    for (const { reject } of this.committing.values()) reject(notOpen());
    this.committing.clear();
  }

  post(post: Post): void {
    this.worker?.postMessage(postMessageOf(post), [post.packed.buffer as ArrayBuffer]);
  }

  commitAll(): Promise<void> {
    const id = this.nextCommit++;
    if (this.hasEnded) return Promise.reject(notOpen());
    return new Promise((resolve, reject) => {
      this.committing.set(id, { resolve, reject });
      this.worker?.postMessage({ type: 'commit-all', id } satisfies ToThread);
    });
  }

  async close(): Promise<void> {
    this.worker?.postMessage({ type: 'close' } satisfies ToThread);
    await this.closed;
  }

  private take(message: FromThread): void {
    if (!('type' in message)) this.onAnswer(answerOf(message));
    else if (message.type === 'broken') this.onBroken(toError(message.error));
    else if (message.type === 'committed') {
      const waiting = this.committing.get(message.id);
      this.committing.delete(message.id);
      if (message.error === undefined) waiting?.resolve();
      else waiting?.reject(toError(message.error));
    }
  }
}

function notOpen(): GantryError {
  return new GantryError('unavailable', 'the store is not open');
}
