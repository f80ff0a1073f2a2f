/**
 * Posts to http and https endpoints: one attempt, one outcome. When to try again is for the caller, by `retryDelayMs`.
 * Every endpoint (host and port) has a few connections of its own, so one that is slow or dead takes nobody else's.
 */
import { Agent as HttpAgent, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import type { Clock } from '../../../src/model/clock.ts';
import { GantryError } from '../../../src/model/errors.ts';
import { createAttempts } from './attempts.ts';
import { allAuthorities } from './authorities.ts';
import type { EndpointGuard } from './endpoint-guard.ts';
import { type EndpointUrl, parseEndpointUrl } from './endpoint-url.ts';
import { createGuardedLookup, type Resolve } from './guarded-lookup.ts';
import { type Exchanged, exchange } from './http-exchange.ts';
import { outcomeOfAnswer, outcomeOfError } from './http-outcome.ts';
import { type Route, routeTo } from './http-route.ts';
import { deliveryLimits } from './limits.ts';
import { noProxy, type ProxyChoice } from './proxy.ts';

export interface HttpPost {
  /** http or https; `user:password@` in it becomes Basic authentication. */
  readonly url: string;
  /** By `postHeaders`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface HttpSender {
  /** Never throws. @param signal breaks the attempt off, with outcome `retry` */
  send(post: HttpPost, signal?: AbortSignal): Promise<PushOutcome>;
  /** Breaks off what is under way, with outcome `retry`, and closes all connections. */
  stop(): Promise<void>;
}

export interface HttpSenderOptions {
  readonly clock: Clock;
  readonly guard: EndpointGuard;
  readonly proxy?: ProxyChoice;
  /** Certificates, PEM, of authorities beside those of Node; undefined: Node's own choice. */
  readonly authorities?: readonly string[] | undefined;
  readonly timeoutMs?: number;
  readonly resolve?: Resolve;
}

export function createHttpSender(options: HttpSenderOptions): HttpSender {
  const { clock, guard, authorities } = options;
  const { proxy: chooseProxy = noProxy, timeoutMs = deliveryLimits.answerMsMax } = options;
  // Made once: it takes milliseconds with all the authorities that there are.
  const ca = allAuthorities(authorities);
  const secureContext = ca && createSecureContext({ ca });
  const agentOptions = {
    keepAlive: true,
    maxSockets: deliveryLimits.socketsPerEndpointMax,
    maxFreeSockets: deliveryLimits.idleSocketsPerEndpointMax,
    timeout: deliveryLimits.idleSocketMs, // Of idle connections; a post has its own timer.
  };
  const agents = {
    http: new HttpAgent(agentOptions),
    https: new HttpsAgent({ ...agentOptions, ...(secureContext && { secureContext }) }),
  };
  const lookup = createGuardedLookup(guard, options.resolve);
  const attempts = createAttempts();

  async function attempt(post: HttpPost, signal: AbortSignal): Promise<PushOutcome> {
    const endpoint = parseEndpointUrl(post.url);
    const refusal = guard.refusal(endpoint.host);
    if (refusal !== undefined) throw new GantryError('access-denied', refusal);
    const prepared = prepare(post, endpoint, signal);
    const route = routeTo(endpoint, { chooseProxy, lookup, agents, secureContext, signal });
    let exchanged = await run(route, prepared);
    if (exchanged === 'stale') {
      // At once over a new connection: the endpoint has most likely seen nothing of it, and is not to be waited for.
      exchanged = await run({ ...route, options: { ...route.options, agent: false } }, prepared);
    }
    if (exchanged === 'stale') throw new Error('the endpoint closed the connection');
    return outcomeOfAnswer(exchanged, clock.now());
  }

  async function run({ isSecure, options, headers }: Route, post: PreparedPost): Promise<Exchanged> {
    const requestOptions = { ...post.options, ...options, headers: { ...post.headers, ...headers } };
    return await exchange({ isSecure, options: requestOptions, body: post.body, timeoutMs });
  }

  return {
    send: (post, signal) => attempts.run(signal, (breaker) => attempt(post, breaker), outcomeOfError),
    async stop() {
      attempts.stop();
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

interface PreparedPost {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly options: RequestOptions;
}

function prepare({ headers, body: given }: HttpPost, endpoint: EndpointUrl, signal: AbortSignal): PreparedPost {
  const body = typeof given === 'string' ? Buffer.from(given) : given;
  return {
    headers: {
      ...headers,
      Host: new URL(endpoint.href).host,
      'Content-Length': String(body.length),
      ...(endpoint.authorization !== undefined && { Authorization: endpoint.authorization }),
    },
    body,
    options: { method: 'POST', maxHeaderSize: deliveryLimits.answerHeaderBytesMax, signal },
  };
}
