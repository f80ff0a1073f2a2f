import type { Call } from '../../aws/service.ts';
import { sqsError } from '../errors.ts';
import { queueOf, type Sqs } from '../sqs.ts';

export async function purgeQueue(sqs: Sqs, call: Call): Promise<undefined> {
  const queue = queueOf(sqs, call);
  const now = sqs.clock.now();
  if (sqs.purges.isTooSoon(queue.id, now)) {
    const message = `Only one PurgeQueue operation on ${queue.address.name} is allowed every 60 seconds.`;
    throw sqsError('PurgeQueueInProgress', message);
  }
  await sqs.broker.catalogue.purge(call.principal, queue.address);
  sqs.purges.note(queue.id, now);
  return undefined;
}
