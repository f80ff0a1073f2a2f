/** Queue definitions and the model, both ways. What a definition does not say is as in a queue that SQS makes. */
import { GantryError } from '../../model/errors.ts';
import type { Queue, QueueAddress, QueueAttributes, QueueKind, RedriveAllow } from '../../model/queue.ts';
import { type QueueSettings, queueDefaults } from './queue-definition.ts';
import { durationText, sizeText } from './values.ts';

export interface SettingsChange {
  readonly attributes: Partial<QueueAttributes>;
  /** Undefined: it is to go. */
  readonly extras: Readonly<Record<string, string | undefined>>;
}

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
  requireKind(address, settings);
  const { deadLetter, deadLetterSources, policy, kmsKey } = settings;
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
  const extras =
    kmsKey === undefined
      ? {}
      : { KmsMasterKeyId: kmsKey ?? undefined, SqsManagedSseEnabled: kmsKey === null ? undefined : 'false' };
  return { attributes, extras };
}

/** Out of the whole queue, what a definition has to say so that the same comes of it. */
export function shownSettings({ address, kind, attributes, extras, tags }: Queue): ShownSettings {
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
    ...(redriveAllow === undefined ? {} : { deadLetterSources: shownSources(redriveAllow) }),
    ...(kind === 'fifo' ? shownFifo(attributes) : {}),
    ...(policy === undefined ? {} : { policy: shownPolicy(policy, address) }),
    ...(extras.KmsMasterKeyId === undefined ? {} : { kmsKey: extras.KmsMasterKeyId }),
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
 * @throws GantryError `invalid-argument`
 */
export function checkQueue(
  address: QueueAddress,
  attributes: QueueAttributes,
  find: (address: QueueAddress) => Pick<Queue, 'address' | 'kind' | 'attributes'> | undefined,
): void {
  const { name } = address;
  if (attributes.throughputScope === 'message-group' && attributes.dedupScope !== 'message-group')
    throw wrong(name, 'fifoThroughputLimit perMessageGroupId needs deduplicationScope messageGroup');
  const { redrive } = attributes;
  if (redrive === undefined) return;
  const target = find(redrive.deadLetter);
  if (target === undefined) throw wrong(name, `its dead-letter queue "${redrive.deadLetter.name}" does not exist`);
  if (target.kind !== kindOfName(name))
    throw wrong(name, `its dead-letter queue "${redrive.deadLetter.name}" is of the kind ${target.kind}`);
  const allow = target.attributes.redriveAllow;
  if (
    allow?.permission === 'none' ||
    (allow?.permission === 'by-queue' && !allow.sources.some((one) => one.name === name))
  )
    throw wrong(name, `its dead-letter queue "${redrive.deadLetter.name}" takes no messages of it (deadLetterSources)`);
}

const fifoKeys = ['contentBasedDeduplication', 'deduplicationScope', 'fifoThroughputLimit'] as const;

function requireKind({ name }: QueueAddress, settings: QueueSettings): void {
  if (kindOfName(name) === 'fifo') return;
  const key = fifoKeys.find((one) => settings[one] !== undefined);
  if (key !== undefined) throw wrong(name, `${key} is for FIFO queues, whose names end in .fifo`);
}

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
  there: { readonly account: string; readonly region: string },
): RedriveAllow | undefined {
  if (sources === null) return undefined;
  if (typeof sources === 'string') return { permission: sources, sources: [] };
  return { permission: 'by-queue', sources: sources.map((name) => ({ ...there, name })) };
}

function shownSources({ permission, sources }: RedriveAllow): unknown {
  return permission === 'by-queue' ? sources.map(({ name }) => name) : permission;
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
