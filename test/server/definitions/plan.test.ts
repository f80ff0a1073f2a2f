import { describe, expect, test } from 'vitest';
import { GantryError } from '../../../src/model/errors.ts';
import type { Step } from '../../../src/server/definitions/kind.ts';
import { applySteps } from '../../../src/server/definitions/plan.ts';

function setup() {
  const done: string[] = [];
  const step = (name: string, turn: number, changes: Partial<Step> = {}): Step => ({
    ...{ do: 'create', kind: 'queue', name, text: `+ queue ${name}`, turn },
    requireAllowed: () => undefined,
    run: async () => void done.push(name),
    ...changes,
  });
  return { done, step };
}

async function fail(): Promise<never> {
  throw new GantryError('store-full', 'the disk is full', { hint: 'Make room.' });
}

describe('the steps of a plan', () => {
  test('wait for all of the turn before', async () => {
    const { done, step } = setup();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = step('first', 0, { run: () => held.then(() => void done.push('first')) });

    const applying = applySteps([first, step('second', 0), step('third', 1)]);
    await Promise.resolve();
    expect(done).toEqual(['second']);
    release();

    expect(await applying).toBe(3);
    expect(done).toEqual(['second', 'first', 'third']);
  });

  test('end at the first that fails, which says how many were done', async () => {
    const { done, step } = setup();
    const steps = [step('a', 0), step('b', 0, { run: fail }), step('c', 0), step('d', 1)];

    await expect(applySteps(steps)).rejects.toMatchObject({
      code: 'store-full',
      hint: 'Make room.',
      message: 'the disk is full (at "+ queue b"; 2 of 4 changes were made)',
    });
    expect(done).toEqual(['a', 'c']);
  });

  test('are not begun when one of them would be refused', async () => {
    const { done, step } = setup();
    const refuse = (): never => {
      throw new GantryError('access-denied', 'no');
    };

    await expect(applySteps([step('a', 0), step('b', 1, { requireAllowed: refuse })])).rejects.toThrow('no');
    expect(done).toEqual([]);
  });
});
