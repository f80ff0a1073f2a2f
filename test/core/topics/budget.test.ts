import { expect, it } from 'vitest';
import { createBudget, type Share } from '../../../src/core/topics/budget.ts';
import { quiet } from '../world.ts';

/** Who is given a share, in the order in which they get it. */
function askers(bounds: Parameters<typeof createBudget>[0]) {
  const budget = createBudget(bounds);
  const given: { readonly name: string; readonly share: Share }[] = [];
  const ask = (name: string, deliveries = 1) =>
    void budget.take(deliveries).then((share) => given.push({ name, share }));
  return { budget, given, ask, names: () => given.map(({ name }) => name) };
}

it('turns are given in the order of asking, as many as there are bytes for', async () => {
  const { given, ask, names } = askers({ deliveriesMax: 100, bytesMax: 20, turnBytesMax: 10 });
  for (const name of ['a', 'b', 'c', 'd']) ask(name);
  await quiet(1);
  expect(names()).toEqual(['a', 'b']);

  given[0]?.share.end();
  await quiet(1);
  expect(names()).toEqual(['a', 'b', 'c']);
  given[1]?.share.end();
  given[1]?.share.end(); // Harmless.
  await quiet(1);

  expect(names()).toEqual(['a', 'b', 'c', 'd']);
});

it.each([
  { kept: 10, follows: [] },
  { kept: 11, follows: [] },
  { kept: 9, follows: ['b'] },
])('a turn that kept $kept of 10 bytes leaves room of 19 for $follows', async ({ kept, follows }) => {
  const { given, ask, names } = askers({ deliveriesMax: 100, bytesMax: 19, turnBytesMax: 10 });
  ask('a');
  ask('b');
  await quiet(1);

  given[0]?.share.keep(1, kept);
  await quiet(1);

  expect(names()).toEqual(['a', ...follows]);
});

it('deliveries are bounded too, and when more than half are kept each turn is for one', async () => {
  const { budget, given, ask } = askers({ deliveriesMax: 10, bytesMax: 1_000, turnBytesMax: 1 });
  ask('a', 6);
  ask('b', 6);
  ask('c', 6);
  await quiet(1);
  expect(given.map(({ share }) => share.deliveriesMax)).toEqual([6, 4]);
  expect(budget.isCrowded()).toBe(false);

  given[0]?.share.keep(6, 6);
  expect(budget.isCrowded()).toBe(true);
  given[1]?.share.keep(1, 1);
  await quiet(1);

  expect(given.map(({ share }) => share.deliveriesMax)).toEqual([6, 4, 1]);
  for (const { share } of given) share.end();
  expect([budget.isCrowded(), budget.isIdle()]).toEqual([false, true]);
});

it('a turn that alone is larger than all there is goes when nobody else does', async () => {
  const { given, ask, names } = askers({ deliveriesMax: 10, bytesMax: 5, turnBytesMax: 10 });
  ask('a');
  ask('b');
  await quiet(1);
  expect(names()).toEqual(['a']);

  given[0]?.share.end();
  await quiet(1);

  expect(names()).toEqual(['a', 'b']);
});
