import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DocumentKind } from '../../src/core/broker.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Store } from '../../storage/store.ts';
import { createWorld, quiet } from './world.ts';

interface Counter {
  readonly count: number;
}
const counters: DocumentKind<Counter> = { name: 'counter', read: (fields) => ({ count: fields.number('count') }) };
const others: DocumentKind<Counter> = { ...counters, name: 'other' };
const plusOne = (before: Counter | undefined) => ({ count: (before?.count ?? 0) + 1 });

test('a document is what the last change made of it, after a restart as well', async () => {
  const { broker, another } = await createWorld();
  const documents = broker.documents(counters);

  expect(documents.get('a')).toBeUndefined();
  expect(await documents.change('a', plusOne)).toEqual({ count: 1 });
  expect(await documents.change('a', plusOne)).toEqual({ count: 2 });

  expect(documents.get('a')).toEqual({ count: 2 });
  expect((await another()).documents(counters).get('a')).toEqual({ count: 2 });
  expect(broker.documents(others).get('a')).toBeUndefined();
});

test('undefined forgets a document, and one that is made again begins anew', async () => {
  const { broker, another } = await createWorld();
  const documents = broker.documents(counters);
  await documents.change('a', plusOne);
  await documents.change('a', plusOne);

  expect(await documents.change('a', () => undefined)).toBeUndefined();
  expect(documents.get('a')).toBeUndefined();
  expect(await documents.change('a', plusOne)).toEqual({ count: 1 });
  expect((await another()).documents(counters).get('a')).toEqual({ count: 1 });
});

test('what a step throws is thrown, and nothing is changed', async () => {
  const { broker } = await createWorld();
  const documents = broker.documents(counters);
  await documents.change('a', plusOne);
  const refusal = new GantryError('invalid-argument', 'no');

  const change = documents.change('a', () => {
    throw refusal;
  });

  await expect(change).rejects.toBe(refusal);
  expect(documents.get('a')).toEqual({ count: 1 });
});

test('a step that answers what is there commits nothing', async () => {
  let commits = 0;
  const wrap = (store: Store): Store => ({
    ...store,
    commit: (batch) => {
      commits++;
      return store.commit(batch);
    },
  });
  const { broker } = await createWorld({ wrap });
  const documents = broker.documents(counters);
  await documents.change('a', plusOne);
  const before = commits;

  expect(await documents.change('a', (same) => same)).toEqual({ count: 1 });
  expect(commits).toBe(before);
});

test('of two nodes that change one document the later sees the work of the earlier', async () => {
  const { broker, another } = await createWorld();
  const here = broker.documents(counters);
  const there = (await another()).documents(counters);

  await Promise.all(Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? here : there).change('a', plusOne)));
  await quiet();

  expect(here.get('a')).toEqual({ count: 10 });
  expect(there.get('a')).toEqual({ count: 10 });
});

test('pages hold the documents with a prefix in the order of their keys, whatever came and went between', async () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 3 });
  const changes = fc.array(fc.tuple(key, fc.boolean()), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(changes, key, async (walk, prefix) => {
      const { broker } = await createWorld();
      const documents = broker.documents(counters);
      const model = new Set<string>();
      for (const [each, isKept] of walk) {
        await documents.change(each, () => (isKept ? { count: 1 } : undefined));
        if (isKept) model.add(each);
        else model.delete(each);
      }
      const found: string[] = [];
      for (;;) {
        const page = documents.list(prefix, found.at(-1), 2);
        found.push(...page.map((listed) => listed.key));
        if (page.length < 2) break;
      }
      expect(found).toEqual([...model].filter((each) => each.startsWith(prefix)).sort());
    }),
    { numRuns: 50 },
  );
});

test('a reset forgets documents of every kind', async () => {
  const { broker, another } = await createWorld();
  await broker.documents(counters).change('a', plusOne);
  await broker.documents(others).change('b', plusOne);

  await broker.reset('tester');

  const next = await another();
  expect(broker.documents(counters).get('a')).toBeUndefined();
  expect(next.documents(counters).list('', undefined, 10)).toEqual([]);
  expect(next.documents(others).list('', undefined, 10)).toEqual([]);
});
