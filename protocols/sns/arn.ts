import type { Namespace } from '../../src/model/queue.ts';
import type { SubscriptionAddress, TopicAddress } from '../../src/model/topic.ts';
import { resourceArn } from '../../src/security/resource-arn.ts';
import { invalid } from './errors.ts';
import { topicArnHint } from './meant.ts';

export function topicArn({ account, region, name }: TopicAddress): string {
  return resourceArn({ type: 'topic', account, region, name });
}

export function subscriptionArn({ topic, id }: SubscriptionAddress): string {
  return `${topicArn(topic)}:${id}`;
}

/** Everybody in an account, as a policy names them; beside a topic, for partitions do not mix. */
export function accountArn(account: string, topic: TopicAddress): string {
  return `arn:${arnParts(topicArn(topic))[1]}:iam::${account}:root`;
}

/** The parts of an ARN: `arn`, partition, service, region, account, then what is the service's own. */
export function arnParts(arn: string): readonly string[] {
  return arn.split(':');
}

/**
 * @param parameter for the error: `TopicArn`
 * @throws AwsError `InvalidParameter` when it is no ARN of a topic in this region (verified) [sqs-sns 2.2]
 */
export function topicOfArn(arn: string, parameter: string, { region }: Namespace): TopicAddress {
  const parts = arnParts(arn);
  if (parts.length < 6) {
    throw invalid(`${parameter} Reason: An ARN must have at least 6 elements, not ${parts.length}`);
  }
  const [, , service, ofRegion = '', account = '', name = ''] = parts;
  if (service !== 'sns' || parts.length > 6 || ofRegion !== region || name === '')
    throw invalid(parameter, topicArnHint(parts, region));
  return { account, region: ofRegion, name };
}
