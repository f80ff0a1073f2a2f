/**
 * One commit group: every batch, receive and call of the posts at hand, in order, in one transaction, and one answer.
 *
 * A batch is all or none without a savepoint: what can fail by its content is looked through before anything of it is
 * applied (check.ts). A group whose batches are all `memory` leaves its transaction open for the next one, for its
 * answer need not wait for a sync; flushAt bounds how long.
 */
import { GantryError } from '../../src/model/errors.ts';
import { append } from './append.ts';
import { callEngine, type EngineCall } from './calls.ts';
import type { ChangeOp } from './change-op.ts';
import { refusalOfBatch } from './check.ts';
import { discardAt } from './discard.ts';
import type { EngineState } from './engine-state.ts';
import type { PlainError } from './plain-error.ts';
import {
  answerFailed,
  answerOk,
  batchIsConditional,
  batchIsMemory,
  batchIsStrict,
  changeAppend,
  changeSettle,
  opBatch,
  opReceive,
  PackedReader,
  PackedWriter,
  type Post,
  readAppend,
  readReceive,
  readSettle,
  settleWas,
} from './post.ts';
import { alterQueue, createQueue, dropQueue, purgeQueue } from './queues.ts';
import { receive } from './receive.ts';
import { encodeKey, forgetRecord, putRecord } from './records.ts';
import { settle } from './settle.ts';

/** The answer of a group, packed in the order of the posts' operations. */
export class Answer extends PackedWriter {
  objects: unknown[] = [];

  object(value: unknown): void {
    this.u32(this.objects.length);
    this.objects.push(value);
  }

  failed(error: GantryError): void {
    this.u8(answerFailed);
    const plain: PlainError = { code: error.code, message: error.message, hint: error.hint };
    this.object(plain);
  }

  /** Back to where a result began that failed half-way. */
  rewind(length: number): void {
    this.length = length;
  }
}

export interface Admission {
  /** Why appends are refused now; undefined: they are not. */
  readonly refusal: GantryError | undefined;
}

/** Applies one post. What it writes is in the state's transaction afterwards, nothing is committed. */
export function applyPost(state: EngineState, post: Post, admission: Admission, answer: Answer): void {
  const reader = new PackedReader(post.packed);
  while (!reader.isAtEnd) {
    const op = reader.u8();
    if (op === opBatch) applyBatch(state, reader, post, admission, answer);
    else if (op === opReceive) applyReceive(state, reader, post, answer);
    else applyCall(state, post.objects[reader.u32()] as EngineCall, answer);
  }
}

/** Answers every operation of a post with the same failure; nothing is applied. */
export function refusePost(post: Post, error: GantryError, answer: Answer): void {
  const reader = new PackedReader(post.packed);
  while (!reader.isAtEnd) {
    const op = reader.u8();
    if (op === opBatch) {
      reader.u8();
      readChanges(reader, post);
    } else if (op === opReceive) readReceive(reader);
    else reader.u32();
    answer.failed(error);
  }
}

function applyReceive(state: EngineState, reader: PackedReader, post: Post, answer: Answer): void {
  const op = readReceive(reader);
  const start = answer.length;
  answer.u8(answerOk);
  attempt(answer, start, () => receive(state, op, post.bodyFloor, answer));
}

function applyCall(state: EngineState, call: EngineCall, answer: Answer): void {
  const start = answer.length;
  answer.u8(answerOk);
  attempt(answer, start, () => answer.object(callEngine(state, call)));
}

/** An expected failure is that operation's answer; anything else is the group's. */
function attempt(answer: Answer, start: number, apply: () => void): void {
  try {
    apply();
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    answer.rewind(start);
    answer.failed(error);
  }
}

function applyBatch(state: EngineState, reader: PackedReader, post: Post, admission: Admission, answer: Answer): void {
  const flags = reader.u8();
  const changes = readChanges(reader, post);
  const isDurable = (flags & batchIsMemory) === 0;
  const isConditional =
    (flags & batchIsConditional) !== 0 || state.hasRefusingQueues || admission.refusal !== undefined;
  if (isConditional) {
    const refusal = refusalOfBatch(state, changes, (flags & batchIsStrict) !== 0, admission.refusal);
    if (refusal !== undefined) return answer.failed(refusal);
  }
  answer.u8(answerOk);
  for (const change of changes) applyChange(state, change, isDurable, answer);
  if (isDurable) state.mustCommit = true;
}

function readChanges(reader: PackedReader, post: Post): ChangeOp[] {
  const changes: ChangeOp[] = [];
  for (let left = reader.u32(); left > 0; left--) {
    const kind = reader.u8();
    if (kind === changeAppend) changes.push(readAppend(reader));
    else if (kind === changeSettle) changes.push(readSettle(reader));
    else changes.push(post.objects[reader.u32()] as ChangeOp);
  }
  return changes;
}

function applyChange(state: EngineState, change: ChangeOp, isDurable: boolean, answer: Answer): void {
  switch (change.do) {
    case 'append':
      return append(state, change, answer);
    case 'settle':
      return answer.u8(settleWas.indexOf(settle(state, change, isDurable)));
    case 'put':
      return answer.f64(putRecord(state, encodeKey(change.key), change.value));
    case 'forget':
      return forgetRecord(state, encodeKey(change.key));
    case 'create-queue':
      return createQueue(state, change.queue, change.settings);
    case 'retain':
      throw new GantryError('unsupported', 'this store has no retained messages yet');
    default:
      return applyToQueue(state, change);
  }
}

function applyToQueue(
  state: EngineState,
  change: Extract<ChangeOp, { do: 'discard' | 'alter-queue' | 'purge-queue' | 'drop-queue' }>,
): void {
  const queue = state.queues.get(change.queue);
  if (queue === undefined) return; // Gone already: what was asked is so.
  if (change.do === 'discard') discardAt(state, queue, change.pos);
  else if (change.do === 'alter-queue') alterQueue(state, queue, change.settings);
  else if (change.do === 'purge-queue') purgeQueue(state, queue);
  else dropQueue(state, queue);
}
