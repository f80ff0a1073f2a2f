import { randomUUID } from 'node:crypto';
import type { AwsError } from './errors.ts';
import type { Line } from './line.ts';
import type { Payload } from './service.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly payload: Payload;
  /** Beyond those that every answer has: names and values in turn. */
  readonly headers: readonly string[];
}

export const noHeaders: readonly string[] = [];
const jsonType = 'application/x-amz-json-1.0';

/** Writes a whole answer at once, unless the client has gone. @param requestId given where the payload has it as well */
export function reply(
  line: Line,
  { status, type, payload, headers }: Answer,
  isLast = false,
  requestId: string = randomUUID(),
): void {
  const own = ['x-amzn-RequestId', requestId, 'Content-Type', type];
  line.answer(status, headers.length === 0 ? own : [...own, ...headers], payload, isLast);
}

export function jsonAnswer(payload: Payload, headers: readonly string[]): Answer {
  return { status: 200, type: jsonType, payload, headers };
}

/**
 * The query code is sent always: SDKs that want it read it first, others ignore it. No x-amzn-errortype: the SDK for Java 1
 * believes that header more than `__type`, does not take its namespace off, and then knows none of its own exceptions.
 */
export function jsonError(error: AwsError, namespace: string, headers: readonly string[]): Answer {
  const type = `${namespace}#${error.shape}`;
  const own = ['x-amzn-query-error', `${error.code};${error.fault}`, ...hintHeaders(error)];
  const payload = JSON.stringify({ __type: type, message: error.message });
  return { status: error.status, type: jsonType, payload, headers: [...own, ...headers] };
}

export function hintHeaders({ hint }: Pick<AwsError, 'hint'>): readonly string[] {
  return hint === undefined ? noHeaders : ['x-gantry-hint', printable(hint)];
}

/** A header takes no other character, and throws at one. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
