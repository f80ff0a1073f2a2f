import type { Call } from '../../aws/service.ts';
import { type Sns, taggedTopic } from '../sns.ts';

export async function listTagsForResource(sns: Sns, call: Call) {
  const { address, tags } = taggedTopic(sns, call);
  sns.broker.topics.requireAllowed(call.principal, 'browse', address);
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}
