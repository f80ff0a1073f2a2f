import type { Call } from '../../aws/service.ts';
import { mustNotBeNull } from '../errors.ts';
import { type Sns, taggedTopic } from '../sns.ts';
import { readTags, withTags } from '../tags.ts';

export async function tagResource(sns: Sns, call: Call): Promise<undefined> {
  const { address } = taggedTopic(sns, call);
  const tags = readTags(call.members);
  if (tags === undefined) throw mustNotBeNull('tags');
  await sns.broker.topics.catalogue.alter(call.principal, address, (topic) => ({ tags: withTags(topic.tags, tags) }));
}
