import type { IncomingMessage } from 'node:http';
import { type ErrorCode, GantryError } from '../model/errors.ts';
import { isAnswer } from './answer-shapes.ts';
import { type CommandInput, flag } from './command.ts';
import { findEndpoint } from './endpoint.ts';
import { Unreachable } from './exit-codes.ts';
import { isUntrusted, requestFor, trustHint } from './http-client.ts';
import { ownPassword } from './password.ts';
import { signInRefusal } from './sign-in.ts';

type QueryParameters = Readonly<Record<string, string | number | undefined>>;
type Method = 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';

/** How long a broker may say nothing, which is when a person would give up. */
interface Patience {
  /** Until the answer begins; 0: for ever. */
  readonly answerMs?: number;
  /** Between two bytes of the answer; 0: for ever. */
  readonly idleMs?: number;
  /** Of the whole. */
  readonly signal?: AbortSignal;
}

/** The admin API of a running broker. Each call throws GantryError: what the broker refused with, or Unreachable. */
export interface AdminClient {
  readonly endpoint: string;
  /**
   * @param path below `/_gantry`: `/queues/orders`; its parts already encoded by `pathPart`
   * @returns the answer, as the operation's docs have it; undefined when it has none
   */
  call<T = undefined>(
    method: Method,
    path: string,
    query?: QueryParameters,
    body?: unknown,
    patience?: Patience,
  ): Promise<T>;
  /** The answer as it comes, for what is long or goes on. */
  open(
    method: Method,
    path: string,
    query?: QueryParameters,
    body?: unknown,
    patience?: Patience,
  ): Promise<IncomingMessage>;
}

const answerBytesMax = 256 * 1024 * 1024;
const silentMsMax = 60_000;

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
    patience: Patience = {},
  ): Promise<IncomingMessage> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...namespace, ...query }))
      if (value !== undefined) parameters.set(name, String(value));
    const search = parameters.size === 0 ? '' : `?${parameters}`;
    // As it is written: a URL would be shortened by what a name holds.
    const target = { endpoint, method, path: `/_gantry${path}${search}` };
    const answer = await send(target, authorization, body, patience);
    const { statusCode: status = 0 } = answer;
    if (status >= 200 && status < 300) return answer;
    if (status === 401) throw signInRefusal(user, endpoint);
    throw errorOf(status, await readText(answer), endpoint);
  }

  return {
    endpoint,
    open,
    call: async <T>(...given: Parameters<typeof open>) => {
      const text = await readText(await open(...given));
      const value = text === '' ? undefined : parsed(text, endpoint);
      const [method, path] = given;
      if (!isAnswer(method, path, value))
        throw new Unreachable('unavailable', `what answers at ${endpoint} is no Gantry, or one of another time`);
      return value as T; // As far as the commands read it.
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

interface Target {
  readonly endpoint: string;
  readonly method: Method;
  readonly path: string;
}

async function send(
  { endpoint, method, path }: Target,
  authorization: string | undefined,
  body: unknown,
  { answerMs = silentMsMax, idleMs = silentMsMax, signal }: Patience,
): Promise<IncomingMessage> {
  const request = await requestFor(endpoint);
  return await new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      // Says that no page of a web site asks, whatever name the broker is called by.
      'Sec-Fetch-Site': 'none',
      ...(authorization === undefined ? {} : { Authorization: authorization }),
      ...(text === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
    };
    const options = { method, path, headers, agent: false, ...(signal === undefined ? {} : { signal }) };
    let giveUp = (): void => void sent.destroy(silent(answerMs));
    const sent = request(new URL(endpoint), { ...options, timeout: answerMs }, (answer) => {
      giveUp = () => void answer.destroy(silent(idleMs));
      sent.setTimeout(idleMs);
      resolve(answer);
    });
    sent.on('timeout', () => giveUp());
    sent.on('error', (error: Error) =>
      reject(
        new Unreachable('unavailable', `no broker answers at ${endpoint}: ${error.message}`, {
          ...{ cause: error, hint: isUntrusted(error) ? trustHint : startHint },
        }),
      ),
    );
    sent.end(text);
  });
}

const startHint = '`gantry serve` starts one; --endpoint names another';

function silent(ms: number): Error {
  return new Error(`not a byte came for ${ms / 1_000} s`);
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

function errorOf(status: number, text: string, endpoint: string): GantryError {
  const { code, message, hint } = refusalIn(text);
  if (typeof code === 'string' && typeof message === 'string')
    return new GantryError(knownCode(code), message, typeof hint === 'string' ? { hint } : {});
  const line = text.trim().split('\n')[0]?.slice(0, 200) ?? '';
  return new Unreachable('unavailable', `${endpoint} answers ${status}: ${line}`);
}

function refusalIn(text: string): { readonly code?: unknown; readonly message?: unknown; readonly hint?: unknown } {
  try {
    const { error }: { error?: unknown } = JSON.parse(text);
    return typeof error === 'object' && error !== null ? error : {};
  } catch {
    return {};
  }
}

const codes = {
  ...{ 'not-found': true, 'already-exists': true, 'invalid-argument': true, 'too-large': true, unauthenticated: true },
  ...{ 'access-denied': true, 'receipt-invalid': true, conflict: true, 'limit-exceeded': true, unsupported: true },
  ...{ 'store-full': true, 'outcome-unknown': true, unavailable: true, internal: true },
} as const satisfies Record<ErrorCode, true>;

/** A newer broker may have others. */
function knownCode(code: string): ErrorCode {
  return isKnown(code) ? code : 'internal';
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(codes, code);
}
