import type { TopicAttributes } from '../../../src/model/topic.ts';
import type { Call } from '../../aws/service.ts';
import { topicArn } from '../arn.ts';
import { invalid } from '../errors.ts';
import { snsLimits } from '../limits.ts';
import type { Sns } from '../sns.ts';

const namePattern = /^[A-Za-z0-9_-]{1,256}$/;

export async function createTopic(sns: Sns, call: Call) {
  const name = call.members.text('Name') ?? '';
  const given = new Map(call.members.textMap('Attributes'));
  const isFifo = given.get('FifoTopic') === 'true';
  const stem = isFifo && name.endsWith('.fifo') ? name.slice(0, -'.fifo'.length) : name;
  if (!namePattern.test(stem) || name.length > 256 || isFifo !== name.endsWith('.fifo')) throw invalid('Topic Name');
  const address = { ...call.namespace, name };
  const { catalogue } = sns.broker.topics;
  const attributes: TopicAttributes = {
    isContentDeduplicated: given.get('ContentBasedDeduplication') === 'true',
    dedupScope: given.get('FifoThroughputScope') === 'MessageGroup' ? 'message-group' : 'topic',
    messageBytesMax: snsLimits.messageBytesDefault,
    policy: undefined,
    archiveMs: undefined,
  };
  const topic =
    catalogue.find(address) ??
    (await catalogue.create(call.principal, {
      ...{ address, kind: isFifo ? 'fifo' : 'standard', attributes, extras: {}, tags: {} },
    }));
  return { TopicArn: topicArn(topic.address) };
}
