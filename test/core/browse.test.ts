import { expect, it } from 'vitest';
import { GantryError } from '../../src/model/errors.ts';
import type { Store } from '../../storage/store.ts';
import { alice, createWorld, message } from './world.ts';

const everything = { states: ['waiting', 'delayed', 'leased'], entriesMax: 10_000, bytesMax: 1_000_000 } as const;
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

  const entries = await broker.browse(alice, queue, everything);

  expect(textsOf(entries)).toEqual(names);
  expect(slices).toBe(3);
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

  expect(looks.map((entries) => entries.length)).toEqual(Array(8).fill(250));
  expect(askedMost).toBe(1);
});

it('ends at the number and at the bytes that were asked for', async () => {
  const { broker, createQueue, publish } = await createWorld();
  const queue = await createQueue('a');
  await publish(queue, ...['aaaa', 'bbbb', 'cccc'].map((body) => message(body)));

  expect(textsOf(await broker.browse(alice, queue, { ...everything, entriesMax: 2 }))).toEqual(['aaaa', 'bbbb']);
  expect(textsOf(await broker.browse(alice, queue, { ...everything, bytesMax: 5 }))).toEqual(['aaaa', 'bbbb']);
  expect(textsOf(await broker.browse(alice, queue, { ...everything, bytesMax: 4 }))).toEqual(['aaaa']);
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
