import { expect, test } from 'vitest';
import { faultLimits, readFaultRule } from '../../../src/server/faults/rule.ts';

const actions = ['SendMessage', 'ReceiveMessage'];
const drop = { action: 'SendMessage', kind: 'drop' };

test('what is left out has its default', () => {
  expect(readFaultRule(drop, actions)).toMatchObject({ ...drop, rate: 1, when: 'before' });
});

test.each([
  [{ action: '*', kind: 'delay', delayMs: faultLimits.delayMsMax }],
  [{ ...drop, queue: 'orders', rate: 0.5, count: 3, when: 'after' }],
  [
    {
      action: 'SendMessage',
      kind: 'error',
      code: 'AWS.SimpleQueueService.NonExistentQueue',
      status: 400,
      message: 'x',
    },
  ],
])('%o is a rule', (rule) => {
  expect(readFaultRule(rule, actions)).toMatchObject(rule);
});

test.each([
  [null, 'a rule is an object'],
  ['drop', 'a rule is an object'],
  [{ action: 'SendMessage' }, 'a rule needs its kind'],
  [{ kind: 'drop' }, 'a rule needs its action'],
  [{ action: 'SendMesage', kind: 'drop' }, 'there is no action "SendMesage"; did you mean "SendMessage"?'],
  [{ ...drop, action: '' }, 'action is a text'],
  [{ ...drop, kind: 'explode' }, 'kind is one of delay, error, drop'],
  [{ ...drop, when: 'during' }, 'when is one of before, after'],
  [{ ...drop, rate: 1.01 }, 'rate is a number from 0 to 1'],
  [{ ...drop, rate: Number.NaN }, 'rate is a number from 0 to 1'],
  [{ ...drop, count: 0 }, 'count is a number from 1'],
  [{ ...drop, count: 1.5 }, 'count is a whole number'],
  [{ ...drop, queu: 'orders' }, 'unknown key "queu"; did you mean "queue"?'],
  [{ ...drop, delayMs: 1 }, 'unknown key "delayMs"'],
  [{ ...drop, queue: 'q'.repeat(faultLimits.textCharactersMax + 1) }, 'queue is a text'],
  [{ action: '*', kind: 'delay' }, 'a rule needs its delayMs'],
  [{ action: '*', kind: 'delay', delayMs: faultLimits.delayMsMax + 1 }, 'delayMs is a number from 0 to 60000'],
  [{ action: '*', kind: 'error' }, 'a rule needs its code'],
  [{ action: '*', kind: 'error', code: 'a\r\nb' }, 'code has letters'],
  [{ action: '*', kind: 'error', code: 'Oops', status: 200 }, 'status is a number from 400 to 599'],
])('%o is none', (rule, why) => {
  expect(() => readFaultRule(rule, actions)).toThrow(`fault rule: ${why}`);
});
