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

/** Writes a whole answer at once, unless the client has gone. */
export function reply(line: Line, { status, type, payload, headers }: Answer, isLast = false): void {
  const own = ['x-amzn-RequestId', randomUUID(), 'Content-Type', type];
  line.answer(status, headers.length === 0 ? own : [...own, ...headers], payload, isLast);
}

export function jsonAnswer(payload: Payload, headers: readonly string[]): Answer {
  return { status: 200, type: jsonType, payload, headers };
}

/** The query code is sent always: SDKs that want it read it first, others ignore it. */
export function jsonError(error: AwsError, namespace: string, headers: readonly string[]): Answer {
  const type = `${namespace}#${error.shape}`;
  const own = ['x-amzn-query-error', `${error.code};${error.fault}`, 'x-amzn-errortype', type];
  if (error.hint !== undefined) own.push('x-gantry-hint', printable(error.hint));
  const payload = JSON.stringify({ __type: type, message: error.message });
  return { status: error.status, type: jsonType, payload, headers: [...own, ...headers] };
}

/** The error of the Query protocol, for those who speak it. Its text is ours, never the client's. */
export function xmlError(error: AwsError, headers: readonly string[]): Answer {
  const payload =
    `<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error>` +
    `<Type>${error.fault}</Type><Code>${error.code}</Code><Message>${error.message}</Message><Detail/></Error>` +
    `<RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
  return { status: error.status, type: 'text/xml', payload, headers };
}

/** A header takes no other character, and throws at one. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
