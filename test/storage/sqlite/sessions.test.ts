import { expect, it } from 'vitest';
import { createSetup } from '../../../storage/contract/world.ts';
import { openSqlite } from './open-sqlite.ts';

const setup = createSetup(openSqlite());

it('a session that was left, or that a restart brought back, is taken from nobody when it opens again', async () => {
  const world = await setup();
  const taken: number[] = [];
  world.store.onHolderTaken((holder) => taken.push(holder));
  const holder = await world.store.openHolder('session', 's');

  await world.store.closeHolder(holder, 'keep');
  const again = await world.store.openHolder('session', 's');
  await world.reopen();
  world.store.onHolderTaken((other) => taken.push(other));
  const afterRestart = await world.store.openHolder('session', 's');

  expect([again, afterRestart]).toEqual([holder, holder]);
  expect(taken).toEqual([]);
  await world.store.openHolder('session', 's');
  expect(taken).toEqual([holder]);
});
