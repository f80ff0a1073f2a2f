import { expect, test } from 'vitest';
import { createEvents } from '../../src/core/events.ts';
import { logUndelivered } from '../../src/server/undelivered-log.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const scope = { account: '000000000000', region: 'us-east-1' };
const topic = { ...scope, name: 'alerts' };
const queue = { ...scope, name: 'audit' };

test('a queue that a topic does not get to is said once a minute for each subscription', () => {
  const events = createEvents();
  const clock = createFakeClock();
  const lines: unknown[] = [];
  logUndelivered(events, { warn: (event, fields) => lines.push([event, fields]) }, clock);
  const fail = (id: string) =>
    events.tell('undeliverable', { at: clock.now(), subscription: { topic, id }, queue, why: 'gone\u001b' });

  fail('a');
  fail('a');
  fail('b');
  clock.advance(60_000);
  fail('a');

  const line = (subscription: string) => [
    'sns-delivery-refused',
    { ...scope, topic: 'alerts', subscription, queue: 'audit', why: 'gone?' },
  ];
  expect(lines).toEqual([line('a'), line('b'), line('a')]);
});
