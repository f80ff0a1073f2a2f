import type { Call } from '../../aws/service.ts';
import { mustNotBeNull } from '../errors.ts';
import { type Sns, taggedTopic } from '../sns.ts';
import { checkTagKey } from '../tags.ts';

/** A key that the topic has not is no mistake. */
export async function untagResource(sns: Sns, call: Call): Promise<undefined> {
  const { address } = taggedTopic(sns, call);
  const given = call.members.texts('TagKeys');
  if (given === undefined) throw mustNotBeNull('tagKeys');
  for (const key of given) checkTagKey(key);
  const keys = new Set(given);
  await sns.broker.topics.catalogue.alter(call.principal, address, ({ tags }) => ({
    tags: Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.has(key))),
  }));
}
