import { expect, it } from 'vitest';
import { bodiesOf, platformTexts, readStructure } from '../../../protocols/sns/message-structure.ts';

const structure = (value: object) => readStructure(JSON.stringify(value));
const body = Buffer.from('d');

it('each protocol has its own text, once where two say the same, and none where it is the default', () => {
  const bodies = bodiesOf(structure({ default: 'd', sqs: 's', http: 's', email: 'd', unknown: 'x', sms: 1 }), body);

  expect([...bodies].map(([name, text]) => [name, String(text)])).toEqual([
    ['sqs', 's'],
    ['http', 's'],
  ]);
  expect(bodies.get('sqs')).toBe(bodies.get('http'));
});

it('devices are told apart by their platform', () => {
  const bodies = bodiesOf(structure({ default: 'd', GCM: '{"a":1}', APNS_SANDBOX: 'p' }), body);

  expect([...bodies.keys()]).toEqual(['application']);
  expect(platformTexts(bodies.get('application') ?? body)).toEqual(
    new Map([
      ['default', 'd'],
      ['GCM', '{"a":1}'],
      ['APNS_SANDBOX', 'p'],
    ]),
  );
});

it.each(['{"default":"d"}', 'plain', '', '\u001e{'])('the message %j is the same for every platform', (text) => {
  expect(platformTexts(Buffer.from(text))).toBeUndefined();
});
