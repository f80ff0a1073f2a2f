/**
 * What an endpoint is told of its subscription: that it has to be confirmed, or that it ended and how to take that back
 * [sqs-sns 2.4]. It is written when it is asked for, and waits, signed, with the notifications of the same endpoint.
 */
import type { Push } from '../../src/core/broker.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Property } from '../../src/model/message.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { Subscription } from '../../src/model/topic.ts';
import { uuidText } from '../../src/model/uuid.ts';
import type { Call } from '../aws/service.ts';
import { subscriptionArn, topicArn } from './arn.ts';
import { newTokenKey, writeToken } from './confirmation-token.ts';
import { snsLimits } from './limits.ts';
import { baseUrlOf, type Sns } from './sns.ts';

type ConfirmationType = 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';

/** By whose request an endpoint is asked. */
type Teller = Pick<Call, 'baseUrl' | 'principal'>;

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
 * Asks the endpoint of a pending subscription to confirm it, at the pace of `ConfirmationPace`. On disk when it settles,
 * unless it was asked just now, or the last that it was sent has not left yet.
 * @param isNew it was never asked
 * @throws as of `tellEndpoint`
 */
export async function askToConfirm(sns: Sns, by: Teller, subscription: Subscription, isNew: boolean): Promise<void> {
  const { clock, confirmationPace: pace } = sns;
  const { id } = subscription.address;
  const now = clock.now();
  if (!pace.mayRepeat(id, now) && !isNew) return;
  try {
    if (!isNew && (await isUnsent(sns, subscription))) return;
    const current = isNew ? subscription : await askedAnew(sns, by.principal, subscription);
    const delayMs = pace.delayMs(by.principal.account, now);
    await tellEndpoint(sns, baseUrlOf(sns, by), current, 'SubscriptionConfirmation', delayMs);
  } catch (error) {
    pace.takeBack(id);
    throw error;
  }
}

/** One that waits for so long that its token is of little use counts for none. */
async function isUnsent({ broker, clock }: Sns, subscription: Subscription): Promise<boolean> {
  const goodForMs = Number(subscription.extras[tokenExpiresAtName] ?? 0) - clock.now();
  if (goodForMs < snsLimits.tokenMs / 2) return false;
  const [waiting = 0] = await broker.topics.push.waiting([subscription]);
  return waiting > 0;
}

function askedAnew(sns: Sns, principal: Principal, { address }: Subscription): Promise<Subscription> {
  return sns.broker.topics.subscriptions.alter(
    principal,
    address,
    ({ extras }) => ({ extras: { ...extras, ...tokenExtras(sns, extras) } }),
    'subscribe',
  );
}

/**
 * On disk when it settles.
 * @param baseUrl by which its links begin
 * @param delayMs before it is sent
 * @param subscription with `tokenExtras`
 * @throws GantryError `not-found` when it was dropped meanwhile, or what the store refused with
 */
export async function tellEndpoint(
  sns: Sns,
  baseUrl: string,
  subscription: Subscription,
  type: ConfirmationType,
  delayMs = 0,
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
  const properties = propertiesOf({ type, messageId, subscribeUrl });
  await sns.broker.topics.push.tell(address, { properties, body, delayMs });
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
