import { GantryError } from '../../src/model/errors.ts';
import type { EngineState } from './engine-state.ts';
import type { PackedWriter } from './post.ts';
import { messageIdBytes } from './statements/append.ts';

/** Larger ones gain nothing by being read together. */
const runBytesMax = 256 * 1024;

interface BodyRow {
  readonly head: Buffer;
  readonly data: Buffer;
}

/** Undefined: it is gone with the last entry that referred to it. */
export function findBody(state: EngineState, body: number): BodyRow | undefined {
  state.rows.write();
  return state.sql.receive.body.get(body) as BodyRow | undefined;
}

export function readBody(state: EngineState, body: number): BodyRow {
  const row = findBody(state, body);
  if (row === undefined)
    throw new GantryError('internal', `body ${body} is missing from the store: the file is damaged`);
  return row;
}

/**
 * The bodies that the deliveries of one receive take along. A backlog is read in the order in which it was written, so
 * that ids follow one another as a rule: such a run comes as two values, heads and bodies end to end, for it is the
 * making of a Buffer for each that costs (2.9 against 0.7 us a body; bench/engine, deep).
 */
export class BodyReader {
  private readonly state: EngineState;
  private readonly slots: readonly number[];
  /** From it on the receiver has them. */
  private readonly floor: number;
  private heads: Buffer = empty;
  private bodies: Buffer = empty;
  private headLengths: readonly number[] = [];
  private first = 0;
  private headAt = 0;
  private bodyAt = 0;
  /** The next of the run. */
  private at = 0;

  constructor(state: EngineState, slots: readonly number[], floor: number) {
    this.state = state;
    this.slots = slots;
    this.floor = floor;
  }

  /** Writes the head and the body of the slot at `index`; to be called in the order of the slots. */
  write(index: number, answer: PackedWriter): void {
    const slot = this.slots[index] as number;
    const body = this.bodyOf(slot);
    if (body !== this.first + this.at || this.at >= this.headLengths.length) this.readRun(index);
    const headLength = this.headLengths[this.at];
    if (headLength === undefined) {
      const row = readBody(this.state, body);
      answer.blob(row.head);
      answer.blob(row.data);
      return;
    }
    const bodyLength = this.sizeOf(slot) - headLength;
    answer.part(this.heads, this.headAt, headLength);
    answer.part(this.bodies, this.bodyAt, bodyLength);
    this.headAt += headLength;
    this.bodyAt += bodyLength;
    this.at++;
  }

  /** Leaves no run when there is none from `index` on, or when the disk has something else than the entries say. */
  private readRun(index: number): void {
    this.headLengths = [];
    this.at = 0;
    this.headAt = 0;
    this.bodyAt = 0;
    this.first = this.bodyOf(this.slots[index] as number);
    let [count, bytes] = [0, 0];
    for (let at = index; at < this.slots.length; at++, count++) {
      const slot = this.slots[at] as number;
      const body = this.bodyOf(slot);
      if (body !== this.first + count || body >= this.floor) break;
      if (bytes + this.sizeOf(slot) > runBytesMax) break;
      bytes += this.sizeOf(slot);
    }
    if (count > 1) this.take(count, bytes);
  }

  private take(count: number, bytes: number): void {
    const { state, first } = this;
    state.rows.write();
    const row = state.sql.receive.bodyRun.get(first, first + count - 1) as BodyRunRow;
    if (row.found !== count || row.heads.length + row.bodies.length !== bytes) return;
    this.heads = row.heads;
    this.bodies = row.bodies;
    this.headLengths = row.headLengths.split(',').map(Number);
  }

  private bodyOf(slot: number): number {
    return Math.abs(this.state.entries.body[slot] as number);
  }

  /** With the message's id before the head. */
  private sizeOf(slot: number): number {
    return (this.state.entries.size[slot] as number) + messageIdBytes;
  }
}

/** Without a row only `found` says anything. */
interface BodyRunRow {
  readonly found: number;
  readonly heads: Buffer;
  readonly bodies: Buffer;
  readonly headLengths: string;
}
const empty = Buffer.alloc(0);
