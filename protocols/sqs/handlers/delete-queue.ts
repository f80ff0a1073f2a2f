import type { Call } from '../../aws/service.ts';
import { queueOf, type Sqs } from '../sqs.ts';
import { deletionKey } from './create-queue.ts';

/** Takes effect at once; receives that wait on the queue end. */
export async function deleteQueue(sqs: Sqs, call: Call): Promise<undefined> {
  const { address } = queueOf(sqs, call);
  await sqs.broker.catalogue.drop(call.principal, address);
  sqs.deletions.note(deletionKey(address), sqs.clock.now());
  return undefined;
}
