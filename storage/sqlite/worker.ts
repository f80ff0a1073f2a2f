/**
 * The engine's thread, a thin shell: takes every post that has arrived, has them committed as one group, answers, and
 * does what was left for later when nobody waits.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { GantryError } from '../../src/model/errors.ts';
import { Engine } from './engine.ts';
import type { FromThread, LinkOptions, ToThread } from './link.ts';
import { type FolderLock, lockFolder } from './lock.ts';
import { toPlain } from './plain-error.ts';
import type { Post } from './post.ts';
import { answerMessageOf, postOf } from './thread-messages.ts';

/** Below this the sweeper waits for a quiet moment: the more it takes at once, the longer its runs. */
const debtMin = 2_048;
/** Above this it has its turn between groups even while posts arrive. */
const debtMax = 20_000;
/** After work a quiet moment is looked for this much later... */
const quietMs = 100;
/** ...which is a pause of so long: who sends and receives in turn shall not wait for a sweep or a checkpoint in between... */
const pauseMs = 2;
/** ...and which is no longer waited for after this. */
const pauseWaitMs = 1_000;

const options = workerData as LinkOptions;
const port = parentPort;
if (port === null) throw new Error('worker.ts runs as a thread of the SQLite store');

let lock: FolderLock | undefined;
let engine: Engine | undefined;
let isSweepDue = false;
let quietTimer: NodeJS.Timeout | undefined;
let quietBy = 0;
let answeredAt = 0;

function say(message: FromThread): void {
  port?.postMessage(message, 'type' in message ? [] : [message[0].buffer]);
}

try {
  if (options.folder !== undefined) lock = lockFolder(options.folder);
  engine = new Engine(options);
  port.on('message', (message: ToThread) => take(message));
  const { receiptKey, queueIdFrom, migrated } = engine;
  say({ type: 'opened', opened: { receiptKey, queueIdFrom, migrated } });
  sweepWhenIdle();
} catch (error) {
  lock?.release();
  say({ type: 'broken', error: toPlain(error) });
}

/** This message and all that have arrived behind it: the posts among them make one group. */
function take(first: ToThread): void {
  if (port === null || engine === undefined) return;
  const posts: Post[] = [];
  for (let message: ToThread | undefined = first; message !== undefined; message = nextMessage()) {
    if (!('type' in message)) {
      posts.push(postOf(message));
      continue;
    }
    commit(posts.splice(0));
    if (message.type === 'close') return close();
    commitAll(message.id);
  }
  commit(posts);
}

function nextMessage(): ToThread | undefined {
  return port === null ? undefined : (receiveMessageOnPort(port)?.message as ToThread | undefined);
}

function commit(posts: readonly Post[]): void {
  if (posts.length === 0 || engine === undefined) return;
  try {
    say(answerMessageOf(engine.commitGroup(posts)));
    engine.checkpointIfLong();
    if (engine.debt > debtMax) engine.sweep();
  } catch (error) {
    fail(error);
    return;
  }
  answeredAt = performance.now();
  if (engine.debt >= debtMin) return sweepWhenIdle();
  if (quietTimer !== undefined) return;
  quietBy = answeredAt + pauseWaitMs;
  quietTimer = setTimeout(beQuiet, quietMs);
}

function beQuiet(): void {
  const now = performance.now();
  const isPause = now - answeredAt >= pauseMs;
  quietTimer = isPause || now >= quietBy ? undefined : setTimeout(beQuiet, pauseMs);
  if (quietTimer === undefined) sweepWhenIdle();
}

/** One slice each time that the loop has nothing else: what arrives meanwhile waits for a slice at most. */
function sweepWhenIdle(): void {
  if (isSweepDue) return;
  isSweepDue = true;
  setImmediate(() => {
    isSweepDue = false;
    if (engine === undefined) return;
    try {
      if (engine.sweep()) return sweepWhenIdle();
      engine.checkpointWhenQuiet();
      if (engine.debt === 0) engine.settleDown();
    } catch (error) {
      fail(error);
    }
  });
}

function commitAll(id: number): void {
  try {
    engine?.commitAll();
    say({ type: 'committed', id, error: undefined });
  } catch (error) {
    say({ type: 'committed', id, error: toPlain(error) });
    if (!(error instanceof GantryError)) fail(error);
  }
}

/** A sync that failed is never tried again, a broken invariant never worked around: nothing more is answered. */
function fail(error: unknown): void {
  engine = undefined;
  say({ type: 'broken', error: toPlain(error) });
}

function close(): void {
  clearTimeout(quietTimer);
  engine?.close();
  engine = undefined;
  lock?.release();
  say({ type: 'closed' });
  port?.close();
}
