import type { Broker } from '../../src/core/broker.ts';
import type { FilterPolicyOptions } from '../../src/filter/policy/index.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Random } from '../../src/model/random.ts';
import type { Topic, TopicAddress } from '../../src/model/topic.ts';
import type { AwsError } from '../aws/errors.ts';
import type { Call } from '../aws/service.ts';
import { topicOfArn } from './arn.ts';
import type { ConfirmationPace } from './confirmation-pace.ts';
import type { Destinations } from './destinations.ts';
import { notFound, noValue, snsError, topicDoesNotExist } from './errors.ts';
import { topicHint } from './hint.ts';
import type { Signer } from './signing/index.ts';

/** What every handler is given besides its call. */
export interface Sns {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly linkBases: LinkBases;
  readonly destinations: Destinations;
  readonly random: Random;
  /** Signs what endpoints are told; undefined: nothing is signed. */
  readonly signer: Pick<Signer, 'sign' | 'certUrl'> | undefined;
  readonly filterOptions: FilterPolicyOptions;
  readonly quotas: SubscriptionQuotas;
  readonly confirmationPace: ConfirmationPace;
}

/** By which the links begin that others are sent: scheme, host and port. */
export interface LinkBases {
  /** @param asked by which the request came that has them sent */
  of(asked: string): string;
  /** The same for a request without a credential. @param kept of the subscription's maker; undefined: of an older release */
  ofUnsigned(asked: string, kept: string | undefined): string;
}

/** Undefined: any number. */
export interface SubscriptionQuotas {
  readonly perTopicMax: number | undefined;
  /** Subscriptions with a filter policy, of one topic and of one account. */
  readonly filtersPerTopicMax: number | undefined;
  readonly filtersPerAccountMax: number | undefined;
  /** Of all filter policies of one account. */
  readonly filterBytesMax: number | undefined;
}

/**
 * The topic that the request names by its ARN.
 * @throws AwsError `InvalidParameter`, `NotFound`; GantryError `access-denied`: who may not ask learns not even that it is missing
 */
export function topicOf(sns: Sns, call: Call, parameter = 'TopicArn'): Topic {
  const address = topicAddressOf(call, parameter);
  const topic = sns.broker.topics.catalogue.find(address);
  if (topic !== undefined) return topic;
  throw missingTopic(sns, call, address);
}

/** With what its name may have been meant for. @throws GantryError `access-denied` */
export function missingTopic(sns: Sns, call: Call, address: TopicAddress): AwsError {
  requireOwnAct(sns, call, address);
  return notFound(topicDoesNotExist, topicHint(address, sns.broker, call.principal));
}

/** @throws AwsError `InvalidParameter` */
export function topicAddressOf(call: Call, parameter = 'TopicArn'): TopicAddress {
  return topicOfArn(call.members.text(parameter) ?? '', parameter, call.namespace);
}

/** The same for those who only look at it. @throws GantryError `access-denied` */
export function browsedTopic(sns: Sns, call: Call, parameter = 'TopicArn'): Topic {
  const topic = topicOf(sns, call, parameter);
  sns.broker.topics.requireAllowed(call.principal, 'browse', topic.address);
  return topic;
}

/** The topic that tags are asked of, which has words of its own for one that is not there. @throws as `topicOf`; AwsError `ResourceNotFound` */
export function taggedTopic(sns: Sns, call: Call): Topic {
  const address = topicAddressOf(call, 'ResourceArn');
  const topic = sns.broker.topics.catalogue.find(address);
  if (topic !== undefined) return topic;
  requireOwnAct(sns, call, address);
  const hint = topicHint(address, sns.broker, call.principal);
  throw snsError('ResourceNotFoundException', 'Resource does not exist', hint);
}

/**
 * Before anything is said of a topic that no verb of core will be asked about. @throws GantryError `access-denied`
 */
export function requireOwnAct(sns: Sns, call: Call, address: TopicAddress): void {
  const { act } = call.principal;
  if (act !== undefined) sns.broker.topics.requireAllowed(call.principal, act.action, address);
}

/** An empty text counts as missing. @throws AwsError `InvalidParameter` */
export function required(call: Call, parameter: string): string {
  const text = call.members.text(parameter) ?? '';
  if (text === '') throw noValue(parameter);
  return text;
}

/** By which the links of messages and answers begin. */
export function baseUrlOf(sns: Pick<Sns, 'linkBases'>, { baseUrl }: Pick<Call, 'baseUrl'>): string {
  return sns.linkBases.of(baseUrl);
}
