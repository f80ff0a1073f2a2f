import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GantryError } from '../../../src/model/errors.ts';
import { BodyReader } from '../../../storage/sqlite/bodies.ts';
import { EngineState } from '../../../storage/sqlite/engine-state.ts';
import { PackedReader, PackedWriter } from '../../../storage/sqlite/post.ts';
import { migrate } from '../../../storage/sqlite/schema.ts';
import { prepareStatements } from '../../../storage/sqlite/statements/index.ts';
import { windowLimits } from '../../../storage/sqlite/window.ts';

interface Stored {
  readonly head: Uint8Array;
  readonly data: Uint8Array;
}

/** Bodies 1, 2, ... on disk, and a slot for each: in the order of the ids from 1 on. */
function setup(stored: readonly Stored[]) {
  const db = new Database(':memory:');
  onTestFinished(() => void db.close());
  migrate(db);
  const state = new EngineState(db, prepareStatements(db), 1_024, windowLimits, () => undefined);
  for (const [index, { head, data }] of stored.entries()) {
    const id = index + 1;
    state.rows.insertBody(id, head, data);
    const slot = state.entries.allocate(0, id);
    state.entries.body[slot] = id;
    state.entries.size[slot] = head.length - 16 + data.length;
  }
  state.rows.write();
  return { state, slotOf: (id: number) => state.entries.find(0, id) };
}

function readAll(reader: PackedReader): Stored[] {
  const all: Stored[] = [];
  while (!reader.isAtEnd) all.push({ head: new Uint8Array(reader.blob()), data: new Uint8Array(reader.blob()) });
  return all;
}

function digest({ head, data }: Stored): string {
  return `${head.length} ${data.length} ${hash('sha1', Buffer.concat([head, data]))}`;
}

const head = fc.uint8Array({ minLength: 16, maxLength: 40 });
const data = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constant(Uint8Array.of(0, 0xff, 0, 0xc3)));

describe('the bodies of one receive', () => {
  it('are those of its entries, whichever they are, in their order', () => {
    const stored = fc.array(fc.record({ head, data }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(
        stored,
        fc.array(fc.nat(29), { maxLength: 20 }),
        fc.integer({ min: 1, max: 32 }),
        (all, some, floor) => {
          const { state, slotOf } = setup(all);
          const wanted = [...some, ...all.keys()].map((index) => (index % all.length) + 1);
          const reader = new BodyReader(state, wanted.map(slotOf), floor);
          const answer = new PackedWriter();

          for (const [index, id] of wanted.entries()) if (id < floor) reader.write(index, answer);

          const expected = wanted.filter((id) => id < floor).map((id) => all[id - 1]);
          expect(readAll(new PackedReader(answer.take()))).toEqual(expected);
        },
      ),
    );
  });

  it('of any size arrive whole', () => {
    const sizes = [0, 1, 100_000, 200_000, 70_000, 300_000, 5, 0];
    const all = sizes.map((size, index) => ({
      head: new Uint8Array(16 + index),
      data: new Uint8Array(size).fill(index),
    }));
    const { state, slotOf } = setup(all);
    const reader = new BodyReader(
      state,
      sizes.map((_, index) => slotOf(index + 1)),
      Number.POSITIVE_INFINITY,
    );
    const answer = new PackedWriter();

    for (const index of all.keys()) reader.write(index, answer);

    expect(readAll(new PackedReader(answer.take())).map(digest)).toEqual(all.map(digest)); // Value by value takes seconds.
  });

  it('that are missing are told as damage, after those before them', () => {
    const all = Array.from({ length: 4 }, () => ({ head: new Uint8Array(16), data: Uint8Array.of(7) }));
    const { state, slotOf } = setup(all);
    state.db.exec('DELETE FROM body WHERE id = 3');
    const reader = new BodyReader(state, [1, 2, 3, 4].map(slotOf), Number.POSITIVE_INFINITY);
    const answer = new PackedWriter();

    reader.write(0, answer);
    reader.write(1, answer);

    expect(readAll(new PackedReader(answer.take()))).toEqual(all.slice(0, 2));
    expect(() => reader.write(2, answer)).toThrow(GantryError);
  });
});
