import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import * as v from 'valibot';
import type { Sns } from '../../../protocols/sns/sns.ts';
import type { Store } from '../../../storage/store.ts';
import type { Broker } from '../../core/broker.ts';
import type { Clock } from '../../model/clock.ts';
import { GantryError } from '../../model/errors.ts';
import type { Action, Principal } from '../../model/principal.ts';
import type { Namespace } from '../../model/queue.ts';
import type { Random } from '../../model/random.ts';
import type { Access } from '../access.ts';
import type { Backups } from '../backups.ts';
import { baseUrlOf as requestBaseUrl } from '../base-url.ts';
import type { Config } from '../config.ts';
import type { ServerStatus } from '../health.ts';
import { keysOf, pathText, schemaProblem } from '../schema-problem.ts';
import type { Tail } from '../tail/tail.ts';
import type { TestControls } from '../test-controls.ts';
import type { TopicCounters } from '../topic-counters.ts';

/** What the operations of the admin API work with. */
export interface AdminParts {
  readonly broker: Broker;
  readonly store: Store;
  readonly backups: Backups;
  readonly config: Config;
  readonly status: ServerStatus;
  readonly clock: Clock;
  /** Undefined: not a broker for tests. */
  readonly controls: TestControls | undefined;
  readonly random: Random;
  readonly access: Access;
  readonly tail: Tail;
  readonly sns: Sns;
  /** What happened with a topic since the start. */
  readonly topicCounts: TopicCounters['of'];
}
/** One request, as its operation gets it. */
export interface AdminCall<Query, Body> {
  readonly parts: AdminParts;
  readonly principal: Principal;
  /** Of the parameters `account` and `region`; by default the principal's account and us-east-1. */
  readonly namespace: Namespace;
  /** The parameters themselves, where they are given. */
  readonly named: Partial<Namespace>;
  /** What stands in the path in the place of `{name}`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** For what goes on after the answer has begun: aborted when the client leaves. */
  readonly signal: AbortSignal;
  readonly request: IncomingMessage;
}
/** JSON with a status; or bytes as they come, with their number where it is known. */
export type AdminAnswer =
  | { readonly status: 200 | 201 | 400 | 404; readonly json: unknown }
  | { readonly status: 204 }
  | { readonly status: 200; readonly stream: Readable; readonly contentType: string; readonly bytes?: number };

type Schema = v.GenericSchema;
type ObjectSchema = v.StrictObjectSchema<v.ObjectEntries, undefined>;
type Output<S extends Schema | undefined> = S extends Schema ? v.InferOutput<S> : undefined;

interface OperationRow<Q extends ObjectSchema | undefined, B extends Schema | undefined> {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** `/queues/{name}`, below `/_gantry`. */
  readonly path: string;
  /** A line for people: the OpenAPI document and CLI help are made of it. */
  readonly summary: string;
  /** What is asked about the broker before `handle`; absent: `handle` asks core about what it touches. */
  readonly permission?: Action;
  readonly query?: Q;
  readonly body?: B;
  /** True: a request without a body is one with `undefined`. */
  readonly isBodyOptional?: boolean;
  /** The body is an object of lists; of an admin it may have so many bytes, of all others as many as every request. */
  readonly listsBytesMax?: number;
  /** A status, and what its answer holds. */
  readonly answers: Readonly<Record<number, string>>;
  handle(call: AdminCall<Output<Q>, Output<B>>): Promise<AdminAnswer>;
}
/** A row of the table of operations, its types settled: what comes in is `unknown` and judged by its schemas. */
export interface Operation extends Omit<OperationRow<ObjectSchema, Schema>, 'handle' | 'query' | 'body'> {
  readonly query: ObjectSchema | undefined;
  readonly body: Schema | undefined;
  /** @throws GantryError */
  run(call: AdminCall<unknown, unknown>): Promise<AdminAnswer>;
}

export function operation<Q extends ObjectSchema | undefined = undefined, B extends Schema | undefined = undefined>(
  row: OperationRow<Q, B>,
): Operation {
  const { handle, ...rest } = row;
  return {
    ...rest,
    query: row.query,
    body: row.body,
    run: async (call) => {
      const query = judged(row.query, call.query, 'parameter ');
      const isAbsent = call.body === undefined && row.isBodyOptional === true;
      const body = isAbsent ? call.body : judged(row.body, call.body, '');
      // The schemas said so; the compiler cannot follow a conditional type through a call.
      return await handle({ ...call, query: query as Output<Q>, body: body as Output<B> });
    },
  };
}

/** @throws GantryError `invalid-argument` */
function judged(schema: Schema | undefined, value: unknown, what: string): unknown {
  if (schema === undefined) {
    if (value === undefined || (what !== '' && isEmpty(value))) return undefined;
    throw new GantryError(
      'invalid-argument',
      what === '' ? 'this takes no body' : `unknown ${what}"${firstKey(value)}"`,
    );
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const { path, message } = schemaProblem(issue, (at) => keysOf(schema, at));
  throw new GantryError('invalid-argument', path.length === 0 ? message : `${what}${pathText(path)}: ${message}`);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function firstKey(value: unknown): string {
  return String(Object.keys(Object(value))[0]).slice(0, 100);
}

/** Scheme, host and port by which the caller reached us. */
export function baseUrlOf({ parts, request }: AdminCall<unknown, unknown>): string {
  return requestBaseUrl(request, parts.config.trustProxy);
}

export function ok(json: unknown): AdminAnswer {
  return { status: 200, json };
}

export function created(json: unknown): AdminAnswer {
  return { status: 201, json };
}

export const done: AdminAnswer = { status: 204 };
