import type { QueueAddress } from '../../../src/model/queue.ts';
import type { Call } from '../../aws/service.ts';
import { arnParts, subscriptionArn } from '../arn.ts';
import { invalid } from '../errors.ts';
import { type Sns, topicOf } from '../sns.ts';

export async function subscribe(sns: Sns, call: Call) {
  const topic = topicOf(sns, call);
  const protocol = call.members.text('Protocol') ?? '';
  if (protocol !== 'sqs') throw invalid(`Amazon SNS does not support this protocol string: ${protocol}`);
  const endpoint = call.members.text('Endpoint') ?? '';
  const attributes = new Map(call.members.textMap('Attributes'));
  const made = await sns.broker.topics.subscriptions.create(call.principal, {
    ...{ topic: topic.address, protocol, endpoint, target: { type: 'queue', queue: queueOf(endpoint) } },
    ...{ state: 'confirmed', isRaw: attributes.get('RawMessageDelivery') === 'true', filter: undefined },
    ...{ deadLetter: undefined, owner: call.principal.account, extras: {} },
  });
  return { SubscriptionArn: subscriptionArn(made.address) };
}

/** @throws AwsError `InvalidParameter` (verified) [sqs-sns 2.3] */
function queueOf(endpoint: string): QueueAddress {
  const [, , service, region = '', account = '', name = '', ...rest] = arnParts(endpoint);
  if (service !== 'sqs' || name === '' || rest.length > 0) throw invalid('SQS endpoint ARN');
  return { account, region, name };
}
