import { expect, test } from 'vitest';
import { createHintLog } from '../../src/server/hint-log.ts';
import type { Log } from '../../src/server/log.ts';

test('a hint is told once, however often its mistake is made', () => {
  const told: unknown[] = [];
  const log: Pick<Log, 'warn'> = { warn: (event, fields) => void told.push([event, fields]) };
  const hint = createHintLog(log);

  hint('a queue of that name exists in eu-west-1');
  hint('a queue of that name exists in eu-west-1');
  hint('did you mean "orders"?');

  expect(told).toEqual([
    ['request-hint', { hint: 'a queue of that name exists in eu-west-1' }],
    ['request-hint', { hint: 'did you mean "orders"?' }],
  ]);
});
