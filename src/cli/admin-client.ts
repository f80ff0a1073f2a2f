import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type ErrorCode, GantryError } from '../model/errors.ts';
import { type CommandInput, flag } from './command.ts';
import { findEndpoint } from './endpoint.ts';
import { Unreachable } from './exit-codes.ts';
import { ownPassword } from './password.ts';

type QueryParameters = Readonly<Record<string, string | number | undefined>>;
type Method = 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';

/** The admin API of a running broker. Each call throws GantryError: what the broker refused with, or Unreachable. */
export interface AdminClient {
  readonly endpoint: string;
  /**
   * @param path below `/_gantry`: `/queues/orders`; its parts already encoded by `encodeURIComponent`
   * @returns the answer, as the operation's docs have it; undefined when it has none
   */
  call<T = undefined>(method: Method, path: string, query?: QueryParameters, body?: unknown): Promise<T>;
  /** The answer as it comes, for what is long or goes on. */
  open(method: Method, path: string, query?: QueryParameters, body?: unknown): Promise<IncomingMessage>;
}

const answerBytesMax = 256 * 1024 * 1024;

/** @throws GantryError `invalid-argument` */
export async function connect(input: CommandInput): Promise<AdminClient> {
  const endpoint = await findEndpoint(flag(input, 'endpoint'), {});
  const user = flag(input, 'user') ?? process.env.GANTRY_USER;
  const authorization = user === undefined ? undefined : basic(user, await ownPassword(user));
  const namespace = {
    account: flag(input, 'account') ?? process.env.GANTRY_ACCOUNT,
    region: flag(input, 'region') ?? process.env.GANTRY_REGION,
  };

  async function open(
    method: Method,
    path: string,
    query: QueryParameters = {},
    body?: unknown,
  ): Promise<IncomingMessage> {
    const url = new URL(`${endpoint}/_gantry${path}`);
    for (const [name, value] of Object.entries({ ...namespace, ...query }))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const answer = await send(url, method, authorization, body);
    const { statusCode: status = 0 } = answer;
    if (status >= 200 && status < 300) return answer;
    throw errorOf(status, await readText(answer), url);
  }

  return {
    endpoint,
    open,
    call: async <T>(...given: Parameters<typeof open>) => {
      const text = await readText(await open(...given));
      // The broker is of our version or a near one: what it answers is not judged again.
      return (text === '' ? undefined : parsed(text, endpoint)) as T;
    },
  };
}

function parsed(text: string, endpoint: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new Unreachable('unavailable', `what answers at ${endpoint} is no Gantry: it sends no JSON`);
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function send(url: URL, method: Method, authorization: string | undefined, body: unknown): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      // Says that no page of a web site asks, whatever name the broker is called by.
      'Sec-Fetch-Site': 'none',
      ...(authorization === undefined ? {} : { Authorization: authorization }),
      ...(text === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
    };
    const sent = httpRequest(url, { method, headers, agent: false }, resolve);
    sent.on('error', (error: Error) =>
      reject(
        new Unreachable('unavailable', `no broker answers at ${url.origin}: ${error.message}`, {
          ...{ cause: error, hint: '`gantry serve` starts one; --endpoint names another' },
        }),
      ),
    );
    sent.end(text);
  });
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer) {
      if (!(chunk instanceof Buffer)) continue;
      bytes += chunk.length;
      if (bytes > answerBytesMax) throw new Error(`its answer is over ${answerBytesMax} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Unreachable('unavailable', `the broker's answer was cut off: ${why}`, { cause });
  }
  return Buffer.concat(chunks).toString();
}

function errorOf(status: number, text: string, url: URL): GantryError {
  const { code, message, hint } = spelled(text) ?? {};
  if (code !== undefined && message !== undefined)
    return new GantryError(code, message, hint === undefined ? {} : { hint });
  const line = text.trim().split('\n')[0]?.slice(0, 200) ?? '';
  return new Unreachable('unavailable', `${url.origin} answers ${status}: ${line}`);
}

function spelled(text: string): { code?: ErrorCode; message?: string; hint?: string } | undefined {
  try {
    const { error }: { error?: { code?: ErrorCode; message?: string; hint?: string } } = JSON.parse(text);
    return error;
  } catch {
    return undefined;
  }
}
