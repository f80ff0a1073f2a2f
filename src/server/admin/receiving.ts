import * as v from 'valibot';
import { toReceipt } from '../../../protocols/aws/mapping.ts';
import { sqsLimits } from '../../../protocols/sqs/limits.ts';
import type { Outcome } from '../../../storage/store.ts';
import { Cancellation } from '../../core/broker.ts';
import { duration, text, whole } from '../definitions/values.ts';
import { errorAnswer } from './errors.ts';
import { messageView, type ReceivedView } from './message-view.ts';
import { ok, operation } from './operation.ts';
import { queueNames, queueOf } from './queues.ts';

const receiveMax = 100;
const settlementsMax = 1_000;
const leaseMsMax = sqsLimits.visibilitySecondsMax * 1_000;
const lease = (title: string) => duration({ min: 0, max: leaseMsMax }, title);

const settlementSchema = v.strictObject({
  receipt: text('of the receive', sqsLimits.receiptCharactersMax),
  as: v.picklist(['ack', 'release', 'extend'], 'expected ack, release or extend'),
  for: v.optional(lease('release: how long it stays hidden, default 0; extend: how long from now, default 30s')),
});

export const receivingOperations = [
  operation({
    method: 'POST',
    path: '/queues/{queue}/receive',
    summary: 'receive messages; each stays hidden until it is settled or its time is over',
    body: v.strictObject({
      max: v.optional(whole({ min: 1, max: receiveMax }, 'messages at most; default 1')),
      wait: v.optional(
        duration(
          { min: 0, max: sqsLimits.waitSecondsMax * 1_000 },
          'how long to wait for the first; default: the queue says',
        ),
      ),
      visibilityTimeout: v.optional(lease('how long they are hidden from others; default: the queue says')),
    }),
    isBodyOptional: true,
    answers: { 200: '{messages: [...]}, each with its receipt; none when the wait ended' },
    handle: async (call) => {
      const { max = 1, wait, visibilityTimeout } = call.body ?? {};
      const cancellation = new Cancellation();
      call.signal.addEventListener('abort', () => cancellation.cancel(), { once: true });
      if (call.signal.aborted) cancellation.cancel();
      const options = { deliveriesMax: max, waitMs: wait, leaseMs: visibilityTimeout, cancellation };
      const deliveries = await call.parts.broker.receive(call.principal, queueOf(call, 'receive'), options);
      const messages: readonly ReceivedView[] = deliveries.map((one) => ({
        ...messageView(one, queueNames(call)),
        receipt: one.receipt,
      }));
      return ok({ messages });
    },
  }),
  operation({
    method: 'POST',
    path: '/queues/{queue}/settle',
    summary: 'settle messages that were received: ack takes them out of the queue, release gives them back',
    body: v.strictObject({
      settlements: v.pipe(
        v.array(settlementSchema, 'expected a list of settlements'),
        v.minLength(1, 'expected at least one settlement'),
        v.maxLength(settlementsMax, `expected at most ${settlementsMax} settlements`),
      ),
    }),
    answers: {
      200: '{results: [{was: done, gone, expired, not-leased, over-limit, other-queue or invalid} or {error}]}',
    },
    handle: async (call) => {
      const now = call.parts.clock.now();
      const settlements = call.body.settlements.map(({ receipt, as, for: forMs }) => ({
        receipt: toReceipt(receipt),
        outcome: outcomeOf(as, forMs, now),
      }));
      const results = await call.parts.broker.settle(call.principal, queueOf(call, 'receive'), settlements, 'disk');
      return ok({ results: results.map((one) => (one.ok ? { was: one.was } : errorAnswer(one.error).json)) });
    },
  }),
];

const extendMsDefault = 30_000;

function outcomeOf(as: 'ack' | 'release' | 'extend', forMs: number | undefined, now: number): Outcome {
  if (as === 'ack') return { type: 'ack' };
  if (as === 'extend') return { type: 'extend', until: now + (forMs ?? extendMsDefault), totalMsMax: leaseMsMax };
  const isHidden = forMs !== undefined && forMs > 0;
  return { type: 'release', isCounted: true, ...(isHidden ? { visibleAt: now + forMs } : {}) };
}
