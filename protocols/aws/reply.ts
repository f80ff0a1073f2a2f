import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { AwsError } from './errors.ts';
import type { Payload } from './service.ts';

const jsonType = 'application/x-amz-json-1.0';
const noHeaders: readonly string[] = [];

/** Writes a whole answer at once: one flat header list, one `end`, nothing where the client has gone. */
export function reply(
  response: ServerResponse,
  answer: {
    readonly status: number;
    readonly type: string;
    readonly payload: Payload;
    readonly headers: readonly string[];
  },
): void {
  if (response.destroyed || response.writableEnded) return;
  writeHead(response, answer);
  response.end(answer.payload);
}

export function replyJson(response: ServerResponse, payload: Payload, headers: readonly string[] = noHeaders): void {
  reply(response, { status: 200, type: jsonType, payload, headers });
}

export function replyJsonError(
  response: ServerResponse,
  error: AwsError,
  options: { readonly namespace: string; readonly headers: readonly string[] },
): void {
  const answer = jsonError(error, options);
  reply(response, answer);
}

/** The error of an AWS JSON protocol; the query code is sent always, for SDKs that want it read it first and others ignore it. */
export function jsonError(
  error: AwsError,
  options: { readonly namespace: string; readonly headers: readonly string[] },
) {
  const type = `${options.namespace}#${error.shape}`;
  const headers = [
    'x-amzn-query-error',
    `${error.code};${error.fault}`,
    'x-amzn-errortype',
    type,
    ...(error.hint === undefined ? noHeaders : ['x-gantry-hint', error.hint]),
    ...options.headers,
  ];
  return {
    status: error.status,
    type: jsonType,
    payload: JSON.stringify({ __type: type, message: error.message }),
    headers,
  };
}

/** The error of the Query protocol, for those who speak it or nothing that we know. */
export function replyXmlError(response: ServerResponse, error: AwsError, headers: readonly string[]): void {
  const payload =
    `<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error>` +
    `<Type>${error.fault}</Type><Code>${error.code}</Code><Message>${error.message}</Message><Detail/></Error>` +
    `<RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
  reply(response, { status: error.status, type: 'text/xml', payload, headers });
}

export function writeHead(
  response: ServerResponse,
  answer: {
    readonly status: number;
    readonly type: string;
    readonly payload: Payload;
    readonly headers: readonly string[];
  },
): void {
  const { payload } = answer;
  const size = payload === undefined ? 0 : typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  const headers = ['x-amzn-RequestId', randomUUID(), 'Content-Type', answer.type, 'Content-Length', String(size)];
  if (answer.headers.length > 0) headers.push(...answer.headers);
  response.writeHead(answer.status, headers);
}
