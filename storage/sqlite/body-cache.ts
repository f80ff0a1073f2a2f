/**
 * The bodies that this thread appended last, so that a consumer close behind gets them without a trip to the disk and
 * back over the thread. One ring of bytes; a body is known by its id, and ids ascend. Frugal: measured by bench/cycle.
 */
import { messageIdBytes } from './statements/append.ts';

export interface CachedBody {
  /** Of the message. */
  readonly id: Buffer;
  readonly head: Buffer;
  readonly body: Buffer;
}

const idsMax = 32_768;
/** A body above this part of the ring would push out too many others. */
const largestPart = 16;

export class BodyCache {
  private readonly ring: Buffer;
  private readonly positions = new Float64Array(idsMax);
  private readonly headLengths = new Uint32Array(idsMax);
  private readonly bodyLengths = new Uint32Array(idsMax);
  /** Bytes written so far; the place in the ring is its remainder. */
  private written = 0;
  private first = 0;
  private last = -1;
  private firstSafe = 0;

  constructor(bytes: number) {
    this.ring = Buffer.allocUnsafeSlow(bytes);
  }

  /**
   * From this id on the bodies will still be here when an answer comes that leaves them out, as a rule: the newer half
   * of the ring. What was overwritten meanwhile after all is asked for.
   */
  get floor(): number {
    return this.last < this.firstSafe ? Number.POSITIVE_INFINITY : this.firstSafe;
  }

  add(id: number, messageId: Uint8Array, head: Uint8Array, body: Uint8Array): void {
    const headLength = messageId.length + head.length;
    const length = headLength + body.length;
    if (id !== this.last + 1 || length > this.ring.length / largestPart) this.restart(id);
    if (length > this.ring.length / largestPart) {
      this.restart(id + 1);
      return;
    }
    const left = this.ring.length - (this.written % this.ring.length);
    if (left < length) this.written += left; // A body lies in one piece.
    this.makeRoom(length, id);
    const at = this.written % this.ring.length;
    this.ring.set(messageId, at);
    this.ring.set(head, at + messageId.length);
    this.ring.set(body, at + headLength);
    const index = id % idsMax;
    this.positions[index] = this.written;
    this.headLengths[index] = headLength;
    this.bodyLengths[index] = body.length;
    this.written += length;
    this.last = id;
  }

  /** A copy, for the ring moves on. */
  get(id: number): CachedBody | undefined {
    if (id < this.first || id > this.last) return undefined;
    const index = id % idsMax;
    const at = (this.positions[index] as number) % this.ring.length;
    const headLength = this.headLengths[index] as number;
    const length = headLength + (this.bodyLengths[index] as number);
    const bytes = Buffer.allocUnsafe(length);
    this.ring.copy(bytes, 0, at, at + length);
    return {
      id: bytes.subarray(0, messageIdBytes),
      head: bytes.subarray(messageIdBytes, headLength),
      body: bytes.subarray(headLength),
    };
  }

  private restart(id: number): void {
    this.first = id;
    this.firstSafe = id;
    this.last = id - 1;
  }

  private makeRoom(length: number, id: number): void {
    const end = this.written + length;
    const size = this.ring.length;
    while (
      this.first < id &&
      ((this.positions[this.first % idsMax] as number) < end - size || this.first <= id - idsMax)
    ) {
      this.first++;
    }
    const isOld = (safe: number) =>
      (this.positions[safe % idsMax] as number) < end - size / 2 || safe <= id - idsMax / 2;
    while (this.firstSafe < id && (this.firstSafe < this.first || isOld(this.firstSafe))) this.firstSafe++;
  }
}
