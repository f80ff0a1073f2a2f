import { expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Store } from '../../storage/store.ts';
import { alice, createWorld, message } from './world.ts';

const everything = { states: ['waiting', 'delayed', 'leased'], entriesMax: 10_000, bytesMax: 1_000_000 } as const;
const textsIn = async (page: Promise<{ readonly entries: readonly { readonly body: unknown }[] }>) =>
  textsOf((await page).entries);
const textsOf = (entries: readonly { readonly body: unknown }[]) => entries.map(({ body }) => String(body));

it('shows all states in delivery order, slice after slice', async () => {
  let slices = 0;
  const wrap = (store: Store): Store => ({
    ...store,
    browse: (options) => {
      slices++;
      return store.browse(options);
    },
  });
  const { broker, createQueue, publish } = await createWorld({ wrap });
  const queue = await createQueue('a');
  const names = Array.from({ length: 250 }, (_, index) => `m${index}`);
  await publish(queue, ...names.map((name) => message(name)));

  const { entries, looked, next } = await broker.browse(alice, queue, everything);

  expect(textsOf(entries)).toEqual(names);
  expect([looked, next]).toEqual([250, undefined]);
  expect(slices).toBe(Math.ceil(250 / limits.browseEntriesMax));
});

it('asks the store for one slice at a time, however many look', async () => {
  let asked = 0;
  let askedMost = 0;
  const wrap = (store: Store): Store => ({
    ...store,
    browse: async (options) => {
      askedMost = Math.max(askedMost, ++asked);
      return store.browse(options).finally(() => asked--);
    },
  });
  const { broker, createQueue, publish } = await createWorld({ wrap });
  const queue = await createQueue('a');
  await publish(queue, ...Array.from({ length: 250 }, () => message('m')));

  const looks = await Promise.all(Array.from({ length: 8 }, () => broker.browse(alice, queue, everything)));

  expect(looks.map(({ entries }) => entries.length)).toEqual(Array(8).fill(250));
  expect(askedMost).toBe(1);
});

it('ends at the number and at the bytes that were asked for', async () => {
  const { broker, createQueue, publish } = await createWorld();
  const queue = await createQueue('a');
  await publish(queue, ...['aaaa', 'bbbb', 'cccc'].map((body) => message(body)));

  expect(await textsIn(broker.browse(alice, queue, { ...everything, entriesMax: 2 }))).toEqual(['aaaa', 'bbbb']);
  expect(await textsIn(broker.browse(alice, queue, { ...everything, bytesMax: 5 }))).toEqual(['aaaa', 'bbbb']);
  expect(await textsIn(broker.browse(alice, queue, { ...everything, bytesMax: 4 }))).toEqual(['aaaa']);
});

it('who may not receive may not look', async () => {
  const asked: string[] = [];
  const { broker, createQueue } = await createWorld({
    authorize: (_, action) => {
      asked.push(action);
      return action === 'receive' ? new GantryError('access-denied', 'no') : undefined;
    },
  });
  const queue = await createQueue('a');

  await expect(broker.browse(alice, queue, everything)).rejects.toMatchObject({ code: 'access-denied' });
  expect(asked).toEqual(['create', 'receive']);
});

it('goes on where the page before ended, and passes over what is not wanted', async () => {
  const { broker, createQueue, publish } = await createWorld();
  const queue = await createQueue('a');
  await publish(queue, ...Array.from({ length: 250 }, (_, index) => message(`m${index}`)));
  const isWanted = ({ body }: { readonly body: unknown }) => String(body).endsWith('7');
  const options = { ...everything, entriesMax: 10, isWanted };

  const first = await broker.browse(alice, queue, options);
  const second = await broker.browse(alice, queue, { ...options, ...(first.next && { from: first.next }) });

  expect(textsOf(first.entries).at(-1)).toBe('m97');
  expect(first.looked).toBe(98);
  expect(textsOf(second.entries)[0]).toBe('m107');
  expect(textsOf(second.entries)).toHaveLength(10);
});

it('a look that may take no time ends after a slice, and says where to go on', async () => {
  const { broker, createQueue, publish } = await createWorld();
  const queue = await createQueue('a');
  await publish(queue, ...Array.from({ length: 250 }, () => message('m')));

  const page = await broker.browse(alice, queue, { ...everything, isWanted: () => false, lookMsMax: 0 });

  expect(page).toMatchObject({ entries: [], looked: limits.browseEntriesMax, next: expect.any(String) });
});
