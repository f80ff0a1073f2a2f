/** What the broker's thread packs is what the engine reads: the two sides of one format. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asReceipt } from '../../../storage/contract/world.ts';
import {
  batchIsConditional,
  batchIsMemory,
  batchIsStrict,
  changeAppend,
  changeSettle,
  opBatch,
  opReceive,
  PackedReader,
  PackedWriter,
  PostWriter,
  readAppend,
  readReceive,
  readSettle,
} from '../../../storage/sqlite/post.ts';
import { Receipts } from '../../../storage/sqlite/receipt.ts';
import type { ConsumerId, Outcome, QueueId, Target } from '../../../storage/store.ts';

const receipts = new Receipts(Buffer.alloc(32, 1));
const digest = Buffer.alloc(16, 5);
const writer = () =>
  new PostWriter({
    pack: ({ group, dedup }) => ({
      lane: group === undefined ? 0 : group.length + 1,
      digest: dedup === undefined ? undefined : digest,
    }),
    receipt: (text) => receipts.decode(text),
  });

const bytes = (max: number) => fc.uint8Array({ maxLength: max });
const queueId = fc.integer({ min: 1, max: 2 ** 47 }).map((id) => id as QueueId);
const instant = fc.integer({ min: 1, max: 2 ** 50 });
const target: fc.Arbitrary<Target> = fc.record(
  {
    queue: queueId,
    group: fc.string({ maxLength: 20 }),
    dedup: fc.string({ maxLength: 20 }),
    visibleAt: instant,
    isHolderOnly: fc.boolean(),
    note: bytes(50),
  },
  { requiredKeys: ['queue'] },
);
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant({ type: 'ack' as const }),
  fc.record(
    { type: fc.constant('release' as const), isCounted: fc.boolean(), visibleAt: instant, note: bytes(20) },
    { requiredKeys: ['type', 'isCounted'] },
  ),
  fc.record({ type: fc.constant('extend' as const), until: instant, totalMsMax: instant }),
  fc.record({ type: fc.constant('reject' as const), cause: fc.string() }),
);

describe('a packed post', () => {
  it('gives every field of an append back', () => {
    const message = fc.record({
      id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      head: bytes(300),
      body: bytes(20_000),
      priority: fc.integer({ min: 0, max: 9 }),
      expiresAt: instant,
    });
    fc.assert(
      fc.property(message, fc.array(target, { maxLength: 20 }), (given, to) => {
        const post = writer();
        post.batch({ changes: [{ do: 'append', message: given, to }], durability: 'disk' });
        const reader = new PackedReader(post.take());

        expect([reader.u8(), reader.u8(), reader.u32(), reader.u8()]).toEqual([opBatch, 0, 1, changeAppend]);
        const read = readAppend(reader);
        expect(reader.isAtEnd).toBe(true);
        expect(read).toMatchObject({ rank: 9 - given.priority, expiresAt: given.expiresAt });
        expect([...read.head]).toEqual([...given.id, ...given.head]);
        expect([...read.body]).toEqual([...given.body]);
        const plain = (note: Uint8Array | undefined) => (note === undefined ? undefined : [...note]);
        expect(read.to.map((each) => ({ ...each, note: plain(each.note), digest: plain(each.digest) }))).toEqual(
          to.map(({ queue, group, dedup, visibleAt, isHolderOnly, note }) => ({
            queue,
            lane: group === undefined ? 0 : group.length + 1,
            visibleAt: visibleAt ?? 0,
            isHolderOnly: isHolderOnly ?? false,
            note: plain(note),
            digest: dedup === undefined ? undefined : [...digest],
          })),
        );
      }),
    );
  });

  it('gives every outcome back, with a receipt that is ours and without one that is not', () => {
    fc.assert(
      fc.property(outcome, fc.option(queueId), fc.boolean(), (as, named, isOurs) => {
        const receipt = isOurs ? receipts.encode(11, 12, 5, 13, 14) : asReceipt('made up');
        const post = writer();
        const queue = named === null ? {} : { queue: named };
        post.batch({ changes: [{ do: 'settle', receipt, as, ...queue }], durability: 'memory', isStrict: true });
        const reader = new PackedReader(post.take());

        const flags = batchIsMemory | batchIsStrict | batchIsConditional;
        expect([reader.u8(), reader.u8(), reader.u32(), reader.u8()]).toEqual([opBatch, flags, 1, changeSettle]);
        const read = readSettle(reader);
        expect(reader.isAtEnd).toBe(true);
        expect(read.named).toBe(named ?? 0);
        expect(read.receipt).toEqual(isOurs ? { queue: 11, life: 12, rank: 5, pos: 13, count: 14 } : undefined);
        const expected = as.type === 'release' ? { ...as, visibleAt: as.visibleAt ?? 0 } : as;
        expect(read.as).toMatchObject(
          'note' in expected && expected.note !== undefined
            ? { ...expected, note: Buffer.from(expected.note) }
            : expected,
        );
      }),
    );
  });

  it('gives a receive back, for a time or for a consumer with its tags', () => {
    const lease = fc.oneof(
      fc.record({ forMs: fc.nat() }),
      fc.record(
        {
          consumer: fc.integer({ min: 1 }).map((id) => id as ConsumerId),
          tags: fc.array(fc.nat(65_535), { maxLength: 9 }),
        },
        { requiredKeys: ['consumer'] },
      ),
    );
    const rest = fc.record({
      queue: queueId,
      deliveriesMax: fc.integer({ min: 1, max: 1_000 }),
      bytesMax: fc.nat(),
      attempt: fc.string(),
      durability: fc.constantFrom('disk' as const, 'memory' as const),
    });
    fc.assert(
      fc.property(rest, lease, (request, held) => {
        const post = writer();
        post.receive({ ...request, lease: held });
        const reader = new PackedReader(post.take());

        expect(reader.u8()).toBe(opReceive);
        expect(readReceive(reader)).toEqual({
          queue: request.queue,
          deliveriesMax: request.deliveriesMax,
          bytesMax: request.bytesMax,
          isDurable: request.durability === 'disk',
          attempt: request.attempt,
          forMs: 'forMs' in held ? held.forMs : undefined,
          consumer: 'forMs' in held ? 0 : held.consumer,
          tags: 'forMs' in held ? [] : (held.tags ?? []),
        });
        expect(reader.isAtEnd).toBe(true);
      }),
    );
  });

  it('carries what it does not pack beside itself, in order', () => {
    const post = writer();
    const put = { do: 'put', key: ['a'], value: Uint8Array.of(1) } as const;
    const forget = { do: 'forget', key: ['b'] } as const;

    post.call('first');
    post.batch({ changes: [put, forget], durability: 'disk' });

    expect(post.takeObjects()).toEqual(['first', put, forget]);
    expect(post.takeObjects()).toEqual([]);
  });

  it('grows as far as it must, and what it handed out stays as it was', () => {
    fc.assert(
      fc.property(fc.array(bytes(30_000), { maxLength: 8 }), (blobs) => {
        const packed = new PackedWriter();
        for (const blob of blobs) packed.blob(blob);
        const taken = packed.take();
        packed.blob(Buffer.alloc(40_000, 255));
        const reader = new PackedReader(taken);

        for (const blob of blobs) expect(reader.blob().equals(Buffer.from(blob))).toBe(true);
        expect(reader.isAtEnd).toBe(true);
      }),
    );
  });
});
