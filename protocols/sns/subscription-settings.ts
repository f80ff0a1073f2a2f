/** What a client sets of a subscription, by the names of the API [sqs-sns 2.3]. */

import { type FilterPolicyOptions, parseFilterPolicy } from '../../src/filter/policy/index.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Subscription, Topic } from '../../src/model/topic.ts';
import type { AwsError } from '../aws/errors.ts';
import { parseSubscriptionPolicy } from './delivery/delivery-policy.ts';
import { invalid } from './errors.ts';
import { snsLimits } from './limits.ts';
import { nameMeant } from './meant.ts';
import { deadLetterOf } from './redrive-policy.ts';
import { readReplayPolicy } from './replay-policy.ts';

/** The part of a subscription that these attributes are about. */
export type Settings = Pick<Subscription, 'isRaw' | 'filter' | 'deadLetter' | 'extras'>;

export interface SettingContext {
  readonly topic: Pick<Topic, 'kind'>;
  /** Whether the topic keeps what was published. */
  readonly hasArchive: boolean;
  readonly target: Subscription['target'];
  readonly protocol: string;
  readonly filterOptions: FilterPolicyOptions;
}

interface Setting {
  /** @param value as it was given @throws GantryError `invalid-argument` with AWS's words, without what stands before them */
  set(settings: Settings, value: string, context: SettingContext): Settings;
  /** As GetSubscriptionAttributes shows it, also where it is not shown; undefined: it is not set. */
  text(settings: Settings): string | undefined;
}

const noSettings: Settings = { isRaw: false, filter: undefined, deadLetter: undefined, extras: {} };

/** In the order in which several are set: the scope says how a policy is read. */
const settings: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  ['RawMessageDelivery', { set: setRaw, text: ({ isRaw }) => String(isRaw) }],
  ['FilterPolicyScope', { set: setScope, text: ({ extras }) => extras.FilterPolicyScope ?? 'MessageAttributes' }],
  ['FilterPolicy', { set: setFilter, text: ({ filter }) => filter?.policy }],
  ['RedrivePolicy', { set: setRedrive, text: ({ extras }) => extras.RedrivePolicy }],
  ['DeliveryPolicy', { set: setDelivery, text: ({ extras }) => extras.DeliveryPolicy }],
  ['ReplayPolicy', { set: setReplay, text: ({ extras }) => extras.ReplayPolicy }],
  ['SubscriptionRoleArn', { set: setRole, text: ({ extras }) => extras.SubscriptionRoleArn }],
]);

/**
 * @param prefix what stands before AWS's words: another one on creation (verified)
 * @throws AwsError `InvalidParameter`
 */
export function withSetting(
  before: Settings,
  [name, value]: readonly [string, string],
  context: SettingContext,
  prefix = '',
): Settings {
  const setting = settings.get(name);
  if (setting === undefined) throw invalid(`${prefix}AttributeName`, nameMeant(name, settings.keys()));
  try {
    return setting.set(before, value, context);
  } catch (error) {
    if (error instanceof GantryError && error.code === 'invalid-argument') throw refused(prefix, error);
    throw error;
  }
}

function refused(prefix: string, { message, hint }: GantryError): AwsError {
  return invalid(`${prefix}${message}`, hint);
}

/** Of a subscription that is being made. @throws AwsError `InvalidParameter` */
export function settingsOf(given: ReadonlyMap<string, string>, context: SettingContext): Settings {
  const prefix = 'Attributes Reason: ';
  const names = [...settings.keys()];
  const order = (name: string) => names.indexOf(name);
  const entries = [...given].sort(([one], [other]) => order(one) - order(other));
  return entries.reduce((before, entry) => withSetting(before, entry, context, prefix), noSettings);
}

/** Whether a subscription has what is asked for anew: what is left out, or empty, is not asked about (verified). */
export function agrees(existing: Settings, wanted: Settings, given: ReadonlyMap<string, string>): boolean {
  for (const [name, value] of given) {
    const text = settings.get(name)?.text;
    if (value !== '' && text?.(existing) !== text?.(wanted)) return false;
  }
  return true;
}

const rawProtocols: ReadonlySet<string> = new Set(['sqs', 'http', 'https']);

function setRaw(before: Settings, value: string, { protocol }: SettingContext): Settings {
  const text = value.toLowerCase();
  if (text !== 'true' && text !== 'false') {
    throw refusal(`RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
  }
  if (text === 'true' && !rawProtocols.has(protocol)) {
    throw refusal(`Delivery protocol [${protocol}] does not support raw message delivery.`);
  }
  return { ...before, isRaw: text === 'true' };
}

/** Remembered before there is a policy, and shown when there is one (verified). */
function setScope(before: Settings, value: string, { filterOptions }: SettingContext): Settings {
  if (value !== 'MessageAttributes' && value !== 'MessageBody') {
    const allowed = 'Please use either MessageBody or MessageAttributes';
    throw refusal(`FilterPolicyScope: Invalid value [${value}]. ${allowed}`);
  }
  const scope = scopeOf(value);
  if (before.filter !== undefined) parseFilterPolicy(before.filter.policy, scope, filterOptions);
  return {
    ...before,
    filter: before.filter && { ...before.filter, scope },
    extras: { ...before.extras, FilterPolicyScope: value },
  };
}

/** An empty text, or an object without keys, takes the policy away. */
function setFilter(before: Settings, value: string, { filterOptions }: SettingContext): Settings {
  const scope = scopeOf(before.extras.FilterPolicyScope);
  const policy = parseFilterPolicy(value, scope, filterOptions);
  return { ...before, filter: policy && { policy: value, scope } };
}

function scopeOf(text: string | undefined): 'attributes' | 'body' {
  return text === 'MessageBody' ? 'body' : 'attributes';
}

function setRedrive(before: Settings, value: string, { topic, target }: SettingContext): Settings {
  const isFifo = topic.kind === 'fifo' && target.type === 'queue' && target.queue.name.endsWith('.fifo');
  return {
    ...before,
    deadLetter: value === '' ? undefined : deadLetterOf(value, isFifo),
    extras: withExtra(before, 'RedrivePolicy', value),
  };
}

function setDelivery(before: Settings, value: string): Settings {
  const policy = parseSubscriptionPolicy(value);
  return { ...before, extras: withExtra(before, 'DeliveryPolicy', policy ? JSON.stringify(policy) : '') };
}

/** What it sets going follows when it is on disk. */
function setReplay(before: Settings, value: string, { hasArchive }: SettingContext): Settings {
  const isWanted = readReplayPolicy(value) !== undefined;
  if (isWanted && !hasArchive) throw refusal('ReplayPolicy: the topic has no ArchivePolicy');
  return { ...before, extras: withExtra(before, 'ReplayPolicy', isWanted ? value : '') };
}

function setRole(before: Settings, value: string): Settings {
  if (value.length > snsLimits.roleArnCharactersMax) throw refusal('SubscriptionRoleArn: it is too long');
  return { ...before, extras: withExtra(before, 'SubscriptionRoleArn', value) };
}

/** @param value empty: it is taken away */
function withExtra({ extras }: Settings, name: string, value: string): Settings['extras'] {
  const { [name]: _, ...others } = extras;
  return value === '' ? others : { ...others, [name]: value };
}

function refusal(message: string): GantryError {
  return new GantryError('invalid-argument', message);
}
