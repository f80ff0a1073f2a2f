import type { IncomingMessage, ServerResponse } from 'node:http';
import { corsHeaders, judgeOrigin, preflightHeaders } from './cors.ts';
import { type AwsError, commonError } from './errors.ts';
import { Exchange, type ExchangeOptions, serviceless } from './exchange.ts';
import { Heads } from './heads.ts';
import { Identities } from './identity.ts';
import { frontLimits } from './limits.ts';
import { jsonError, noHeaders, reply, xmlError } from './reply.ts';
import type { AwsService, Operation } from './service.ts';

export interface AwsFrontDependencies {
  readonly services: readonly AwsService[];
  /** Origins whose pages may call us, `*` for all; default none but our own. */
  readonly corsOrigins?: readonly string[] | undefined;
  readonly requestBytesMax?: number | undefined;
  /** Believe X-Forwarded-Proto and X-Forwarded-Host; only behind a proxy that sets them. */
  readonly isProxyTrusted?: boolean | undefined;
  /** Told of failures that are the broker's own, once each. */
  report(error: unknown): void;
}

export interface AwsFront {
  /** @returns false: not a request of AWS's, and untouched */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
}

interface Destination {
  readonly service: AwsService;
  readonly operation: Operation;
}

/** Serves every AWS service of one HTTP port; stands in front of the router, for these requests are the hot path. */
export function createAwsFront(deps: AwsFrontDependencies): AwsFront {
  const corsOrigins = deps.corsOrigins ?? [];
  const identities = new Identities();
  const destinations = destinationsByTarget(deps.services);
  const options: ExchangeOptions = {
    requestBytesMax: deps.requestBytesMax ?? frontLimits.requestBytesMax,
    isProxyTrusted: deps.isProxyTrusted ?? false,
    report: (error) => deps.report(error),
  };

  function handle(request: IncomingMessage, response: ServerResponse): boolean {
    const heads = new Heads(request.rawHeaders);
    if (heads.target === undefined && !isAwsShaped(request, heads)) return false;
    let headers = noHeaders;
    if (heads.origin !== undefined || heads.fetchSite !== undefined) {
      const judged = judgeOrigin(heads, corsOrigins);
      if (judged === 'refused') {
        refuse(response, commonError('AccessDeniedException', refusedOrigin), noHeaders);
        return true;
      }
      if (judged !== 'none') headers = corsHeaders(judged.allow);
    }
    if (heads.target !== undefined && request.method === 'POST')
      serveJson(request, response, heads, headers, heads.target);
    else serveOther(request, response, heads, headers);
    return true;
  }

  function serveJson(
    request: IncomingMessage,
    response: ServerResponse,
    heads: Heads,
    headers: readonly string[],
    target: string,
  ): void {
    const destination = destinations.get(target) ?? destinations.get(target.toLowerCase());
    if (destination === undefined) {
      const message = `The operation ${shown(target)} is not known.`;
      refuse(response, commonError('UnknownOperationException', message), headers);
      return;
    }
    const identity = identities.find(heads.authorization);
    new Exchange(request, response, heads, identity, options, headers).begin(
      destination.service,
      destination.operation,
    );
  }

  return { handle };
}

const refusedOrigin = 'Requests from pages of another site are refused: allow its origin in the CORS setting.';

function destinationsByTarget(services: readonly AwsService[]): ReadonlyMap<string, Destination> {
  const destinations = new Map<string, Destination>();
  for (const service of services) {
    for (const operation of service.operations) {
      const target = `${service.targetPrefix}.${operation.name}`;
      destinations.set(target, { service, operation });
      destinations.set(target.toLowerCase(), { service, operation });
    }
  }
  return destinations;
}

/**
 * Whether a request without X-Amz-Target is AWS's all the same: the Query protocol, a queue's URL, or a preflight for one of
 * our own. Everything else is the router's, `GET /` included.
 */
function isAwsShaped(request: IncomingMessage, heads: Heads): boolean {
  const url = request.url ?? '/';
  if (queuePath.test(url)) return true;
  if (/[?&]Action=/.test(url)) return !url.startsWith('/_');
  const isRoot = url === '/' || url.startsWith('/?');
  if (!isRoot) return false;
  return request.method === 'POST' || (request.method === 'OPTIONS' && heads.origin !== undefined);
}

const queuePath = /^\/(queue\/|\d{12}\/[^/?]+\/?(\?|$))/;

function serveOther(
  request: IncomingMessage,
  response: ServerResponse,
  heads: Heads,
  headers: readonly string[],
): void {
  if (request.method === 'OPTIONS') {
    reply(response, {
      status: 200,
      type: 'text/plain',
      payload: undefined,
      headers: [...headers, ...preflightHeaders()],
    });
  } else if (heads.target !== undefined) {
    const error = commonError('MethodNotAllowed', 'An AWS JSON request is a POST.');
    reply(response, jsonError(error, serviceless, [...headers, 'Allow', 'POST']));
  } else if (isQuery(request, heads)) {
    reply(response, xmlError(commonError('UnsupportedProtocol', queryMessage), headers));
  } else {
    // What AWS says to a request that names no action.
    reply(response, { status: 404, type: 'text/xml', payload: '<UnknownOperationException/>', headers });
  }
}

const queryMessage = 'The Query protocol is not served yet: use an SDK that speaks AWS JSON 1.0 (X-Amz-Target).';

function isQuery(request: IncomingMessage, heads: Heads): boolean {
  return (
    /[?&]Action=/.test(request.url ?? '') || (heads.contentType ?? '').startsWith('application/x-www-form-urlencoded')
  );
}

function refuse(response: ServerResponse, error: AwsError, headers: readonly string[]): void {
  reply(response, jsonError(error, serviceless, headers));
}

/** Input in an answer: short, and nothing that a terminal or a log would obey. */
function shown(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}
