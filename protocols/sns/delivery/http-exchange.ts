import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { deliveryLimits } from './limits.ts';

export interface Answer {
  readonly statusCode: number;
  readonly retryAfter: string | undefined;
  /** The first bytes of the body as text; '' where it is compressed. */
  readonly text: string;
}

export interface Outgoing {
  readonly isSecure: boolean;
  readonly options: RequestOptions;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
}

/** `stale`: a connection kept open from an earlier post was closed by the other side before this one was answered. */
export type Exchanged = Answer | 'stale';

/**
 * One request and its answer, which is read to its end or up to a bound. Time counts from when there is a connection to
 * work with: waiting for one of the few that an endpoint may have is not the endpoint's fault.
 * @throws Error where no whole answer came
 */
export function exchange(outgoing: Outgoing): Promise<Exchanged> {
  const { isSecure, options, body, timeoutMs } = outgoing;
  return new Promise((resolve, reject) => {
    const request = (isSecure ? httpsRequest : httpRequest)(options);
    let timer: NodeJS.Timeout | undefined;
    let hasAnswer = false;
    request.once('socket', () => {
      const noAnswer = new Error(`no answer within ${timeoutMs / 1_000} s`);
      timer = setTimeout(() => request.destroy(noAnswer), timeoutMs);
    });
    request.once('close', () => {
      clearTimeout(timer);
      reject(new Error('the connection was closed without an answer')); // Unless it is settled already.
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const isReset = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      if (isReset && request.reusedSocket && !hasAnswer) resolve('stale');
      else reject(error);
    });
    request.once('response', (response) => {
      hasAnswer = true;
      readAnswer(response, resolve, reject);
    });
    request.end(body);
  });
}

/** Settles at once, not in a later microtask: the request's `close` comes in the same turn. */
function readAnswer(
  response: IncomingMessage,
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): void {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let bytes = 0;
  const finish = () => resolve(answerOf(response, Buffer.concat(kept)));
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (keptBytes < deliveryLimits.answerBytesKept) {
      const part = chunk.subarray(0, deliveryLimits.answerBytesKept - keptBytes);
      kept.push(Buffer.from(part)); // A copy: a view would keep the whole chunk.
      keptBytes += part.length;
    }
    if (bytes <= deliveryLimits.answerBytesMax) return;
    finish();
    response.destroy(); // The status said it all; the connection is not worth reading the rest.
  });
  response.once('end', finish);
  response.on('error', reject);
  response.once('close', () => reject(new Error('the connection was closed in the middle of the answer')));
}

function answerOf(response: IncomingMessage, kept: Uint8Array): Answer {
  const isPlain = (response.headers['content-encoding'] ?? 'identity') === 'identity';
  return {
    statusCode: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'],
    // A character that the bound cuts in two is left out.
    text: isPlain ? new TextDecoder().decode(kept, { stream: true }) : '',
  };
}
