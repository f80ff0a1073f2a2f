/** Functions that run elsewhere, behind whatever speaks Lambda's Invoke API: Lambda's own emulators, a gateway of one's own. */
import { setMaxListeners } from 'node:events';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { FunctionInvoker, FunctionOutcome } from '../core/functions.ts';
import { type FunctionName, functionOfArn } from '../model/function-arn.ts';

/** One invocation that is not waited for, and one that is: Lambda's longest function. */
const asyncMsMax = 15_000;
const syncMsMax = 900_000;
const answerBytesMax = 65_536;
const socketsMax = 16;

export interface LambdaEndpoint extends FunctionInvoker {
  stop(): void;
}

/** @param url what stands before `/2015-03-31/functions`, without a slash at its end */
export function createLambdaEndpoint(url: string): LambdaEndpoint {
  const isSecure = url.startsWith('https:');
  const request = isSecure ? httpsRequest : httpRequest;
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: socketsMax });

  return {
    async invoke(functionArn, event, { isAsync, signal }) {
      const named = functionOfArn(functionArn);
      if (named === undefined) return { type: 'refused', reason: 'its endpoint is no ARN of a function' };
      const body = Buffer.from(event);
      const breaker = new AbortController();
      const breakOff = () => breaker.abort();
      const timer = setTimeout(breakOff, isAsync ? asyncMsMax : syncMsMax);
      setMaxListeners(0, signal); // One signal is for all that are under way.
      signal.addEventListener('abort', breakOff, { once: true });
      const options = {
        method: 'POST',
        agent,
        signal: breaker.signal,
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': String(body.length),
          'X-Amz-Invocation-Type': isAsync ? 'Event' : 'RequestResponse',
        },
      };
      return await new Promise<FunctionOutcome>((resolve) => {
        const fail = (error: Error) => resolve({ type: 'unavailable', reason: error.message.slice(0, 300) });
        const sent = request(invokeUrl(url, named), options, (response) => {
          response.once('error', fail);
          readAway(response, () => resolve(outcomeOf(response)));
        });
        sent.once('error', fail);
        sent.end(body);
      }).finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', breakOff);
      });
    },
    stop: () => agent.destroy(),
  };
}

function invokeUrl(url: string, { name, qualifier }: FunctionName): string {
  const query = qualifier === undefined ? '' : `?Qualifier=${encodeURIComponent(qualifier)}`;
  return `${url}/2015-03-31/functions/${name}/invocations${query}`;
}

/** So that the connection can be used again; who answers without end is cut off. */
function readAway(response: IncomingMessage, end: () => void): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > answerBytesMax) response.destroy();
  });
  response.once('close', end);
}

function outcomeOf({ statusCode = 0, headers }: IncomingMessage): FunctionOutcome {
  const requestId = headers['x-amzn-requestid'];
  if (statusCode >= 200 && statusCode < 300) {
    return { type: 'accepted', statusCode, requestId: typeof requestId === 'string' ? requestId : undefined };
  }
  const reason = `the function's endpoint answered ${statusCode}`;
  const isPassing = statusCode === 429 || statusCode >= 500;
  return { type: isPassing ? 'unavailable' : 'refused', reason, statusCode };
}
