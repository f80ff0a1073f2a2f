import type { Call } from '../../aws/service.ts';
import { sqsError } from '../errors.ts';
import { queueOf, type Sqs } from '../sqs.ts';

export async function untagQueue(sqs: Sqs, call: Call): Promise<undefined> {
  const { address, tags } = queueOf(sqs, call);
  const keys = new Set(call.members.texts('TagKeys') ?? []);
  if (keys.size === 0) {
    const message = 'Tag keys must be between 1 and 128 characters in length.';
    throw sqsError('InvalidParameterValueException', message);
  }
  const left = Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.has(key)));
  await sqs.broker.catalogue.alter(call.principal, address, { tags: left });
  return undefined;
}
