import type { Queue, QueueAttributes, QueueKind } from '../../src/model/queue.ts';
import { resourcePolicyProblem } from '../../src/security/resource-policies.ts';
import type { AwsError } from '../aws/errors.ts';
import { hasForbiddenCharacter } from './characters.ts';
import { sqsError } from './errors.ts';
import { parseJsonText } from './json-text.ts';
import { sqsLimits } from './limits.ts';
import { parseRedrive, parseRedriveAllow, redriveAllowText, redriveText } from './redrive-policy.ts';

/** What attributes, as texts, change in a queue. An extra that is undefined is to go. */
export interface AttributeChange {
  readonly attributes: Partial<QueueAttributes>;
  readonly extras: Readonly<Record<string, string | undefined>>;
}

/** One attribute that can be set: from its text into the model, and back. */
export interface AttributeRow {
  readonly name: string;
  readonly fifoOnly?: boolean;
  /** @throws AwsError */
  read(text: string): Partial<AttributeChange>;
  /** @returns undefined: not shown, for it is not set */
  show(queue: Shown): string | undefined;
}
type Shown = Pick<Queue, 'attributes' | 'extras'>;

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
    read: (text) => ({ attributes: { policy: text === '' ? undefined : readPolicy(text) } }),
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
    read: (text) => {
      if (text === '') return { extras: { KmsMasterKeyId: undefined } };
      if (text.length > sqsLimits.kmsKeyIdCharactersMax || hasForbiddenCharacter(text))
        throw invalidAttribute('KmsMasterKeyId');
      return { extras: { KmsMasterKeyId: text, SqsManagedSseEnabled: 'false' } };
    },
    show: ({ extras }) => extras.KmsMasterKeyId,
  },
  {
    name: 'KmsDataKeyReusePeriodSeconds',
    read: (text) => {
      const bounds = [sqsLimits.kmsReuseSecondsMin, sqsLimits.kmsReuseSecondsMax] as const;
      const period = whole('KmsDataKeyReusePeriodSeconds', text, bounds);
      const isDefault = period === sqsLimits.kmsReuseSecondsDefault; // Then AWS does not show it.
      return { extras: { KmsDataKeyReusePeriodSeconds: isDefault ? undefined : String(period) } };
    },
    show: ({ extras }) => extras.KmsDataKeyReusePeriodSeconds,
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
    show: ({ extras }) => extras.SqsManagedSseEnabled ?? 'true',
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

/** As it was given; what is wrong with it is told in a hint, for AWS's own text does not say. */
function readPolicy(text: string): string {
  const isJson = parseJsonText(text) !== undefined && !hasForbiddenCharacter(text);
  const problem = isJson ? resourcePolicyProblem(text) : 'it is no JSON object, or too large';
  if (problem === undefined) return text;
  throw sqsError('InvalidAttributeValue', 'Invalid value for the parameter Policy.', `Policy: ${problem}`);
}
