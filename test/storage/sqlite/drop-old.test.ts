import { expect, it } from 'vitest';
import { createSetup, texts } from '../../../storage/contract/world.ts';
import { openSqlite } from './open-sqlite.ts';

const setup = createSetup(openSqlite());

it('a large message takes the place of tens of thousands of small ones', async () => {
  const { createQueue, commitOk, message, append, receive } = await setup();
  const queue = await createQueue({ limit: { bytes: 120_000, onFull: 'drop-old' } });
  const small = { do: 'append', message: message('abc'), to: [{ queue }] } as const;
  await commitOk(...Array.from({ length: 30_000 }, () => small));

  await append(queue, 'x'.repeat(119_990));

  expect((await receive(queue)).map(({ body }) => (body instanceof Uint8Array ? body.length : 0))).toEqual([
    3, 3, 119_990,
  ]);
});

it('what is in flight in front, and on no disk yet, is passed over', async () => {
  const { createQueue, appendAll, append, receive } = await setup();
  const queue = await createQueue({ limit: { entries: 100, onFull: 'drop-old' } });
  await appendAll(
    queue,
    Array.from({ length: 100 }, (_, index) => `m${index}`),
  );
  await receive(queue, { max: 80, durability: 'memory' });

  expect(await append(queue, 'new')).toHaveProperty('pos');

  expect(texts(await receive(queue, { max: 100 }))).toEqual([
    ...Array.from({ length: 19 }, (_, index) => `m${81 + index}`),
    'new',
  ]);
});
