/**
 * A queue as its record in the store holds it: JSON, so that a person with the database's shell can read it, with a
 * version `v` so that a later Gantry can tell it from its own.
 */
import type { RecordKey } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';
import type {
  Namespace,
  Queue,
  QueueAddress,
  QueueAttributes,
  QueueId,
  Redrive,
  RedriveAllow,
} from '../model/queue.ts';

const version = 1;

/** What the catalogue knows of a queue beyond what everybody sees. */
export interface KnownQueue extends Queue {
  /** The record's version in the store. */
  readonly version: number;
  /** Acts instead of the attribute, which only shows when it is changed after the creation [SQS 1.4]. */
  readonly dedupScopeAtCreation: QueueAttributes['dedupScope'];
  /** The dead-letter queue that the engine was told together with this version of the record. */
  readonly deadLetterId: QueueId | undefined;
  /** The most deliveries in flight that the engine was told together with this version; undefined: no limit. */
  readonly leasedMax: number | undefined;
}

export function recordKey(address: QueueAddress): RecordKey {
  return ['queue', address.account, address.region, address.name];
}

/** Undefined when the key is none of a queue. */
export function addressOfKey(key: RecordKey): QueueAddress | undefined {
  const [kind, account, region, name, ...rest] = key;
  if (kind !== 'queue' || rest.length > 0) return undefined;
  if (typeof account !== 'string' || typeof region !== 'string' || typeof name !== 'string') return undefined;
  return { account, region, name };
}

export function encodeQueueRecord(queue: Omit<KnownQueue, 'version'>): Uint8Array {
  const { id, kind, attributes, extras, tags, createdAt, modifiedAt, dedupScopeAtCreation, deadLetterId, leasedMax } =
    queue;
  const record = {
    v: version,
    id,
    kind,
    createdAt,
    modifiedAt,
    dedupScopeAtCreation,
    deadLetterId,
    leasedMax,
    attributes,
    extras,
    tags,
  };
  return Buffer.from(JSON.stringify(record));
}

/** @throws GantryError `internal` when the record is of a later version or not one of ours */
export function decodeQueueRecord(address: QueueAddress, value: Uint8Array, recordVersion: number): KnownQueue {
  const fields = new Fields(parse(address, value), address.name);
  const found = fields.number('v');
  if (found !== version) {
    throw new GantryError('internal', `queue "${address.name}" has a record of version ${found}, ${version} expected`, {
      resource: address.name,
      hint: 'Start the version of Gantry that wrote this data, or a later one.',
    });
  }
  return {
    id: queueId(fields.number('id')),
    address,
    kind: fields.oneOf('kind', ['standard', 'fifo']),
    attributes: attributesOf(fields.fields('attributes'), address),
    extras: fields.texts('extras'),
    tags: fields.texts('tags'),
    createdAt: fields.number('createdAt'),
    modifiedAt: fields.number('modifiedAt'),
    version: recordVersion,
    dedupScopeAtCreation: fields.oneOf('dedupScopeAtCreation', ['queue', 'message-group']),
    deadLetterId: fields.has('deadLetterId') ? queueId(fields.number('deadLetterId')) : undefined,
    leasedMax: fields.has('leasedMax') ? fields.number('leasedMax') : undefined,
  };
}

function queueId(id: number): QueueId {
  return id as QueueId;
}

function parse(address: QueueAddress, value: Uint8Array): unknown {
  try {
    const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch (cause) {
    throw new GantryError('internal', `the record of queue "${address.name}" is no JSON`, {
      resource: address.name,
      cause,
    });
  }
}

function attributesOf(fields: Fields, namespace: Namespace): QueueAttributes {
  return {
    delayMs: fields.number('delayMs'),
    leaseMs: fields.number('leaseMs'),
    retentionMs: fields.has('retentionMs') ? fields.number('retentionMs') : undefined,
    messageBytesMax: fields.number('messageBytesMax'),
    receiveWaitMs: fields.number('receiveWaitMs'),
    isContentDeduplicated: fields.boolean('isContentDeduplicated'),
    dedupScope: fields.oneOf('dedupScope', ['queue', 'message-group']),
    throughputScope: fields.oneOf('throughputScope', ['queue', 'message-group']),
    redrive: fields.has('redrive') ? redriveOf(fields.fields('redrive'), namespace) : undefined,
    redriveAllow: fields.has('redriveAllow') ? redriveAllowOf(fields.fields('redriveAllow'), namespace) : undefined,
    policy: fields.has('policy') ? fields.text('policy') : undefined,
  };
}

function redriveOf(fields: Fields, namespace: Namespace): Redrive {
  return {
    deadLetter: addressOf(fields.fields('deadLetter'), namespace),
    deliveryCountMax: fields.number('deliveryCountMax'),
  };
}

function redriveAllowOf(fields: Fields, namespace: Namespace): RedriveAllow {
  return {
    permission: fields.oneOf('permission', ['all', 'none', 'by-queue']),
    sources: fields.list('sources').map((source) => addressOf(source, namespace)),
  };
}

/** Texts of the queue's own namespace are shared: with many queues they are most of what an address would cost. */
function addressOf(fields: Fields, { account, region }: Namespace): QueueAddress {
  const own = { account: fields.text('account'), region: fields.text('region'), name: fields.text('name') };
  return own.account === account && own.region === region ? { account, region, name: own.name } : own;
}

const noTexts: Readonly<Record<string, string>> = Object.freeze({});

/** Reads the fields of one object of a record, each as what it must be. */
class Fields {
  private readonly values: Readonly<Record<string, unknown>>;
  private readonly queue: string;

  constructor(value: unknown, queue: string) {
    this.queue = queue;
    if (!isObject(value)) throw this.malformed('an object');
    this.values = value;
  }
  has(name: string): boolean {
    return this.values[name] !== undefined;
  }
  number(name: string): number {
    const value = this.values[name];
    if (typeof value === 'number') return value;
    throw this.malformed(name);
  }
  boolean(name: string): boolean {
    const value = this.values[name];
    if (typeof value === 'boolean') return value;
    throw this.malformed(name);
  }
  text(name: string): string {
    const value = this.values[name];
    if (typeof value === 'string') return value;
    throw this.malformed(name);
  }
  oneOf<T extends string>(name: string, choices: readonly T[]): T {
    const choice = choices.find((each) => each === this.values[name]);
    if (choice !== undefined) return choice;
    throw this.malformed(name);
  }
  fields(name: string): Fields {
    return new Fields(this.values[name], this.queue);
  }
  list(name: string): readonly Fields[] {
    const value = this.values[name];
    if (!Array.isArray(value)) throw this.malformed(name);
    return value.map((each: unknown) => new Fields(each, this.queue));
  }
  texts(name: string): Readonly<Record<string, string>> {
    const value = this.values[name];
    if (!isObject(value)) throw this.malformed(name);
    const names = Object.keys(value);
    if (names.length === 0) return noTexts;
    const fields = new Fields(value, this.queue);
    return Object.fromEntries(names.map((each) => [each, fields.text(each)]));
  }
  private malformed(what: string): GantryError {
    return new GantryError('internal', `the record of queue "${this.queue}" is malformed at ${what}`, {
      resource: this.queue,
    });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
