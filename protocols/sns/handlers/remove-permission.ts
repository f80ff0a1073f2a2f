import type { Call } from '../../aws/service.ts';
import { required, type Sns, topicOf } from '../sns.ts';
import { inOurWords } from '../topic-change.ts';
import { withoutPermission } from '../topic-policy.ts';

/** Takes away the statement that AddPermission, or whoever wrote the Policy, gave this label as its Sid. */
export async function removePermission(sns: Sns, call: Call): Promise<undefined> {
  const { address } = topicOf(sns, call);
  const label = required(call, 'Label');
  await sns.broker.topics.catalogue.alter(call.principal, address, (topic) => ({
    attributes: { policy: inOurWords(() => withoutPermission(topic, label)) },
  }));
}
