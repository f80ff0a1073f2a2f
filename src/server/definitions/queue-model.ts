/** Queue definitions and the model, both ways. What a definition does not say is as in a queue that SQS makes. */
import { sqsLimits } from '../../../protocols/sqs/limits.ts';
import { arnOf, parseArn } from '../../../protocols/sqs/names.ts';
import { GantryError } from '../../model/errors.ts';
import type { Namespace, Queue, QueueAddress, QueueAttributes, QueueKind, RedriveAllow } from '../../model/queue.ts';
import type { SchemaProblem } from '../schema-problem.ts';
import { type QueueSettings, queueDefaults } from './queue-definition.ts';
import { durationText, sizeText } from './values.ts';

export interface SettingsChange {
  readonly attributes: Partial<QueueAttributes>;
  /** Undefined: it is to go. */
  readonly extras: Readonly<Record<string, string | undefined>>;
}

/** What a definition says of a queue, beside its name. */
export type DescribedQueue = Pick<Queue, 'address' | 'kind' | 'attributes' | 'extras' | 'tags'>;

/** A queue's settings as a file shows them: texts with units, what is as by default left out. */
export type ShownSettings = Readonly<Record<string, unknown>>;

export function kindOfName(name: string): QueueKind {
  return name.endsWith('.fifo') ? 'fifo' : 'standard';
}

/**
 * What the settings change in a queue at `address`; what they leave out they leave.
 * @throws GantryError `invalid-argument`
 */
export function settingsChange(address: QueueAddress, settings: QueueSettings): SettingsChange {
  const { delay, visibilityTimeout, retention, receiveWait, maximumMessageSize } = settings;
  const { contentBasedDeduplication, deduplicationScope, fifoThroughputLimit } = settings;
  const problem = settingsProblem(address, settings);
  if (problem !== undefined) throw wrong(address.name, problem.message);
  const { deadLetter, deadLetterSources, policy } = settings;
  const there = { account: address.account, region: address.region };
  const attributes: Partial<QueueAttributes> = {
    ...given('delayMs', delay),
    ...given('leaseMs', visibilityTimeout),
    ...given('retentionMs', retention),
    ...given('receiveWaitMs', receiveWait),
    ...given('messageBytesMax', maximumMessageSize),
    ...given('isContentDeduplicated', contentBasedDeduplication),
    ...given('dedupScope', scopeOf(deduplicationScope)),
    ...given('throughputScope', scopeOf(fifoThroughputLimit)),
    ...(deadLetter === undefined
      ? {}
      : {
          redrive:
            deadLetter === null
              ? undefined
              : { deadLetter: { ...there, name: deadLetter.queue }, deliveryCountMax: deadLetter.after },
        }),
    ...(deadLetterSources === undefined ? {} : { redriveAllow: redriveAllowOf(deadLetterSources, there) }),
    ...(policy === undefined ? {} : { policy: policy === null ? undefined : JSON.stringify(policy) }),
  };
  return { attributes, extras: extrasOf(settings) };
}

/** What no queue at `address` can be told. */
export function settingsProblem({ name }: QueueAddress, settings: QueueSettings): SchemaProblem | undefined {
  if (settings.managedEncryption === true && typeof settings.kmsKey === 'string')
    return { path: ['managedEncryption'], message: 'a queue has managedEncryption or a kmsKey, not both' };
  if (kindOfName(name) === 'fifo') return undefined;
  const key = fifoKeys.find((one) => settings[one] !== undefined);
  return key && { path: [key], message: `${key} is for FIFO queues, whose names end in .fifo` };
}

/** As SQS does it: one kind of encryption takes the other away. */
function extrasOf({ kmsKey, kmsKeyReuse, managedEncryption }: QueueSettings): SettingsChange['extras'] {
  const isReuseDefault = kmsKeyReuse === sqsLimits.kmsReuseSecondsDefault * 1_000;
  return {
    ...(kmsKeyReuse === undefined
      ? {}
      : { KmsDataKeyReusePeriodSeconds: isReuseDefault ? undefined : String(kmsKeyReuse / 1_000) }),
    ...(managedEncryption === undefined
      ? {}
      : { SqsManagedSseEnabled: managedEncryption === null ? undefined : String(managedEncryption) }),
    ...(managedEncryption === true ? { KmsMasterKeyId: undefined, KmsDataKeyReusePeriodSeconds: undefined } : {}),
    ...(typeof kmsKey === 'string' ? { KmsMasterKeyId: kmsKey, SqsManagedSseEnabled: 'false' } : {}),
    ...(kmsKey === null ? { KmsMasterKeyId: undefined } : {}),
    ...(kmsKey === null && managedEncryption === undefined ? { SqsManagedSseEnabled: undefined } : {}),
  };
}

/** Out of the whole queue, what a definition has to say so that the same comes of it. */
export function shownSettings({ address, kind, attributes, extras, tags }: DescribedQueue): ShownSettings {
  const { delayMs, leaseMs, retentionMs, receiveWaitMs, messageBytesMax, redrive, redriveAllow, policy } = attributes;
  const isOther = (key: keyof QueueAttributes): boolean => attributes[key] !== queueDefaults[key];
  return {
    ...(isOther('delayMs') ? { delay: durationText(delayMs) } : {}),
    ...(isOther('leaseMs') ? { visibilityTimeout: durationText(leaseMs) } : {}),
    ...(isOther('retentionMs') && retentionMs !== undefined ? { retention: durationText(retentionMs) } : {}),
    ...(isOther('receiveWaitMs') ? { receiveWait: durationText(receiveWaitMs) } : {}),
    ...(isOther('messageBytesMax') ? { maximumMessageSize: sizeText(messageBytesMax) } : {}),
    ...(redrive === undefined
      ? {}
      : { deadLetter: { queue: redrive.deadLetter.name, after: redrive.deliveryCountMax } }),
    ...(redriveAllow === undefined ? {} : { deadLetterSources: shownSources(redriveAllow, address) }),
    ...(kind === 'fifo' ? shownFifo(attributes) : {}),
    ...(policy === undefined ? {} : { policy: shownPolicy(policy, address) }),
    ...(extras.KmsMasterKeyId === undefined ? {} : { kmsKey: extras.KmsMasterKeyId }),
    ...shownEncryption(extras),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
  };
}

export function withExtras(
  extras: Readonly<Record<string, string>>,
  change: SettingsChange['extras'],
): Readonly<Record<string, string>> {
  const entries = Object.entries({ ...extras, ...change });
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

/**
 * What can only be judged by the queue that comes of it.
 * @param find queues that are there, or will be
 */
export function queueProblem(
  address: QueueAddress,
  attributes: QueueAttributes,
  find: (address: QueueAddress) => Pick<Queue, 'address' | 'kind' | 'attributes'> | undefined,
): SchemaProblem | undefined {
  const at = (path: SchemaProblem['path'], message: string): SchemaProblem => ({ path, message });
  if (attributes.throughputScope === 'message-group' && attributes.dedupScope !== 'message-group')
    return at(['fifoThroughputLimit'], 'fifoThroughputLimit perMessageGroupId needs deduplicationScope messageGroup');
  const { redrive } = attributes;
  if (redrive === undefined) return undefined;
  const path = ['deadLetter', 'queue'];
  // It would lead each message that was received too often back to where it is received again.
  if (isSame(redrive.deadLetter, address)) return at(path, 'a queue cannot be its own dead-letter queue');
  const its = `its dead-letter queue "${redrive.deadLetter.name}"`;
  const target = find(redrive.deadLetter);
  if (target === undefined) return at(path, `${its} does not exist`);
  if (target.kind !== kindOfName(address.name)) return at(path, `${its} is of the kind ${target.kind}`);
  const allow = target.attributes.redriveAllow;
  const isRefused =
    allow?.permission === 'none' ||
    (allow?.permission === 'by-queue' &&
      !allow.sources.some((one) => isSame(one, { ...redrive.deadLetter, name: address.name })));
  return isRefused ? at(path, `${its} takes no messages of it (deadLetterSources)`) : undefined;
}

/** @throws GantryError `invalid-argument` */
export function checkQueue(...given: Parameters<typeof queueProblem>): void {
  const problem = queueProblem(...given);
  if (problem !== undefined) throw wrong(given[0].name, problem.message);
}

function isSame(one: QueueAddress, other: QueueAddress): boolean {
  return one.name === other.name && one.account === other.account && one.region === other.region;
}

const fifoKeys = ['contentBasedDeduplication', 'deduplicationScope', 'fifoThroughputLimit'] as const;

function given<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  const entry: { [P in K]?: T } = {};
  if (value !== undefined) entry[key] = value;
  return entry;
}

function scopeOf(
  word: QueueSettings['deduplicationScope'] | QueueSettings['fifoThroughputLimit'],
): QueueAttributes['dedupScope'] | undefined {
  if (word === undefined) return undefined;
  return word === 'queue' || word === 'perQueue' ? 'queue' : 'message-group';
}

function redriveAllowOf(
  sources: NonNullable<QueueSettings['deadLetterSources']> | null,
  there: Namespace,
): RedriveAllow | undefined {
  if (sources === null) return undefined;
  if (typeof sources === 'string') return { permission: sources, sources: [] };
  return { permission: 'by-queue', sources: sources.map((one) => parseArn(one) ?? { ...there, name: one }) };
}

function shownSources({ permission, sources }: RedriveAllow, { account, region }: Namespace): unknown {
  if (permission !== 'by-queue') return permission;
  return sources.map((one) => (one.account === account && one.region === region ? one.name : arnOf(one)));
}

function shownEncryption(extras: Queue['extras']): ShownSettings {
  const { KmsMasterKeyId, KmsDataKeyReusePeriodSeconds, SqsManagedSseEnabled } = extras;
  return {
    ...(KmsDataKeyReusePeriodSeconds === undefined
      ? {}
      : { kmsKeyReuse: durationText(Number(KmsDataKeyReusePeriodSeconds) * 1_000) }),
    ...(SqsManagedSseEnabled === 'false' && KmsMasterKeyId === undefined ? { managedEncryption: false } : {}),
  };
}

function shownFifo({ isContentDeduplicated, dedupScope, throughputScope }: QueueAttributes): ShownSettings {
  return {
    ...(isContentDeduplicated ? { contentBasedDeduplication: true } : {}),
    ...(dedupScope === 'queue' ? {} : { deduplicationScope: 'messageGroup' }),
    ...(throughputScope === 'queue' ? {} : { fifoThroughputLimit: 'perMessageGroupId' }),
  };
}

function shownPolicy(text: string, { name }: QueueAddress): unknown {
  try {
    const policy: unknown = JSON.parse(text);
    return policy;
  } catch (cause) {
    throw new GantryError('internal', `the policy of queue "${name}" is no JSON`, { cause });
  }
}

function wrong(name: string, what: string): GantryError {
  return new GantryError('invalid-argument', `queue "${name}": ${what}`, { resource: name });
}
