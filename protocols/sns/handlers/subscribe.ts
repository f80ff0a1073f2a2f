import { GantryError } from '../../../src/model/errors.ts';
import type { Principal } from '../../../src/model/principal.ts';
import type { Subscription, Topic } from '../../../src/model/topic.ts';
import { userArn } from '../../../src/security/users.ts';
import type { Call } from '../../aws/service.ts';
import { arnParts, subscriptionArn } from '../arn.ts';
import { askToConfirm, linkBaseName, tokenExtras } from '../confirmation.ts';
import { endpointOf, type ProtocolName, protocolOf, protocols } from '../endpoints.ts';
import { invalid } from '../errors.ts';
import { requireEndpoint } from '../mobile/endpoints.ts';
import { applyReplayPolicy } from '../replay-policy.ts';
import { baseUrlOf, type Sns, topicOf } from '../sns.ts';
import { requireRoom, requireRoomForFilter } from '../subscription-quotas.ts';
import { agrees, type Settings, settingsOf } from '../subscription-settings.ts';

/**
 * The checks come in AWS's order: topic, protocol, endpoint, attributes (verified). One endpoint has one subscription to a
 * topic, however often it is subscribed (verified) [sqs-sns 2.3].
 */
export async function subscribe(sns: Sns, call: Call) {
  const { members } = call;
  const topic = topicOf(sns, call);
  // Before anything is said of what is subscribed already.
  sns.broker.topics.requireAllowed(call.principal, 'subscribe', topic.address);
  const protocol = protocolOf(members.text('Protocol') ?? '');
  const endpoint = endpointOf(protocol, members.text('Endpoint') ?? '', topic);
  if (protocol === 'application') requireEndpoint(sns.broker, endpoint.text, call);
  const given = new Map(members.textMap('Attributes'));
  const { filterOptions } = sns;
  const { target } = endpoint;
  const hasArchive = topic.attributes.archiveMs !== undefined;
  const settings = settingsOf(given, { topic, hasArchive, target, protocol, filterOptions });
  const subscription = await subscribeEndpoint(sns, call, { topic, protocol, endpoint, settings, given });
  const replayPolicy = settings.extras.ReplayPolicy;
  if (replayPolicy !== undefined) {
    await applyReplayPolicy(sns.broker, call.principal, subscription.address, replayPolicy, 'only if there is none');
  }
  const isPending = subscription.state === 'pending';
  const isArnWanted = !isPending || members.boolean('ReturnSubscriptionArn') === true;
  return { SubscriptionArn: isArnWanted ? subscriptionArn(subscription.address) : 'pending confirmation' };
}

/** Whoever subscribes, by a request or otherwise. */
export type Subscriber = Pick<Call, 'principal' | 'baseUrl'>;

/** A subscription to be, judged. */
export interface Wanted {
  readonly topic: Topic;
  readonly protocol: ProtocolName;
  readonly endpoint: ReturnType<typeof endpointOf>;
  readonly settings: Settings;
  /** What is said of the settings: one that is there must agree with it. */
  readonly given: ReadonlyMap<string, string>;
}

/**
 * Where its endpoint has to confirm it, it is asked to, also again. On disk when it settles.
 * @throws AwsError `InvalidParameter` when it is there and differs; GantryError as of core
 */
export async function subscribeEndpoint(sns: Sns, by: Subscriber, wanted: Wanted): Promise<Subscription> {
  const { topic, protocol, endpoint } = wanted;
  if (protocol === 'application') requireOwnDevice(sns, by.principal, endpoint.text);
  const key = `${topic.id} ${protocol} ${endpoint.text}`;
  const { subscription, isNew } = await sns.broker.topics.subscribing.take(key, () => findOrCreate(sns, by, wanted));
  if (subscription.state === 'pending') await askToConfirm(sns, by, subscription, isNew);
  return subscription;
}

/** By whatever door one comes: only an admin has another account's device told. @throws GantryError `not-found` */
function requireOwnDevice({ broker }: Sns, principal: Principal, arn: string): void {
  if (arnParts(arn)[4] === principal.account) return;
  try {
    broker.requireAllowedAtLarge(principal, 'admin');
  } catch (cause) {
    throw new GantryError('not-found', `there is no device ${arn}`, { resource: arn, cause });
  }
}

interface Found {
  readonly subscription: Subscription;
  readonly isNew: boolean;
}

async function findOrCreate(sns: Sns, by: Subscriber, wanted: Wanted): Promise<Found> {
  const { principal } = by;
  const { topic, protocol, endpoint, settings, given } = wanted;
  const { subscriptions } = sns.broker.topics;
  const existing = find(sns, wanted);
  if (existing !== undefined && existing.state !== 'ended') {
    if (!agrees(existing, settings, given)) {
      throw invalid('Attributes Reason: Subscription already exists with different attributes');
    }
    return { subscription: existing, isNew: false };
  }
  // Whoever could still take the end back would make it two.
  if (existing !== undefined) await subscriptions.drop(principal, existing.address, 'subscribe');
  requireRoom(sns, topic);
  requireRoomForFilter(sns, topic, undefined, settings.filter);
  const { asksToConfirm } = protocols[protocol];
  const { account, isAnonymous, name } = principal;
  const subscription = await subscriptions.create(principal, {
    ...{ topic: topic.address, protocol, endpoint: endpoint.text, target: endpoint.target },
    ...{ state: asksToConfirm ? 'pending' : 'confirmed', ...settings, owner: account },
    extras: {
      ...settings.extras,
      SubscriptionPrincipal: userArn(account, isAnonymous ? 'gantry' : name),
      ConfirmationWasAuthenticated: String(!asksToConfirm),
      ...(asksToConfirm && { ...tokenExtras(sns), [linkBaseName]: baseUrlOf(sns, by) }),
    },
  });
  return { subscription, isNew: true };
}

function find(sns: Sns, { topic, protocol, endpoint }: Wanted): Subscription | undefined {
  for (const each of sns.broker.topics.subscriptions.ofEndpoint(protocol, endpoint.text)) {
    if (each.topicId === topic.id) return each;
  }
  return undefined;
}
