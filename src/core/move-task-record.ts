/** The move tasks of one queue as its record in the store holds them: JSON, newest first. */
import type { RecordKey } from '../../storage/store.ts';
import type { Instant } from '../model/clock.ts';
import { GantryError } from '../model/errors.ts';
import type { QueueAddress, QueueId } from '../model/queue.ts';

/** Moves what waits in one queue to another one, or each message back to where it was dead-lettered from. */
export interface MoveTask {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** A queue of the same name that was made since is another one. */
  readonly to: 'origin' | { readonly id: QueueId; readonly address: QueueAddress };
  /** Back to the origin: where the one who started it may send; undefined in tasks of version 1, and of one that has ended. */
  readonly origins: readonly QueueId[] | undefined;
  /** Messages a second; undefined: as fast as it goes beside the others. */
  readonly rateMax: number | undefined;
  readonly startedAt: Instant;
  /** Cancelling: asked to end, which it does after the chunk under way. */
  readonly state: 'running' | 'cancelling' | 'cancelled' | 'completed' | 'failed';
  /** Why it failed; what it did not move is where it was. */
  readonly failure: 'destination-gone' | 'no-origin' | 'too-long' | undefined;
  /** After a crash perhaps without its last chunk. */
  readonly moved: number;
  /** What waited at the start. */
  readonly toMove: number;
}

/** 1 had no `origins`. */
const version = 2;
const kind = 'move-tasks';
/** Of every queue's record of tasks. */
export const moveTasksPrefix: RecordKey = [kind];

/** By id, so that a queue of the same name made later begins with none. */
export function moveTasksKey(queue: QueueId): RecordKey {
  return [kind, queue];
}

/** Undefined when the key is none of move tasks. */
export function queueOfTasksKey([first, id, ...rest]: RecordKey): QueueId | undefined {
  if (first !== kind || typeof id !== 'number' || rest.length > 0) return undefined;
  return id as QueueId;
}

export function encodeMoveTasks(tasks: readonly MoveTask[]): Uint8Array {
  return Buffer.from(JSON.stringify({ v: version, tasks }));
}

/** @throws GantryError `internal` when the record is of a later version or not one of ours */
export function decodeMoveTasks(queue: QueueId, value: Uint8Array): readonly MoveTask[] {
  const record = parse(value);
  const found = field(record, 'v');
  if (typeof found === 'number' && found > version) {
    throw new GantryError('internal', `the move tasks of queue ${queue} have a record of version ${found}`, {
      hint: 'Start the version of Gantry that wrote this data, or a later one.',
    });
  }
  const tasks = field(record, 'tasks');
  if (Array.isArray(tasks) && tasks.every(isTask)) return tasks;
  throw new GantryError('internal', `the record of the move tasks of queue ${queue} is malformed`);
}

function parse(value: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8'));
  } catch {
    return undefined; // No record of ours: the caller says so.
  }
}

const states: readonly unknown[] = ['running', 'cancelling', 'cancelled', 'completed', 'failed'];
const failures: readonly unknown[] = ['destination-gone', 'no-origin', 'too-long', undefined];

function isTask(value: unknown): value is MoveTask {
  const numbers = [field(value, 'startedAt'), field(value, 'moved'), field(value, 'toMove')];
  const rateMax = field(value, 'rateMax');
  return (
    typeof field(value, 'id') === 'string' &&
    isDestination(field(value, 'to')) &&
    areOrigins(field(value, 'origins')) &&
    (rateMax === undefined || typeof rateMax === 'number') &&
    numbers.every((each) => typeof each === 'number') &&
    states.includes(field(value, 'state')) &&
    failures.includes(field(value, 'failure'))
  );
}

function areOrigins(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every((id) => typeof id === 'number'));
}

function isDestination(value: unknown): boolean {
  if (value === 'origin') return true;
  const address = field(value, 'address');
  const parts = ['account', 'region', 'name'].map((name) => field(address, name));
  return typeof field(value, 'id') === 'number' && parts.every((part) => typeof part === 'string');
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, name);
  return found;
}
