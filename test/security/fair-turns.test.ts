import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createFairTurns } from '../../src/security/fair-turns.ts';

/** Turns of which one runs at a time, and what has ended so far; `end` ends what runs. */
function setup(waitingMax: number) {
  const turns = createFairTurns({ runningMax: 1, waitingMax, refusal: 'too many' });
  const events: string[] = [];
  const ends: (() => void)[] = [];
  const take = (lane: string, name: string) => {
    const run = turns.take(lane, () => new Promise<void>((resolve) => ends.push(resolve)));
    run.then(
      () => events.push(name),
      ({ code }: { code: string }) => events.push(`${name} ${code}`),
    );
  };
  const endAll = async () => {
    for (let end = ends.shift(); end !== undefined; end = ends.shift()) {
      end();
      await nextTurn();
    }
  };
  return { take, events, endAll };
}

test('lanes take turns', async () => {
  const { take, events, endAll } = setup(10);
  for (const name of ['a1', 'a2', 'a3', 'a4']) take('a', name);
  take('b', 'b1');
  take('c', 'c1');
  take('b', 'b2');

  await endAll();

  expect(events).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
});

test('where too many wait, the longest lane gives up its newest to a shorter one, and else who comes is refused', async () => {
  const { take, events, endAll } = setup(3);
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) take('a', name);
  take('b', 'b1');
  take('b', 'b2');
  await nextTurn();

  expect(events.toSorted()).toEqual(['a4 limit-exceeded', 'a5 limit-exceeded', 'b2 limit-exceeded']);
  await endAll();
  expect(events.slice(3)).toEqual(['a1', 'a2', 'b1', 'a3']);
});

test('what fails gives its turn on', async () => {
  const turns = createFairTurns({ runningMax: 1, waitingMax: 1, refusal: 'too many' });
  const failing = turns.take('a', () => Promise.reject(new Error('no')));
  const waiting = turns.take('a', async () => 'mine');

  await expect(failing).rejects.toThrow('no');
  expect(await waiting).toBe('mine');
});
