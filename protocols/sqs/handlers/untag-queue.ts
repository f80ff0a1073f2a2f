import type { Call } from '../../aws/service.ts';
import { sqsError } from '../errors.ts';
import { queueOf, type Sqs } from '../sqs.ts';
import { checkTagKey } from '../tags.ts';

/** Keys that the queue has not are passed over [sqs-sns 1.14]. */
export async function untagQueue(sqs: Sqs, call: Call): Promise<undefined> {
  const { address } = queueOf(sqs, call);
  const keys = new Set(call.members.texts('TagKeys') ?? []);
  if (keys.size === 0) {
    const message = 'Tag keys must be between 1 and 128 characters in length.';
    throw sqsError('InvalidParameterValueException', message);
  }
  for (const key of keys) checkTagKey(key);
  await sqs.broker.catalogue.alter(call.principal, address, ({ tags }) => ({
    tags: Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.has(key))),
  }));
  return undefined;
}
