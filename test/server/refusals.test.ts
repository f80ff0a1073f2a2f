import { expect, test } from 'vitest';
import type { RefusalReason } from '../../src/security/refusal.ts';
import type { Log } from '../../src/server/log.ts';
import { createRefusals } from '../../src/server/refusals.ts';
import { createFakeClock } from '../support/fake-clock.ts';

function noted() {
  const lines: unknown[] = [];
  const log: Pick<Log, 'warn'> = { warn: (event, fields) => void lines.push([event, fields]) };
  const clock = createFakeClock();
  const refusals = createRefusals(log, clock);
  const note = (reason: RefusalReason, keyId: string | undefined, why?: string) =>
    refusals.note({
      ...{ reason, why },
      requested: { operation: 'SendMessage', keyId, remoteAddress: '127.0.0.1', queue: undefined },
    });
  return { lines, clock, counts: refusals.counts, note };
}

test('each refusal is counted, and said once a minute for each key and reason', () => {
  const { lines, counts, note, clock } = noted();

  for (let at = 0; at < 5; at++) note('wrong-signature', 'AKIASHOP');
  note('wrong-signature', 'AKIAOTHER');
  note('no-rights', 'AKIASHOP', 'User: a\nis not authorized');
  expect(counts.get('wrong-signature')).toBe(6);
  expect(counts.get('no-rights')).toBe(1);
  expect(counts.get('unsigned')).toBe(0);
  const line = { operation: 'SendMessage', key: 'AKIASHOP', remoteAddress: '127.0.0.1' };
  expect(lines).toEqual([
    ['request-refused', { ...line, reason: 'wrong-signature' }],
    ['request-refused', { ...line, reason: 'wrong-signature', key: 'AKIAOTHER' }],
    ['request-refused', { ...line, reason: 'no-rights', why: 'User: a?is not authorized' }],
  ]);

  clock.advance(60_000);
  note('wrong-signature', 'AKIASHOP');
  expect(lines).toHaveLength(4);
});

test('guessed keys fill neither the log nor the memory, and keep no other reason quiet', () => {
  const { lines, counts, note } = noted();

  for (let at = 0; at < 5_000; at++) note('unknown-key', `AKIA${at}`);
  note('clock-off', 'AKIASHOP');

  expect(counts.get('unknown-key')).toBe(5_000);
  expect(lines).toHaveLength(201);
});

test('a secret that was put where the id belongs is not shown', () => {
  const { lines, note } = noted();

  note('unknown-key', 'wJalrXUtnFEMIxK7MDENGxbPxRfiCYEXAMPLEKEY');

  expect(lines).toEqual([['request-refused', expect.objectContaining({ key: 'wJalrXUt...' })]]);
});
