/**
 * What an endpoint is told of its subscription: that it has to be confirmed, or that it ended and how to take that back
 * [sqs-sns 2.4]. It is written when it is asked for, and waits, signed, with the notifications of the same endpoint.
 */
import type { Push } from '../../src/core/broker.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Property } from '../../src/model/message.ts';
import type { Subscription } from '../../src/model/topic.ts';
import { uuidText } from '../../src/model/uuid.ts';
import { subscriptionArn, topicArn } from './arn.ts';
import { newTokenKey, writeToken } from './confirmation-token.ts';
import { snsLimits } from './limits.ts';
import type { Sns } from './sns.ts';

type ConfirmationType = 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';

/** Of a confirmation on its way: what the gateway must know without looking into it. */
export interface ConfirmationFacts {
  readonly type: ConfirmationType;
  readonly messageId: string;
  readonly subscribeUrl: string;
}

const words: Readonly<Record<ConfirmationType, (subscription: Subscription) => string>> = {
  SubscriptionConfirmation: ({ address }) =>
    `You have chosen to subscribe to the topic ${topicArn(address.topic)}.\n` +
    'To confirm the subscription, visit the SubscribeURL included in this message.',
  UnsubscribeConfirmation: ({ address }) =>
    `You have chosen to deactivate subscription ${subscriptionArn(address)}.\n` +
    'To cancel this operation and restore the subscription, visit the SubscribeURL included in this message.',
};

/** Where a subscription keeps the key of its tokens, and until when the last one is good, among its extras. */
export const tokenKeyName = 'tokenKey';
const tokenExpiresAtName = 'tokenExpiresAt';
/** And by which the links begin that its maker had it sent. */
export const linkBaseName = 'linkBase';

/** What a subscription needs to have before its endpoint is told. @param before those that were sent stay good */
export function tokenExtras({ clock, random }: Sns, before: Subscription['extras'] = {}): Subscription['extras'] {
  return {
    [tokenKeyName]: before[tokenKeyName] ?? newTokenKey(random),
    [tokenExpiresAtName]: String(clock.now() + snsLimits.tokenMs),
  };
}

/** The last one that its endpoint was sent; undefined: it was sent none. */
export function lastToken({ address, extras }: Subscription): string | undefined {
  const { [tokenKeyName]: key, [tokenExpiresAtName]: expiresAt } = extras;
  return key === undefined || expiresAt === undefined
    ? undefined
    : writeToken(address, { key, expiresAt: Number(expiresAt) });
}

/**
 * On disk when it settles.
 * @param baseUrl by which its links begin
 * @param subscription with `tokenExtras`
 * @throws GantryError `not-found` when it was dropped meanwhile, or what the store refused with
 */
export async function tellEndpoint(
  sns: Sns,
  baseUrl: string,
  subscription: Subscription,
  type: ConfirmationType,
): Promise<void> {
  const { address } = subscription;
  const { random, clock, signer } = sns;
  const token = lastToken(subscription);
  if (token === undefined) throw new GantryError('not-found', `subscription "${address.id}" has no token`);
  const topic = topicArn(address.topic);
  const subscribeUrl = `${baseUrl}/?Action=ConfirmSubscription&TopicArn=${topic}&Token=${token}`;
  const messageId = uuidText(random.uuid());
  const fields = {
    Type: type,
    MessageId: messageId,
    Token: token,
    TopicArn: topic,
    Message: words[type](subscription),
    SubscribeURL: subscribeUrl,
    Timestamp: new Date(clock.now()).toISOString(),
  };
  const version = sns.broker.topics.catalogue.find(address.topic)?.extras.SignatureVersion === '2' ? '2' : '1';
  const signature = signer && {
    SignatureVersion: version,
    Signature: await signer.sign(fields, version),
    SigningCertURL: await signer.certUrl(baseUrl),
  };
  const body = Buffer.from(JSON.stringify({ ...fields, ...signature }));
  await sns.broker.topics.push.tell(address, { properties: propertiesOf({ type, messageId, subscribeUrl }), body });
}

function propertiesOf(facts: ConfirmationFacts): readonly Property[] {
  return Object.entries(facts).map(([name, value]) => ({ name, type: 'string', value }));
}

/** @returns undefined: it is a message of the topic, whose attributes are its publisher's */
export function confirmationFacts({ note, message }: Pick<Push, 'note' | 'message'>): ConfirmationFacts | undefined {
  if (note !== undefined) return undefined;
  const { properties } = message;
  const texts = new Map(properties.map(({ name, value }) => [name, typeof value === 'string' ? value : '']));
  const type = texts.get('type');
  if (type !== 'SubscriptionConfirmation' && type !== 'UnsubscribeConfirmation') return undefined;
  return { type, messageId: texts.get('messageId') ?? '', subscribeUrl: texts.get('subscribeUrl') ?? '' };
}
