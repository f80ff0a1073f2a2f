import type { Call } from '../../aws/service.ts';
import { withoutPermission } from '../policy-statements.ts';
import { queueOf, required, type Sqs } from '../sqs.ts';

/** Takes away the statement that AddPermission, or whoever wrote the Policy, gave this label as its Sid. */
export async function removePermission(sqs: Sqs, call: Call): Promise<undefined> {
  const { address } = queueOf(sqs, call);
  const label = required(call.members, 'Label');
  await sqs.broker.catalogue.alter(call.principal, address, (queue) => ({
    attributes: { policy: withoutPermission(queue, label) },
  }));
  return undefined;
}
