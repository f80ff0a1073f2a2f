/**
 * A post: what the broker's thread hands the engine in one turn, packed into one transferred buffer, and the answer of
 * one commit group, packed likewise. Packing is worth half the cost of the thread hop (STORE.md 5.5). Rare calls travel
 * beside the buffer as plain objects, named in it by their number, so that everything keeps its order.
 * Both sides of the format stand in this file. Frugal: measured by bench/engine.
 */
import type { Batch, Change, ReceiveRequest, Target } from '../store.ts';
import type { ReceiptFields } from './receipt.ts';

export interface Post {
  readonly packed: Uint8Array;
  readonly objects: readonly unknown[];
  readonly now: number;
  /** Bodies from here on are in the sender's memory: receives need not carry them. */
  readonly bodyFloor: number;
}

export const opBatch = 1;
export const opReceive = 2;
const opCall = 3;
export const changeAppend = 1;
export const changeSettle = 2;
const changeObject = 3;
export const batchIsMemory = 1;
export const batchIsStrict = 2;
/** The batch may fail by its content: it is looked through before anything is applied. */
export const batchIsConditional = 4;
const targetHasDedup = 1;
const targetIsHolderOnly = 2;
const targetHasNote = 4;
const leaseTimed = 0;
const leaseHolder = 1;
const outcomes = ['ack', 'release', 'extend', 'reject'] as const;
export const settleWas = ['done', 'gone', 'expired', 'not-leased', 'over-limit', 'other-queue', 'invalid'] as const;

/** What became of a target of an append. */
export const targetStored = 0;
export const targetDuplicate = 1;
export const targetDropped = 2;
/** What follows the fixed part of a delivery. */
export const deliveryIsRedelivered = 1;
export const deliveryHasNote = 2;
export const deliveryHasTag = 4;
export const deliveryHasOrigin = 8;
export const deliveryHasBody = 16;
/** How a result begins; a failed one names an error object. */
export const answerOk = 0;
export const answerFailed = 1;

/** A target as the engine needs it: the group as its lane, the dedup key as its digest. */
export interface PackedTarget {
  readonly lane: number;
  readonly digest: Uint8Array | undefined;
}
export interface Packers {
  pack(target: Target): PackedTarget;
  receipt(text: string): ReceiptFields | undefined;
}

const firstBytes = 16 * 1024;

/** A growing buffer with the writers that both directions need. */
export class PackedWriter {
  protected bytes = Buffer.allocUnsafeSlow(firstBytes);
  length = 0;

  protected reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }
  u16(value: number): void {
    this.reserve(2);
    this.length = this.bytes.writeUInt16LE(value, this.length);
  }
  u32(value: number): void {
    this.reserve(4);
    this.length = this.bytes.writeUInt32LE(value, this.length);
  }
  f64(value: number): void {
    this.reserve(8);
    this.length = this.bytes.writeDoubleLE(value, this.length);
  }
  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }
  blob(value: Uint8Array): void {
    this.u32(value.length);
    this.raw(value);
  }
  /** A part of `value` as a blob of its own. */
  part(value: Buffer, from: number, length: number): void {
    this.u32(length);
    this.reserve(length);
    this.length += value.copy(this.bytes, this.length, from, from + length);
  }
  text(value: string): void {
    this.blob(Buffer.from(value));
  }
  /** Hands out what was written, in memory of its own, and starts anew. */
  take(): Uint8Array<ArrayBuffer> {
    const { bytes, length } = this;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(firstBytes, Math.min(bytes.length, length * 2)));
    this.length = 0;
    return new Uint8Array(bytes.buffer, 0, length);
  }
}

export class PackedReader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(packed: Uint8Array) {
    this.bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  }
  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }
  u8(): number {
    return this.bytes[this.at++] as number;
  }
  u16(): number {
    this.at += 2;
    return this.bytes.readUInt16LE(this.at - 2);
  }
  u32(): number {
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }
  f64(): number {
    this.at += 8;
    return this.bytes.readDoubleLE(this.at - 8);
  }
  /** A view, not a copy. */
  raw(length: number): Buffer {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  blob(): Buffer {
    return this.raw(this.u32());
  }
  text(): string {
    return this.blob().toString('utf8');
  }
}

/** The broker's side. */
export class PostWriter extends PackedWriter {
  objects: unknown[] = [];
  private readonly packers: Packers;

  constructor(packers: Packers) {
    super();
    this.packers = packers;
  }

  takeObjects(): unknown[] {
    const { objects } = this;
    this.objects = [];
    return objects;
  }

  call(call: unknown): void {
    this.u8(opCall);
    this.object(call);
  }

  /** @throws RangeError for a number that its field cannot hold; nothing is written then */
  batch(batch: Batch): void {
    const { length, objects } = this;
    const objectsBefore = objects.length;
    try {
      this.writeBatch(batch);
    } catch (error) {
      this.length = length; // Half an operation would make nonsense of all that follows.
      objects.length = objectsBefore;
      throw error;
    }
  }

  /** @throws RangeError as `batch` does */
  receive(request: ReceiveRequest): void {
    const { length } = this;
    try {
      this.writeReceive(request);
    } catch (error) {
      this.length = length;
      throw error;
    }
  }

  private writeBatch(batch: Batch): void {
    this.u8(opBatch);
    const flagsAt = this.length;
    this.u8(0);
    let flags =
      (batch.durability === 'memory' ? batchIsMemory : 0) |
      (batch.isStrict === true ? batchIsStrict | batchIsConditional : 0);
    this.u32(batch.changes.length);
    for (const change of batch.changes) {
      if (change.do === 'append') this.append(change);
      else if (change.do === 'settle') this.settle(change);
      else {
        this.u8(changeObject);
        this.object(change);
        if (change.do !== 'discard') flags |= batchIsConditional;
      }
    }
    this.bytes[flagsAt] = flags;
  }

  private writeReceive(request: ReceiveRequest): void {
    this.u8(opReceive);
    this.f64(request.queue);
    this.u16(request.deliveriesMax);
    this.f64(request.bytesMax ?? 0);
    this.u8(request.durability === 'disk' ? 1 : 0);
    this.text(request.attempt ?? '');
    const { lease } = request;
    if ('forMs' in lease) {
      this.u8(leaseTimed);
      this.f64(lease.forMs);
      return;
    }
    this.u8(leaseHolder);
    this.f64(lease.consumer);
    const tags = lease.tags ?? [];
    this.u16(tags.length);
    for (const tag of tags) this.u32(tag);
  }

  private object(value: unknown): void {
    this.u32(this.objects.length);
    this.objects.push(value);
  }

  private append(change: Extract<Change, { do: 'append' }>): void {
    const { message } = change;
    this.u8(changeAppend);
    this.u8(message.priority);
    this.f64(message.expiresAt ?? 0);
    this.u32(16 + message.head.length);
    this.raw(message.id);
    this.raw(message.head);
    this.blob(message.body as Uint8Array);
    this.u32(change.to.length);
    for (const target of change.to) this.target(target);
  }

  private target(target: Target): void {
    const { lane, digest } = this.packers.pack(target);
    this.f64(target.queue);
    this.f64(lane);
    this.f64(target.visibleAt ?? 0);
    this.u8(
      (digest === undefined ? 0 : targetHasDedup) |
        (target.isHolderOnly === true ? targetIsHolderOnly : 0) |
        (target.note === undefined ? 0 : targetHasNote),
    );
    if (digest !== undefined) this.raw(digest);
    if (target.note !== undefined) this.blob(target.note);
  }

  private settle(change: Extract<Change, { do: 'settle' }>): void {
    const receipt = this.packers.receipt(change.receipt);
    this.u8(changeSettle);
    this.f64(change.queue ?? 0);
    this.u8(receipt === undefined ? 0 : 1);
    if (receipt !== undefined) {
      this.f64(receipt.queue);
      this.f64(receipt.life);
      this.u8(receipt.rank);
      this.f64(receipt.pos);
      this.u32(receipt.count);
    }
    const outcome = change.as;
    this.u8(outcomes.indexOf(outcome.type));
    if (outcome.type === 'release') {
      this.f64(outcome.visibleAt ?? 0);
      this.u8((outcome.isCounted ? 1 : 0) | (outcome.note === undefined ? 0 : 2));
      if (outcome.note !== undefined) this.blob(outcome.note);
    } else if (outcome.type === 'extend') {
      this.f64(outcome.until);
      this.f64(outcome.totalMsMax);
    } else if (outcome.type === 'reject') {
      this.text(outcome.cause);
    }
  }
}

// ---- the engine's side ------------------------------------------------------------------------------------------

export interface AppendOp {
  readonly do: 'append';
  readonly rank: number;
  /** 0: never. */
  readonly expiresAt: number;
  /** 16 bytes of id, then the head. */
  readonly head: Buffer;
  readonly body: Buffer;
  readonly to: readonly TargetOp[];
}
export interface TargetOp {
  readonly queue: number;
  readonly lane: number;
  /** 0: not given. */
  readonly visibleAt: number;
  readonly isHolderOnly: boolean;
  readonly digest: Buffer | undefined;
  readonly note: Buffer | undefined;
}
export interface SettleOp {
  readonly do: 'settle';
  /** 0: none was named. */
  readonly named: number;
  readonly receipt: ReceiptFields | undefined;
  readonly as: OutcomeOp;
}
export type OutcomeOp =
  | { readonly type: 'ack' }
  | {
      readonly type: 'release';
      readonly visibleAt: number;
      readonly isCounted: boolean;
      readonly note: Buffer | undefined;
    }
  | { readonly type: 'extend'; readonly until: number; readonly totalMsMax: number }
  | { readonly type: 'reject'; readonly cause: string };
export interface ReceiveOp {
  readonly queue: number;
  readonly deliveriesMax: number;
  /** 0: no limit. */
  readonly bytesMax: number;
  readonly isDurable: boolean;
  readonly attempt: string;
  /** Timed lease in milliseconds; for a consumer's lease undefined. */
  readonly forMs: number | undefined;
  readonly consumer: number;
  readonly tags: readonly number[];
}

const digestBytes = 16;

export function readAppend(reader: PackedReader): AppendOp {
  const rank = 9 - reader.u8();
  const expiresAt = reader.f64();
  const head = reader.blob();
  const body = reader.blob();
  const to: TargetOp[] = [];
  for (let left = reader.u32(); left > 0; left--) to.push(readTarget(reader));
  return { do: 'append', rank, expiresAt, head, body, to };
}

function readTarget(reader: PackedReader): TargetOp {
  const queue = reader.f64();
  const lane = reader.f64();
  const visibleAt = reader.f64();
  const flags = reader.u8();
  const digest = (flags & targetHasDedup) !== 0 ? reader.raw(digestBytes) : undefined;
  const note = (flags & targetHasNote) !== 0 ? reader.blob() : undefined;
  return { queue, lane, visibleAt, isHolderOnly: (flags & targetIsHolderOnly) !== 0, digest, note };
}

export function readSettle(reader: PackedReader): SettleOp {
  const named = reader.f64();
  const receipt = reader.u8() === 0 ? undefined : readReceipt(reader);
  return { do: 'settle', named, receipt, as: readOutcome(reader) };
}

function readReceipt(reader: PackedReader): ReceiptFields {
  return {
    queue: reader.f64() as ReceiptFields['queue'],
    life: reader.f64(),
    rank: reader.u8(),
    pos: reader.f64(),
    count: reader.u32(),
  };
}

function readOutcome(reader: PackedReader): OutcomeOp {
  const type = outcomes[reader.u8()] ?? 'ack';
  switch (type) {
    case 'ack':
      return { type };
    case 'release': {
      const visibleAt = reader.f64();
      const flags = reader.u8();
      return { type, visibleAt, isCounted: (flags & 1) !== 0, note: (flags & 2) !== 0 ? reader.blob() : undefined };
    }
    case 'extend':
      return { type, until: reader.f64(), totalMsMax: reader.f64() };
    case 'reject':
      return { type, cause: reader.text() };
  }
}

export function readReceive(reader: PackedReader): ReceiveOp {
  const queue = reader.f64();
  const deliveriesMax = reader.u16();
  const bytesMax = reader.f64();
  const isDurable = reader.u8() === 1;
  const attempt = reader.text();
  if (reader.u8() === leaseTimed) {
    return { queue, deliveriesMax, bytesMax, isDurable, attempt, forMs: reader.f64(), consumer: 0, tags: [] };
  }
  const consumer = reader.f64();
  const tags: number[] = [];
  for (let left = reader.u16(); left > 0; left--) tags.push(reader.u32());
  return { queue, deliveriesMax, bytesMax, isDurable, attempt, forMs: undefined, consumer, tags };
}
