import type { Broker } from '../core/broker.ts';
import type { Clock } from '../model/clock.ts';
import type { Log } from './log.ts';
import { createPace } from './pace.ts';
import { printable } from './request-fields.ts';

const whyCharactersMax = 500;

/** Says which queues a topic does not get to, and why, once a minute for each subscription. */
export function logUndelivered(
  events: Pick<Broker['events'], 'on'>,
  log: Pick<Log, 'warn'>,
  clock: Pick<Clock, 'now'>,
): void {
  const isDue = createPace(clock);
  events.on('undeliverable', ({ subscription, queue, why }) => {
    if (!isDue(subscription.id)) return;
    const { account, region, name } = subscription.topic;
    const fields = { topic: name, account, region, subscription: subscription.id, queue: queue?.name };
    log.warn('sns-delivery-refused', { ...fields, why: printable(why, whyCharactersMax) });
  });
}
