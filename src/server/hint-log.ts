import type { Clock } from '../model/clock.ts';
import type { Requested } from '../security/refusal.ts';
import type { Log } from './log.ts';
import { createPace } from './pace.ts';
import { requestFields } from './request-fields.ts';

/** Each hint once a minute: whoever repeats a mistake a thousand times a second must not fill the log with it. */
export function createHintLog(
  log: Pick<Log, 'warn'>,
  clock: Pick<Clock, 'now'>,
): (hint: string, requested: Requested) => void {
  const isDue = createPace(clock);
  return (hint, requested) => {
    const { operation, queue, account, region } = requestFields(requested);
    if (isDue(`${operation}/${queue}/${hint}`)) log.warn('request-hint', { hint, operation, queue, account, region });
  };
}
