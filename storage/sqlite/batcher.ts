/**
 * The broker's thread of the store: gathers all calls of one turn of the event loop into one packed post, and gives each
 * its part of the answer. While a group is being committed the next one gathers by itself, so that load raises the size
 * of the groups, not the wait.
 * Frugal: one small object a call beside its promise; measured by bench/send.
 */
import { GantryError } from '../../src/model/errors.ts';
import type { Batch, BatchResult, BodyId, ChangeResult, Delivery, Instant, QueueId, ReceiveRequest } from '../store.ts';
import { BodyCache, type CachedBody } from './body-cache.ts';
import type { EngineCall } from './calls.ts';
import { type DeliveryParts, readDelivery } from './deliveries.ts';
import type { GroupAnswer } from './engine.ts';
import { type PlainError, toError } from './plain-error.ts';
import {
  answerFailed,
  PackedReader,
  type Packers,
  type Post,
  PostWriter,
  settleWas,
  targetDropped,
  targetDuplicate,
} from './post.ts';
import type { Receipts } from './receipt.ts';
import { messageIdBytes } from './statements/append.ts';

type Pending =
  | {
      readonly op: 'batches';
      readonly batches: readonly Batch[];
      /** What is known of them already; the rest comes from the engine. */
      readonly results: (BatchResult | undefined)[];
      readonly resolve: (results: readonly BatchResult[]) => void;
    }
  | {
      readonly op: 'receive';
      readonly queue: QueueId;
      readonly resolve: (deliveries: readonly Delivery[]) => void;
      readonly reject: (error: GantryError) => void;
    }
  | { readonly op: 'call'; readonly resolve: (value: unknown) => void; readonly reject: (error: GantryError) => void };

type PendingBatches = Extract<Pending, { op: 'batches' }>;

export interface BatcherOptions {
  readonly packers: Packers;
  readonly receipts: Receipts;
  readonly bodyCacheBytes: number;
  readonly pendingBytesMax: number;
  /** What the engine has no part for, or could not take. */
  readonly refusalOf: (batch: Batch) => GantryError | undefined;
  readonly now: () => Instant;
  readonly post: (post: Post) => void;
}

/**
 * While the engine commits one, the next gathers, so front and engine work at the same time as it is; a second post
 * under way only made the groups smaller (bench/send: 33 against 30 us CPU a message).
 */
const postsMax = 1;

export class Batcher {
  batches = 0;
  pendingBytes = 0;
  private readonly options: BatcherOptions;
  private readonly writer: PostWriter;
  private readonly cache: BodyCache;
  private gathered: Pending[] = [];
  private readonly posted: { readonly pending: readonly Pending[]; readonly bytes: number }[] = [];
  private readonly waitingForRoom: PendingBatches[] = [];
  private isFlushDue = false;
  private readonly flushDue = () => this.flush();
  private failure: GantryError | undefined;

  constructor(options: BatcherOptions) {
    this.options = options;
    this.writer = new PostWriter(options.packers);
    this.cache = new BodyCache(options.bodyCacheBytes);
  }

  get pending(): number {
    return (
      this.gathered.length +
      this.waitingForRoom.length +
      this.posted.reduce((sum, post) => sum + post.pending.length, 0)
    );
  }

  commitAll(batches: readonly Batch[]): Promise<readonly BatchResult[]> {
    return new Promise((resolve) => {
      const { failure } = this;
      if (failure !== undefined) return resolve(batches.map(() => ({ ok: false, error: failure })));
      const pending: PendingBatches = { op: 'batches', batches, results: [], resolve };
      // Above the mark appends wait; what makes room never does.
      const isCrowded =
        this.waitingForRoom.length > 0 || this.pendingBytes + this.writer.length > this.options.pendingBytesMax;
      if (isCrowded && batches.some(hasAppend)) this.waitingForRoom.push(pending);
      else this.gather(pending);
    });
  }

  receive(request: ReceiveRequest): Promise<readonly Delivery[]> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      this.writer.receive(request);
      this.add({ op: 'receive', queue: request.queue, resolve, reject });
    });
  }

  call(call: EngineCall): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      this.writer.call(call);
      this.add({ op: 'call', resolve, reject });
    });
  }

  /** Posts what was gathered, or nothing but the time. */
  tick(): void {
    this.isFlushDue = true;
    this.flush();
  }

  take(answer: GroupAnswer): void {
    const reader = new PackedReader(answer.packed);
    const done = this.posted.splice(0, answer.posts);
    for (const { bytes } of done) this.pendingBytes -= bytes;
    // The engine has its next post before anybody hears of the last: to answer them all takes as long as a commit.
    if (this.gathered.length > 0) this.tick();
    for (const { pending } of done) for (const each of pending) this.answer(each, reader, answer);
    while (this.waitingForRoom.length > 0 && this.pendingBytes + this.writer.length <= this.options.pendingBytesMax) {
      const pending = this.waitingForRoom.shift();
      if (pending !== undefined) this.gather(pending);
    }
  }

  /** Everything that waits fails with `error`, and so does whatever comes. */
  fail(error: GantryError): void {
    this.failure = error;
    const all = [...this.posted.splice(0).flatMap((post) => post.pending), ...this.gathered, ...this.waitingForRoom];
    this.gathered = [];
    this.waitingForRoom.length = 0;
    for (const pending of all) {
      if (pending.op === 'batches') pending.resolve(pending.batches.map(() => ({ ok: false, error })));
      else pending.reject(error);
    }
  }

  deliveryOf(queue: QueueId, parts: DeliveryParts, cached: CachedBody): Delivery {
    // Without a spread, and what is rarely there last: one shape for nearly all (bench/cycle).
    const delivery: { -readonly [K in keyof Delivery]: Delivery[K] } = {
      receipt: this.options.receipts.encode(queue, parts.life, parts.rank, parts.pos, parts.count),
      queue,
      pos: parts.pos,
      id: cached.id,
      head: cached.head,
      body: cached.body,
      appendedAt: parts.appendedAt,
      firstReceivedAt: parts.firstReceivedAt,
      deliveries: parts.deliveries,
      isRedelivered: parts.isRedelivered,
    };
    if (parts.note !== undefined) delivery.note = parts.note;
    if (parts.tag !== undefined) delivery.tag = parts.tag;
    if (parts.deadLetteredFrom !== undefined) delivery.deadLetteredFrom = parts.deadLetteredFrom;
    return delivery;
  }

  private gather(pending: PendingBatches): void {
    const { batches, results } = pending;
    let written = 0;
    for (const batch of batches) {
      const error = this.write(batch);
      results.push(error === undefined ? undefined : { ok: false, error });
      if (error === undefined) written++;
    }
    this.batches += written;
    if (written > 0) this.add(pending);
    else pending.resolve(results as BatchResult[]);
  }

  private write(batch: Batch): GantryError | undefined {
    const refusal = this.options.refusalOf(batch);
    if (refusal !== undefined) return refusal;
    try {
      this.writer.batch(batch);
      return undefined;
    } catch (cause) {
      return new GantryError('invalid-argument', 'a batch holds a number out of its range', { cause });
    }
  }

  private add(pending: Pending): void {
    this.gathered.push(pending);
    this.flushSoon();
  }

  /** At the end of this turn; but while a post is out the next one gathers until an answer comes. */
  private flushSoon(): void {
    if (this.isFlushDue || this.posted.length >= postsMax) return;
    this.isFlushDue = true;
    setImmediate(this.flushDue);
  }

  private flush(): void {
    if (!this.isFlushDue || this.failure !== undefined) return;
    this.isFlushDue = false;
    const packed = this.writer.take();
    const objects = this.writer.takeObjects();
    this.posted.push({ pending: this.gathered, bytes: packed.length });
    this.pendingBytes += packed.length;
    this.gathered = [];
    this.options.post({ packed, objects, now: this.options.now(), bodyFloor: this.cache.floor });
  }

  private answer(pending: Pending, reader: PackedReader, answer: GroupAnswer): void {
    if (pending.op === 'batches') return this.answerBatches(pending, reader, answer);
    const error = readFailure(reader, answer);
    if (error !== undefined) pending.reject(error);
    else if (pending.op === 'receive') this.answerReceive(pending, reader);
    else pending.resolve(answer.objects[reader.u32()]);
  }

  private answerBatches(pending: PendingBatches, reader: PackedReader, answer: GroupAnswer): void {
    const { batches, results, resolve } = pending;
    for (const [at, batch] of batches.entries()) {
      if (results[at] !== undefined) continue;
      const error = readFailure(reader, answer);
      results[at] = error === undefined ? this.readBatch(batch, reader, answer.at) : { ok: false, error };
    }
    resolve(results as BatchResult[]);
  }

  private readBatch(batch: Batch, reader: PackedReader, at: Instant): BatchResult {
    const changes: ChangeResult[] = [];
    for (const change of batch.changes) {
      if (change.do === 'append') {
        const body = reader.f64() as BodyId;
        const { id, head, body: bytes } = change.message;
        if (body !== 0 && bytes instanceof Uint8Array) this.cache.add(body, id, head, bytes);
        changes.push({ did: 'append', targets: change.to.map(() => readTarget(reader)), body });
      } else if (change.do === 'settle') {
        changes.push({ did: 'settle', was: settleWas[reader.u8()] ?? 'invalid' });
      } else if (change.do === 'put') {
        changes.push({ did: 'put', version: reader.f64() });
      } else {
        changes.push({ did: 'done' });
      }
    }
    return { ok: true, at, changes };
  }

  private answerReceive(pending: Extract<Pending, { op: 'receive' }>, reader: PackedReader): void {
    const parts: DeliveryParts[] = [];
    for (let left = reader.u16(); left > 0; left--) parts.push(readDelivery(reader));
    const deliveries: Delivery[] = [];
    for (const part of parts) {
      const cached = part.cached ?? this.cache.get(part.body);
      if (cached === undefined) {
        this.fetch(pending, parts);
        return;
      }
      deliveries.push(this.deliveryOf(pending.queue, part, cached));
    }
    pending.resolve(deliveries);
  }

  /** Bodies that were overwritten in the cache between the post and its answer. What was purged meanwhile is left out. */
  private fetch(pending: Extract<Pending, { op: 'receive' }>, parts: readonly DeliveryParts[]): void {
    this.call({ call: 'bodies', bodies: parts.map((part) => part.body) }).then((rows) => {
      const bodies = rows as readonly ({ readonly head: Uint8Array; readonly data: Uint8Array } | undefined)[];
      pending.resolve(
        parts.flatMap((part, index) => {
          const row = bodies[index];
          if (row === undefined) return [];
          const head = Buffer.from(row.head);
          const [id, rest] = [head.subarray(0, messageIdBytes), head.subarray(messageIdBytes)];
          return this.deliveryOf(pending.queue, part, { id, head: rest, body: Buffer.from(row.data) });
        }),
      );
    }, pending.reject);
  }
}

function hasAppend(batch: Batch): boolean {
  return batch.changes.some((change) => change.do === 'append');
}

function readFailure(reader: PackedReader, { objects }: GroupAnswer): GantryError | undefined {
  return reader.u8() === answerFailed ? toError(objects[reader.u32()] as PlainError) : undefined;
}

function readTarget(reader: PackedReader): Extract<ChangeResult, { did: 'append' }>['targets'][number] {
  const kind = reader.u8();
  if (kind === targetDropped) return { dropped: true };
  const pos = reader.f64();
  if (kind !== targetDuplicate) return { pos };
  return { duplicateOf: { id: new Uint8Array(reader.raw(16)), pos } };
}
