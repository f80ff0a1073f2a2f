/** The parts that both forms of a DeliveryPolicy share, under different names. */
import { deliveryLimits } from './limits.ts';
import type { PolicyReader } from './policy-reader.ts';

export type BackoffFunction = 'linear' | 'arithmetic' | 'geometric' | 'exponential';

/** Delays in whole seconds; `numRetries` counts those of all phases [SNS Creating an HTTP/S delivery policy]. */
export interface RetryPolicy {
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly numRetries: number;
  readonly numMaxDelayRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly backoffFunction: BackoffFunction;
}

/** As somebody gave it, which is how AWS shows it again: the rest has defaults. */
export type GivenRetryPolicy = Pick<RetryPolicy, 'minDelayTarget' | 'maxDelayTarget' | 'numRetries'> &
  Partial<RetryPolicy>;

export interface ThrottlePolicy {
  readonly maxReceivesPerSecond: number;
}

export interface RequestPolicy {
  readonly headerContentType: string;
}

const backoffFunctions = ['linear', 'arithmetic', 'geometric', 'exponential'] as const;
const retryMembers = [
  ...['minDelayTarget', 'maxDelayTarget', 'numRetries'],
  ...['numMaxDelayRetries', 'numNoDelayRetries', 'numMinDelayRetries', 'backoffFunction'],
] as const;

/** What an endpoint may be told that the body is; a parameter such as a charset may follow [SNS ditto]. */
const mediaTypes: ReadonlySet<string> = new Set([
  ...['application/json', 'application/octet-stream', 'application/soap+xml', 'application/x-www-form-urlencoded'],
  ...['application/xml', 'text/css', 'text/csv', 'text/html', 'text/plain', 'text/xml'],
]);

export function readRetryPolicy(parent: PolicyReader, name: string): GivenRetryPolicy | undefined {
  const reader = parent.section(name, retryMembers);
  if (reader === undefined) return undefined;
  const delays = { min: 1, max: deliveryLimits.delaySecondsMax };
  const counts = { min: 0, max: deliveryLimits.retryCountMax };
  const minDelayTarget = reader.integer('minDelayTarget', delays) ?? missing(reader, 'minDelayTarget');
  const maxDelayTarget = reader.integer('maxDelayTarget', delays) ?? missing(reader, 'maxDelayTarget');
  const numRetries = reader.integer('numRetries', counts) ?? missing(reader, 'numRetries');
  const numMaxDelayRetries = reader.integer('numMaxDelayRetries', counts);
  const numNoDelayRetries = reader.integer('numNoDelayRetries', counts);
  const numMinDelayRetries = reader.integer('numMinDelayRetries', counts);
  const backoffFunction = readBackoffFunction(reader);
  if (maxDelayTarget < minDelayTarget) {
    throw reader.refused('maxDelayTarget', 'greater than or equal to minDelayTarget');
  }
  if ((numMaxDelayRetries ?? 0) + (numNoDelayRetries ?? 0) + (numMinDelayRetries ?? 0) > numRetries) {
    const total = 'total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries';
    throw reader.refused('numRetries', `greater than or equal to ${total}`);
  }
  return {
    ...{ minDelayTarget, maxDelayTarget, numRetries },
    ...(numMaxDelayRetries !== undefined && { numMaxDelayRetries }),
    ...(numNoDelayRetries !== undefined && { numNoDelayRetries }),
    ...(numMinDelayRetries !== undefined && { numMinDelayRetries }),
    ...(backoffFunction !== undefined && { backoffFunction }),
  };
}

/** AWS asks for these three, whatever its pages say of their defaults. */
function missing(reader: PolicyReader, name: string): never {
  throw reader.refused(name, 'specified');
}

function readBackoffFunction(reader: PolicyReader): BackoffFunction | undefined {
  const text = reader.text('backoffFunction');
  if (text === undefined) return undefined;
  const known = backoffFunctions.find((one) => one === text);
  if (known === undefined) throw reader.refused('backoffFunction', 'one of linear|arithmetic|geometric|exponential');
  return known;
}

export function readThrottlePolicy(parent: PolicyReader, name: string): ThrottlePolicy | undefined {
  const reader = parent.section(name, ['maxReceivesPerSecond']);
  const range = { min: 1, max: Number.MAX_SAFE_INTEGER };
  const maxReceivesPerSecond = reader?.integer('maxReceivesPerSecond', range);
  return maxReceivesPerSecond === undefined ? undefined : { maxReceivesPerSecond };
}

export function readRequestPolicy(parent: PolicyReader, name: string): RequestPolicy | undefined {
  const reader = parent.section(name, ['headerContentType']);
  const headerContentType = reader?.text('headerContentType');
  if (reader === undefined || headerContentType === undefined) return undefined;
  if (!isContentType(headerContentType)) {
    throw reader.refused('headerContentType', `one of ${[...mediaTypes].join('|')}`);
  }
  return { headerContentType };
}

/** It becomes a header as it is: no character in it can end one. */
function isContentType(text: string): boolean {
  if (text.length > deliveryLimits.contentTypeLengthMax || !/^[\w/+.;= "-]*$/.test(text)) return false;
  return mediaTypes.has(text.split(';', 1)[0]?.trim().toLowerCase() ?? '');
}
