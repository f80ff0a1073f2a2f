import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { say } from '../output.ts';
import { printable } from '../printable.ts';
import type { Target } from './endpoint.ts';
import { AwsFailure, awsExitCodes } from './failure.ts';
import type { AwsOperation } from './services.ts';
import { signedHeaders } from './signature.ts';
import type { Input } from './values.ts';

export type Answer = Readonly<Record<string, unknown>>;

/** One request in AWS JSON. @throws AwsFailure: refused, or nobody answered */
export async function ask(target: Target, { service, name }: AwsOperation, input: Input): Promise<Answer> {
  const { url, region, credentials } = target;
  const body = JSON.stringify(input);
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `${service.targetPrefix}.${name}`,
    'x-amzn-query-mode': 'true',
  };
  const toSign = { url, headers, body, region, service: service.name, at: new Date() };
  const answer = await post(target, credentials === undefined ? headers : signedHeaders(credentials, toSign), body);
  const said = objectIn(answer.text);
  const hint = hintIn(answer);
  if (answer.status >= 200 && answer.status < 300) {
    if (hint !== undefined) say(`gantry: ${printable(hint)}`);
    return said;
  }
  throw new AwsFailure(
    awsExitCodes.refused,
    `An error occurred (${codeOf(answer, said)}) when calling the ${name} operation: ${messageOf(answer, said)}${hint === undefined ? '' : `\ngantry: ${hint}`}`,
  );
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

function post({ url, waitMsMax, tls }: Target, headers: Record<string, string>, body: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const isTls = url.protocol === 'https:';
    const fail = (error: NodeJS.ErrnoException): void => reject(failed(url, error));
    const options = {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    };
    const given = (response: IncomingMessage): void => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', fail);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    };
    const request = isTls ? overHttps(url, { ...options, ...tls }, given) : overHttp(url, options, given);
    request.setTimeout(waitMsMax, () => request.destroy(new Error(`no answer within ${waitMsMax / 1000} s`)));
    request.on('error', fail);
    request.end(body);
  });
}

function failed({ href }: URL, { code, message }: NodeJS.ErrnoException): AwsFailure {
  const isAway = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EHOSTUNREACH';
  const text = isAway ? `Could not connect to the endpoint URL: "${href}"` : `${href}: ${message || code}`;
  return new AwsFailure(awsExitCodes.failed, text);
}

/** What the broker says beside AWS's own words, for whoever sees no headers. */
function hintIn({ headers }: Reply): string | undefined {
  const hint = headers['x-gantry-hint'];
  return typeof hint === 'string' && hint !== '' ? hint : undefined;
}

/** `{}` where there is no object: a proxy's page, or nothing at all. */
function objectIn(text: string): Answer {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The older name of an error is the one that the CLI shows. */
function codeOf({ status, headers }: Reply, { __type: type }: Answer): string {
  const [older] = String(headers['x-amzn-query-error'] ?? '').split(';');
  if (older !== undefined && older !== '') return older;
  return typeof type === 'string' ? type.slice(type.indexOf('#') + 1) : String(status);
}

function messageOf({ text }: Reply, { message, Message = message }: Answer): string {
  return typeof Message === 'string' ? Message : text.slice(0, 200).trim();
}
