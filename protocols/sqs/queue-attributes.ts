import type { Queue, QueueAttributes, QueueKind } from '../../src/model/queue.ts';
import type { AwsError } from '../aws/errors.ts';
import { sqsError } from './errors.ts';
import { sqsLimits } from './limits.ts';
import { parseRedrive, parseRedriveAllow, redriveAllowText, redriveText } from './redrive-policy.ts';

/** What attributes, as texts, change in a queue. An extra that is undefined is to go. */
export interface AttributeChange {
  readonly attributes: Partial<QueueAttributes>;
  readonly extras: Readonly<Record<string, string | undefined>>;
}

/** One attribute that can be set: from its text into the model, and back. */
interface AttributeRow {
  readonly name: string;
  readonly fifoOnly?: boolean;
  /** @throws AwsError */
  read(text: string): Partial<AttributeChange>;
  /** @returns undefined: not shown, for it is not set */
  show(queue: Shown): string | undefined;
}
export type Shown = Pick<Queue, 'attributes' | 'extras'>;

/** The settable attributes of a queue [sqs-sns 1.1]. */
const rows: readonly AttributeRow[] = [
  seconds('DelaySeconds', 'delayMs', [0, sqsLimits.delaySecondsMax]),
  seconds('MessageRetentionPeriod', 'retentionMs', [sqsLimits.retentionSecondsMin, sqsLimits.retentionSecondsMax]),
  seconds('ReceiveMessageWaitTimeSeconds', 'receiveWaitMs', [0, sqsLimits.waitSecondsMax]),
  seconds('VisibilityTimeout', 'leaseMs', [0, sqsLimits.visibilitySecondsMax]),
  {
    name: 'MaximumMessageSize',
    read: (text) => ({
      attributes: {
        messageBytesMax: whole('MaximumMessageSize', text, [sqsLimits.messageBytesMin, sqsLimits.messageBytesMax]),
      },
    }),
    show: ({ attributes }) => String(attributes.messageBytesMax),
  },
  {
    name: 'Policy',
    read: (text) => ({ attributes: { policy: text === '' ? undefined : jsonObject('Policy', text) } }),
    show: ({ attributes }) => attributes.policy,
  },
  {
    name: 'RedrivePolicy',
    read: (text) => ({ attributes: { redrive: text === '' ? undefined : parseRedrive(text) } }),
    show: ({ attributes: { redrive } }) => (redrive === undefined ? undefined : redriveText(redrive)),
  },
  {
    name: 'RedriveAllowPolicy',
    read: (text) => ({ attributes: { redriveAllow: text === '' ? undefined : parseRedriveAllow(text) } }),
    show: ({ attributes: { redriveAllow } }) =>
      redriveAllow === undefined ? undefined : redriveAllowText(redriveAllow),
  },
  {
    name: 'KmsMasterKeyId',
    read: (text) =>
      text === ''
        ? { extras: { KmsMasterKeyId: undefined } }
        : { extras: { KmsMasterKeyId: text, SqsManagedSseEnabled: 'false' } },
    show: ({ extras }) => extras['KmsMasterKeyId'],
  },
  {
    name: 'KmsDataKeyReusePeriodSeconds',
    read: (text) => {
      const bounds = [sqsLimits.kmsReuseSecondsMin, sqsLimits.kmsReuseSecondsMax] as const;
      const period = whole('KmsDataKeyReusePeriodSeconds', text, bounds);
      const isDefault = period === sqsLimits.kmsReuseSecondsDefault; // Then AWS does not show it.
      return { extras: { KmsDataKeyReusePeriodSeconds: isDefault ? undefined : String(period) } };
    },
    show: ({ extras }) => extras['KmsDataKeyReusePeriodSeconds'],
  },
  {
    name: 'SqsManagedSseEnabled',
    read: (text) =>
      yesOrNo('SqsManagedSseEnabled', text)
        ? {
            extras: {
              SqsManagedSseEnabled: 'true',
              KmsMasterKeyId: undefined,
              KmsDataKeyReusePeriodSeconds: undefined,
            },
          }
        : { extras: { SqsManagedSseEnabled: 'false' } },
    show: ({ extras }) => extras['SqsManagedSseEnabled'] ?? 'true',
  },
  {
    name: 'ContentBasedDeduplication',
    fifoOnly: true,
    read: (text) => ({ attributes: { isContentDeduplicated: yesOrNo('ContentBasedDeduplication', text) } }),
    show: ({ attributes }) => String(attributes.isContentDeduplicated),
  },
  {
    name: 'DeduplicationScope',
    fifoOnly: true,
    read: (text) => ({
      attributes: { dedupScope: oneOf('DeduplicationScope', text, { queue: 'queue', messageGroup: 'message-group' }) },
    }),
    show: ({ attributes }) => (attributes.dedupScope === 'queue' ? 'queue' : 'messageGroup'),
  },
  {
    name: 'FifoThroughputLimit',
    fifoOnly: true,
    read: (text) => ({
      attributes: {
        throughputScope: oneOf('FifoThroughputLimit', text, { perQueue: 'queue', perMessageGroupId: 'message-group' }),
      },
    }),
    show: ({ attributes }) => (attributes.throughputScope === 'queue' ? 'perQueue' : 'perMessageGroupId'),
  },
];

export const attributeRows: ReadonlyMap<string, AttributeRow> = new Map(rows.map((row) => [row.name, row]));

export function rowsOf(kind: QueueKind): readonly AttributeRow[] {
  return kind === 'fifo' ? rows : rows.filter((row) => row.fifoOnly !== true);
}

type Given = readonly (readonly [string, string])[];

/**
 * The change that the given attributes ask for; `FifoQueue` is the caller's to judge, for it is no attribute of a queue
 * that is there.
 * @throws AwsError `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValue`
 */
export function readChange(given: Given, kind: QueueKind): AttributeChange {
  let attributes: Partial<QueueAttributes> = {};
  let extras: AttributeChange['extras'] = {};
  checkEncryption(given);
  for (const [name, text] of given) {
    if (name === 'FifoQueue') continue;
    const row = attributeRows.get(name);
    if (row === undefined) throw unknownAttribute(name);
    if (row.fifoOnly === true && kind === 'standard') throw notOnStandard(name);
    const change = row.read(text);
    attributes = { ...attributes, ...change.attributes };
    extras = { ...extras, ...change.extras };
  }
  return { attributes, extras };
}

/** What can only be judged by the queue that comes of it. @throws AwsError `InvalidAttributeValue` */
export function checkWhole(attributes: QueueAttributes): void {
  if (attributes.throughputScope === 'message-group' && attributes.dedupScope !== 'message-group') {
    throw invalidAttribute('FifoThroughputLimit');
  }
}

/** Whether two texts of one attribute say the same: numbers as numbers, JSON as JSON, so that Terraform agrees. */
export function isSameValue(row: AttributeRow, left: string, right: string | undefined): boolean {
  const { attributes, extras } = row.read(left);
  const shown = row.show({ attributes: { ...defaultAttributes, ...attributes }, extras: withExtras({}, extras ?? {}) });
  if (shown === right) return true;
  if (row.name !== 'Policy' || shown === undefined || right === undefined) return false;
  return canonicalJson(JSON.parse(shown)) === canonicalJson(JSON.parse(right));
}

export function withExtras(
  extras: Readonly<Record<string, string>>,
  change: AttributeChange['extras'],
): Readonly<Record<string, string>> {
  const entries = Object.entries({ ...extras, ...change });
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

export const defaultAttributes: QueueAttributes = {
  delayMs: 0,
  leaseMs: 30_000,
  retentionMs: 345_600_000,
  messageBytesMax: sqsLimits.messageBytesMax,
  receiveWaitMs: 0,
  isContentDeduplicated: false,
  dedupScope: 'queue',
  throughputScope: 'queue',
  redrive: undefined,
  redriveAllow: undefined,
  policy: undefined,
};

export function unknownAttribute(name: string): AwsError {
  return sqsError('InvalidAttributeName', `Unknown Attribute ${name.slice(0, 300)}.`);
}

export function invalidAttribute(name: string, reason?: string): AwsError {
  const why = reason === undefined ? '' : ` Reason: ${reason}`;
  return sqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.${why}`);
}

/** The two kinds of encryption at rest exclude each other [sqs-sns 1.4]. */
function checkEncryption(given: Given): void {
  const texts = new Map(given);
  const hasKms = (texts.get('KmsMasterKeyId') ?? '') !== '';
  if (!hasKms || texts.get('SqsManagedSseEnabled')?.toLowerCase() !== 'true') return;
  throw sqsError(
    'InvalidAttributeName',
    'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
  );
}

function notOnStandard(name: string): AwsError {
  if (name === 'ContentBasedDeduplication') return unknownAttribute(name);
  return sqsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`);
}

function seconds(
  name: string,
  field: 'delayMs' | 'retentionMs' | 'receiveWaitMs' | 'leaseMs',
  bounds: readonly [number, number],
): AttributeRow {
  return {
    name,
    read: (text) => ({ attributes: { [field]: whole(name, text, bounds) * 1000 } }),
    // A queue of another protocol may keep its messages for ever, which SQS cannot say.
    show: ({ attributes }) => {
      const ms = attributes[field];
      return ms === undefined ? undefined : String(ms / 1000);
    },
  };
}

function whole(name: string, text: string, [min, max]: readonly [number, number]): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw invalidAttribute(name);
}

function yesOrNo(name: string, text: string): boolean {
  const lower = text.toLowerCase(); // Python clients say "True".
  if (lower === 'true' || lower === 'false') return lower === 'true';
  throw invalidAttribute(name);
}

function oneOf<T>(name: string, text: string, values: Readonly<Record<string, T>>): T {
  const value = Object.hasOwn(values, text) ? values[text] : undefined;
  if (value === undefined) throw invalidAttribute(name);
  return value;
}

function jsonObject(name: string, text: string): string {
  if (text.length > sqsLimits.policyCharactersMax) throw invalidAttribute(name);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return text;
  } catch {
    // Not JSON: refused below like JSON of the wrong shape.
  }
  throw invalidAttribute(name);
}

/** JSON with the keys of every object in order. Policies are shallow, and bounded by `policyCharactersMax`. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`;
}
