/** Subscriptions in plain form and the model, both ways. What is judged here is judged by what SNS judges it by. */
import { AwsError } from '../../../protocols/aws/errors.ts';
import { type Endpoint, endpointOf, type ProtocolName } from '../../../protocols/sns/endpoints.ts';
import { type Settings, withSetting } from '../../../protocols/sns/subscription-settings.ts';
import { arnOf, isQueueName, parseArn } from '../../../protocols/sqs/names.ts';
import type { FilterPolicyOptions } from '../../filter/policy/index.ts';
import { GantryError } from '../../model/errors.ts';
import type { Namespace, QueueAddress } from '../../model/queue.ts';
import type { Subscription, Topic } from '../../model/topic.ts';
import type { SchemaProblem } from '../schema-problem.ts';
import type { ShownSettings } from './queue-model.ts';
import type { EndpointKey, SubscriptionDefinition, SubscriptionSettings } from './subscription-definition.ts';

/** A subscription that definitions want. */
export interface WantedSubscription {
  readonly protocol: ProtocolName;
  readonly endpoint: Endpoint;
  readonly settings: Settings;
}
type Judged = { readonly wanted: WantedSubscription } | { readonly problem: SchemaProblem };
type OfTopic = Pick<Topic, 'address' | 'kind'>;
type Shown = Pick<Subscription, 'address' | 'protocol' | 'endpoint' | 'target' | keyof Settings>;

/** The extras that a definition settles; all others it leaves alone. */
const settledExtras = ['FilterPolicyScope', 'RedrivePolicy', 'DeliveryPolicy'] as const;

export function judgeSubscription(
  topic: OfTopic,
  definition: SubscriptionDefinition,
  filterOptions: FilterPolicyOptions,
): Judged {
  const [key, text] = endpointIn(definition);
  const protocol = protocolOf(key, text);
  const given = key === 'queue' ? queueArn(text, topic.address) : text;
  const endpoint = attempt(key, () => endpointOf(protocol, given, topic));
  if ('problem' in endpoint) return endpoint;
  const context = { topic, hasArchive: false, target: endpoint.value.target, protocol, filterOptions };
  let settings: Settings = { isRaw: false, filter: undefined, deadLetter: undefined, extras: {} };
  for (const [setting, attribute] of attributesOf(definition, topic.address)) {
    const next = attempt(setting, () => withSetting(settings, attribute, context));
    if ('problem' in next) return next;
    settings = next.value;
  }
  return { wanted: { protocol, endpoint: endpoint.value, settings } };
}

/** What of the whole subscription as it was, and of what it shall be, its record holds then. */
export function settledOver(before: Subscription, { settings }: WantedSubscription): Settings {
  const others = Object.entries(before.extras).filter(([name]) => !settledExtras.some((one) => one === name));
  return { ...settings, extras: { ...Object.fromEntries(others), ...settings.extras } };
}

/** Out of the whole subscription, what a definition has to say so that the same comes of it. */
export function shownSubscription(subscription: Shown): ShownSettings {
  return { ...shownEndpoint(subscription), ...shownSubscriptionSettings(subscription) };
}

export function shownSubscriptionSettings({ address, isRaw, filter, deadLetter, extras }: Shown): ShownSettings {
  const isOfBody = filter === undefined ? extras.FilterPolicyScope === 'MessageBody' : filter.scope === 'body';
  return {
    ...(isRaw ? { raw: true } : {}),
    ...(filter === undefined ? {} : { filter: parsed(filter.policy, 'filter') }),
    ...(isOfBody ? { filterScope: 'body' } : {}),
    ...(deadLetter === undefined ? {} : { deadLetter: queueText(deadLetter, address.topic) }),
    ...(extras.DeliveryPolicy === undefined
      ? {}
      : { deliveryPolicy: withoutNulls(parsed(extras.DeliveryPolicy, 'delivery policy')) }),
  };
}

/** What is changed over what is shown: null takes away. @returns the whole, to be judged as a definition */
export function changedDefinition(subscription: Shown, change: SubscriptionSettings): object {
  const merged = { ...shownSubscription(subscription), ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** `orders`, `https://example.org/hook`: where it goes, as a person names it. */
export function endpointWords(subscription: Pick<Shown, 'address' | 'protocol' | 'endpoint' | 'target'>): string {
  return Object.values(shownEndpoint(subscription)).map(String).join('');
}

/** The same for two that go to the same endpoint by the same protocol. */
export function endpointIdentity(protocol: string, { text, target }: Endpoint): string {
  if (target.type === 'push') return `${protocol} ${text}`;
  const { account, region, name } = target.queue;
  return `${protocol} ${account} ${region} ${name}`;
}

function shownEndpoint({ address, protocol, endpoint, target }: Omit<Shown, keyof Settings>): ShownSettings {
  if (target.type === 'queue') return { queue: queueText(target.queue, address.topic) };
  const key = keyByProtocol.get(protocol);
  if (key === undefined) throw new GantryError('internal', `no key for the protocol ${protocol}`);
  return { [key]: endpoint };
}

const keyByProtocol: ReadonlyMap<string, EndpointKey> = new Map([
  ['http', 'url'],
  ['https', 'url'],
  ['email', 'email'],
  ['email-json', 'emailJson'],
  ['sms', 'phone'],
  ['lambda', 'function'],
  ['application', 'application'],
]);

/** Whether definitions have a word for it. */
export function isNameable({ protocol, target }: Pick<Subscription, 'protocol' | 'target'>): boolean {
  return target.type === 'queue' ? isQueueName(target.queue.name) : keyByProtocol.has(protocol);
}

const endpointProtocols = {
  queue: 'sqs',
  url: 'https',
  email: 'email',
  emailJson: 'email-json',
  phone: 'sms',
  function: 'lambda',
  application: 'application',
} as const satisfies Record<EndpointKey, ProtocolName>;

function protocolOf(key: EndpointKey, text: string): ProtocolName {
  return key === 'url' && /^http:/i.test(text) ? 'http' : endpointProtocols[key];
}

function endpointIn(definition: SubscriptionDefinition): readonly [EndpointKey, string] {
  for (const key of ['queue', 'url', 'email', 'emailJson', 'phone', 'function', 'application'] as const) {
    const text = definition[key];
    if (text !== undefined) return [key, text];
  }
  throw new GantryError('internal', 'a subscription has an endpoint');
}

type AttributeRow = readonly [key: string, attribute: readonly [name: string, value: string]];

/** As SNS names them. The scope comes first: it says how a policy is read. */
function attributesOf(definition: SubscriptionDefinition, there: Namespace): readonly AttributeRow[] {
  const { raw, filterScope, filter, deadLetter, deliveryPolicy } = definition;
  const rows: AttributeRow[] = [];
  if (raw === true) rows.push(['raw', ['RawMessageDelivery', 'true']]);
  if (filterScope === 'body') rows.push(['filterScope', ['FilterPolicyScope', 'MessageBody']]);
  if (isGiven(filter)) rows.push(['filter', ['FilterPolicy', JSON.stringify(filter)]]);
  if (isGiven(deadLetter)) {
    const policy = JSON.stringify({ deadLetterTargetArn: queueArn(deadLetter, there) });
    rows.push(['deadLetter', ['RedrivePolicy', policy]]);
  }
  if (isGiven(deliveryPolicy)) rows.push(['deliveryPolicy', ['DeliveryPolicy', JSON.stringify(deliveryPolicy)]]);
  return rows;
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

function queueArn(text: string, { account, region }: Namespace): string {
  return parseArn(text) === undefined ? arnOf({ account, region, name: text }) : text;
}

/** The name alone where account and region are the topic's. */
function queueText(queue: QueueAddress, there: Namespace): string {
  return queue.account === there.account && queue.region === there.region ? queue.name : arnOf(queue);
}

function attempt<T>(key: string, act: () => T): { readonly value: T } | { readonly problem: SchemaProblem } {
  try {
    return { value: act() };
  } catch (error) {
    const isKnown = error instanceof AwsError || (error instanceof GantryError && error.code === 'invalid-argument');
    if (!isKnown) throw error;
    return { problem: { path: [key], message: error.message.replace(/^(Invalid parameter: )+/, '') } };
  }
}

export function parsed(text: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw new GantryError('internal', `the ${what} is no JSON`, { cause });
  }
}

/** A subscription's delivery policy is kept with the sections that it does not have. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key, one]) => one !== null && !isSilent(key, one)));
}

function isSilent(key: string, value: unknown): boolean {
  return key === 'guaranteed' && value === false;
}
