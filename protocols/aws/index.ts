import type { IncomingMessage, ServerResponse } from 'node:http';
import { judgeOrigin, type OriginRules } from '../../src/security/origin.ts';
import { collectBody } from './body.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { type AwsError, commonError } from './errors.ts';
import { Exchange, type ExchangeOptions } from './exchange.ts';
import { Heads } from './heads.ts';
import { Identities } from './identity.ts';
import { frontLimits } from './limits.ts';
import { type Line, NodeLine, type WholeRequest } from './line.ts';
import { linger } from './linger.ts';
import { jsonError, noHeaders, reply, xmlError } from './reply.ts';
import type { AwsService, Operation } from './service.ts';

export interface AwsFrontDependencies {
  readonly services: readonly AwsService[];
  /** Origins whose pages may call us, `*` for all; default none but our own. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Its origin is our own as well. */
  readonly publicUrl?: string | undefined;
  readonly requestBytesMax?: number | undefined;
  /** Believe X-Forwarded-Proto and X-Forwarded-Host; only behind a proxy that sets them. */
  readonly isProxyTrusted?: boolean | undefined;
  /** Told of failures that are the broker's own, once each. */
  report(error: unknown): void;
  /** Told the hints that go with errors, for the log. */
  hint?(hint: string): void;
}

export interface AwsFront {
  /** @returns false: not a request of AWS's, and untouched */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** The same for a POST that is here as a whole; what is not surely an AWS JSON request is left to `handle`. */
  handleWhole(request: WholeRequest): boolean;
}

interface Destination {
  readonly service: AwsService;
  readonly operation: Operation;
}

/** Serves every AWS service of one HTTP port; stands in front of the router, for these requests are the hot path. */
export function createAwsFront(deps: AwsFrontDependencies): AwsFront {
  const rules: OriginRules = { corsOrigins: deps.corsOrigins ?? [], publicUrl: deps.publicUrl };
  const identities = new Identities();
  const destinations = destinationsByTarget(deps.services);
  const requestBytesMax = deps.requestBytesMax ?? frontLimits.requestBytesMax;
  const options: ExchangeOptions = {
    isProxyTrusted: deps.isProxyTrusted ?? false,
    report: (error) => deps.report(error),
    hint: (hint) => deps.hint?.(hint),
  };

  function handle(request: IncomingMessage, response: ServerResponse): boolean {
    const heads = new Heads(request.rawHeaders);
    if (heads.target === undefined && !isAwsShaped(request, heads)) return false;
    const verdict = judgeOrigin(heads, rules);
    if (verdict === 'foreign') {
      refuse(new NodeLine(request, response), commonError('AccessDeniedException', refusedOrigin), noHeaders);
      return true;
    }
    const headers = verdict === 'named' && heads.origin !== undefined ? corsHeaders(heads.origin) : noHeaders;
    if (heads.target !== undefined && request.method === 'POST')
      serveJson(request, response, heads, headers, heads.target);
    else serveOther(request, new NodeLine(request, response), heads, headers);
    return true;
  }

  function serveJson(
    request: IncomingMessage,
    response: ServerResponse,
    heads: Heads,
    headers: readonly string[],
    target: string,
  ): void {
    const line = new NodeLine(request, response);
    const destination = find(target);
    if (destination === undefined) {
      const message = `The operation ${shown(target)} is not known.`;
      return refuse(line, commonError('UnknownOperationException', message), headers);
    }
    const tooLong = () => linger(request, response, jsonError(bodyTooLong(), destination.service.namespace, headers));
    if (Number(heads.contentLength ?? 0) > requestBytesMax) return tooLong();
    const exchange = new Exchange(
      { line, heads, headers, ...destination },
      identities.find(heads.authorization),
      options,
    );
    collectBody(request, requestBytesMax, { whole: (body) => void exchange.serve(body), tooLong });
  }

  function handleWhole(request: WholeRequest): boolean {
    const heads = new Heads(request.rawHeaders);
    const isFromPage = heads.origin !== undefined || heads.fetchSite !== undefined;
    const destination = heads.target === undefined || isFromPage ? undefined : find(heads.target);
    if (destination === undefined) return false;
    const arrival = { line: request, heads, headers: noHeaders, ...destination };
    void new Exchange(arrival, identities.find(heads.authorization), options).serve(request.body);
    return true;
  }

  function find(target: string): Destination | undefined {
    return destinations.get(target) ?? destinations.get(target.toLowerCase());
  }

  function bodyTooLong(): AwsError {
    return commonError('RequestEntityTooLarge', `The request body is longer than ${requestBytesMax} bytes.`);
  }

  return { handle, handleWhole };
}

/** What stands before the `#` of an error that no service's model has. */
const serviceless = 'com.amazon.coral.service';
const refusedOrigin = 'Requests from pages of another site are refused: --cors-origins allows an origin.';

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

function serveOther(request: IncomingMessage, line: Line, heads: Heads, headers: readonly string[]): void {
  if (request.method === 'OPTIONS') {
    reply(line, {
      status: 200,
      type: 'text/plain',
      payload: undefined,
      headers: [...headers, ...preflightHeaders],
    });
  } else if (heads.target !== undefined) {
    const error = commonError('MethodNotAllowed', 'An AWS JSON request is a POST.');
    reply(line, jsonError(error, serviceless, [...headers, 'Allow', 'POST']));
  } else if (isQuery(request, heads)) {
    reply(line, xmlError(commonError('UnsupportedProtocol', queryMessage), headers));
  } else {
    // What AWS says to a request that names no action.
    reply(line, { status: 404, type: 'text/xml', payload: '<UnknownOperationException/>', headers });
  }
}

const queryMessage = 'The Query protocol is not served yet: use an SDK that speaks AWS JSON 1.0 (X-Amz-Target).';

function isQuery(request: IncomingMessage, heads: Heads): boolean {
  return (
    /[?&]Action=/.test(request.url ?? '') || (heads.contentType ?? '').startsWith('application/x-www-form-urlencoded')
  );
}

function refuse(line: Line, error: AwsError, headers: readonly string[]): void {
  reply(line, jsonError(error, serviceless, headers));
}

/** Input in an answer: short, and nothing that a terminal or a log would obey. */
function shown(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}
