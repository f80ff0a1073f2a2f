import { expect, test } from 'vitest';
import { createFaults } from '../../../src/server/faults/faults.ts';
import { faultLimits } from '../../../src/server/faults/rule.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const drop = { action: '*', kind: 'drop' } as const;
const orders = () => 'orders';

function setup(chance = 0) {
  const clock = createFakeClock();
  const faults = createFaults({ clock, actions: () => ['SendMessage', 'ReceiveMessage'], chance: () => chance });
  return { clock, faults };
}

test('without a rule nothing is on', () => {
  const { faults } = setup();

  expect(faults.isOn).toBe(false);
  const id = faults.add(drop);
  expect(faults.isOn).toBe(true);
  expect(faults.clear(id)).toBe(1);
  expect(faults.isOn).toBe(false);
});

test('a rule hits its action and its queue, and no other', () => {
  const { faults } = setup();
  faults.add({ ...drop, action: 'SendMessage', queue: 'orders' });

  expect(faults.take('SendMessage', orders)).toMatchObject({ kind: 'drop', when: 'before' });
  expect(faults.take('ReceiveMessage', orders)).toBeUndefined();
  expect(faults.take('SendMessage', () => 'others')).toBeUndefined();
  expect(faults.take('SendMessage', () => undefined)).toBeUndefined();
});

test('the first rule that hits is taken, and the next when its count is used up', () => {
  const { faults } = setup();
  const first = faults.add({ ...drop, count: 2 });
  const second = faults.add({ action: '*', kind: 'delay', delayMs: 5 });

  const hits = [1, 2, 3].map(() => faults.take('SendMessage', orders)?.id);

  expect(hits).toEqual([first, first, second]);
  expect(faults.list()).toMatchObject([{ id: second, hits: 1, kind: 'delay', delayMs: 5 }]);
});

test.each([
  [0.3, 0.2, true],
  [0.3, 0.3, false],
  [0, 0, false],
  [1, 0.999, true],
])('at a rate of %s a chance of %s: hit is %s', (rate, chance, isHit) => {
  const { faults } = setup(chance);
  faults.add({ ...drop, rate });

  expect(faults.take('SendMessage', orders) !== undefined).toBe(isHit);
});

test('a misspelt rule is refused, and so is one too many', () => {
  const { faults } = setup();
  for (let count = 0; count < faultLimits.rulesMax; count++) faults.add(drop);

  expect(() => faults.add({ ...drop, action: 'SendMesage' })).toThrow('did you mean "SendMessage"?');
  expect(() => faults.add(drop)).toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
  expect(faults.clear()).toBe(faultLimits.rulesMax);
});

test('a sleep ends with its time, with who it was for, or with the broker', async () => {
  const { clock, faults } = setup();
  const ends: (() => void)[] = [];
  const sleeps = [1000, 2000, 3000].map((ms) => faults.sleep(ms, (end) => ends.push(end)));

  clock.advance(1000);
  await sleeps[0];
  ends[1]?.();
  await sleeps[1];
  faults.stop();
  await sleeps[2];

  await faults.sleep(60_000, () => undefined); // Of a broker that is stopped.
  expect(() => faults.add(drop)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  expect(faults.isOn).toBe(false);
});
