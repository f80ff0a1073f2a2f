import { isDeepStrictEqual } from 'node:util';
import { GantryError } from '../../../src/model/errors.ts';
import type { Topic } from '../../../src/model/topic.ts';
import type { Call } from '../../aws/service.ts';
import { topicArn } from '../arn.ts';
import { dataProtectionKey, readDataProtection } from '../data-protection.ts';
import { invalid } from '../errors.ts';
import { topicKindOf } from '../names.ts';
import { requireOwnAct, type Sns } from '../sns.ts';
import { hasTags, readTags } from '../tags.ts';
import { topicAttributeRows } from '../topic-attributes.ts';
import { defaultTopicAttributes, type Given, inOurWords, readAttributes, withExtras } from '../topic-change.ts';

/** Makes the topic, or finds it as it was asked for: asking twice is no mistake [SNS CreateTopic]. */
export async function createTopic(sns: Sns, call: Call) {
  const { members, namespace } = call;
  const name = members.text('Name') ?? '';
  const given = members.textMap('Attributes') ?? [];
  const kind = topicKindOf(name, new Map(given).get('FifoTopic'));
  const change = readAttributes(given, kind);
  const tags = readTags(members) ?? {};
  const dataProtection = inOurWords(() => readDataProtection(members.text('DataProtectionPolicy') ?? ''));
  const address = { ...namespace, name };
  requireOwnAct(sns, call, address); // First: what follows tells of this topic.
  const { catalogue } = sns.broker.topics;
  const known = catalogue.find(address);
  if (known !== undefined) return answerOf(same(known, given, tags));
  const attributes = { ...defaultTopicAttributes, ...change.attributes };
  const extras = withExtras({}, { ...change.extras, [dataProtectionKey]: dataProtection });
  try {
    return answerOf(await catalogue.create(call.principal, { address, kind, attributes, extras, tags }));
  } catch (error) {
    // Another create was faster: then this one finds what that one made.
    const made = error instanceof GantryError && error.code === 'already-exists' ? catalogue.find(address) : undefined;
    if (made === undefined) throw error;
    return answerOf(same(made, given, tags));
  }
}

function answerOf({ address }: Topic) {
  return { TopicArn: topicArn(address) };
}

/** What was not given is not compared; what was given must be set, and be the same (verified) [sqs-sns 2.2]. */
function same(topic: Topic, given: Given, tags: Readonly<Record<string, string>>): Topic {
  if (!given.every(([name, text]) => isSame(topic, name, text))) {
    throw invalid('Attributes Reason: Topic already exists with different attributes');
  }
  if (!hasTags(topic.tags, tags)) throw invalid('Tags Reason: Topic already exists with different tags');
  return topic;
}

function isSame(topic: Topic, name: string, text: string): boolean {
  const row = topicAttributeRows.get(name);
  if (row === undefined) return true; // FifoTopic, which the name has said.
  const { attributes, extras } = row.read(text);
  const wanted = row.show({
    attributes: { ...defaultTopicAttributes, ...attributes },
    extras: withExtras({}, extras),
  });
  const has = row.show(topic);
  if (wanted === has || wanted === undefined || has === undefined) return wanted === has;
  return name.endsWith('Policy') && isDeepStrictEqual(JSON.parse(wanted), JSON.parse(has));
}
