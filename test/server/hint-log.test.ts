import { expect, test } from 'vitest';
import type { QueueAddress } from '../../src/model/queue.ts';
import { createHintLog } from '../../src/server/hint-log.ts';
import type { Log } from '../../src/server/log.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const ordres: QueueAddress = { account: '000000000000', region: 'eu-west-1', name: 'ordres' };
const hintText = 'did you mean "orders"?';

function logged() {
  const told: unknown[] = [];
  const log: Pick<Log, 'warn'> = { warn: (event, fields) => void told.push([event, fields]) };
  const clock = createFakeClock();
  const hint = createHintLog(log, clock);
  return {
    told,
    clock,
    tell: (text: string, queue: QueueAddress | undefined = ordres) =>
      hint(text, { operation: 'SendMessage', keyId: 'any', remoteAddress: '127.0.0.1', queue }),
  };
}

test('a hint says which request it is about, once a minute however often the mistake is made', () => {
  const { told, tell, clock } = logged();
  const line = [
    'request-hint',
    { hint: hintText, operation: 'SendMessage', queue: 'ordres', account: '000000000000', region: 'eu-west-1' },
  ];

  tell(hintText);
  tell(hintText);
  clock.advance(59_999);
  tell(hintText);
  expect(told).toEqual([line]);

  clock.advance(1);
  tell(hintText);
  expect(told).toEqual([line, line]);
});

test('the same hint about another queue is another line', () => {
  const { told, tell } = logged();

  tell(hintText);
  tell(hintText, { ...ordres, name: 'order' });

  expect(told).toHaveLength(2);
});

test('a name in the log is short and printable', () => {
  const { told, tell } = logged();

  tell(hintText, { ...ordres, name: `\u001b[2J${'x'.repeat(500)}` });

  expect(told).toEqual([['request-hint', expect.objectContaining({ queue: `?[2J${'x'.repeat(96)}` })]]);
});
