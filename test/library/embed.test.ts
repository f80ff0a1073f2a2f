import { expect, onTestFinished, test } from 'vitest';
import { embed } from '../../src/library/embed.ts';
import type { Store } from '../../storage/store.ts';
import { storeWith } from '../server/setup.ts';

type StateListener = Parameters<Store['onState']>[0];

test('a store that breaks is reported, refuses, and ends neither the process nor the chance to stop', async () => {
  const listeners: StateListener[] = [];
  const store = storeWith({ onState: (listener) => void listeners.push(listener) });
  const reported: unknown[] = [];
  const gantry = await embed({ onBroken: (error) => reported.push(error) }, { openStore: async () => store });
  onTestFinished(() => gantry.stop());

  listeners[0]?.('broken', 'a sync failed');

  expect(reported).toMatchObject([{ name: 'GantryError', code: 'unavailable' }]);
  expect(String(reported[0])).toContain('the store is broken: a sync failed');
  expect((await fetch(`${gantry.endpoint}/health`)).status).toBe(503);
  await gantry.stop();
});

test('a store that cannot be opened rejects the start', async () => {
  const store = storeWith({ start: () => Promise.reject(new Error('no disk')) });

  await expect(embed({}, { openStore: async () => store })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('no disk'),
  });
});
