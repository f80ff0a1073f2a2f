import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { judgeOrigin, type OriginRules } from '../../src/security/origin.ts';
import type { Refusal, Requested } from '../../src/security/refusal.ts';
import { collectBody } from './body.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { AwsError, commonError } from './errors.ts';
import { type Arrival, Exchange, type ExchangeOptions } from './exchange.ts';
import type { FaultSource } from './fault.ts';
import type { Gate } from './gate.ts';
import { Heads } from './heads.ts';
import { Identities } from './identity.ts';
import { frontLimits } from './limits.ts';
import { type Line, NodeLine, type WholeRequest } from './line.ts';
import { linger } from './linger.ts';
import { formatOf, noAction, queryError } from './query-answers.ts';
import { acceptIn, type QueryArrival, QueryFront, QueryMismatch } from './query-front.ts';
import { QueryRequest } from './query-request.ts';
import { tellOf, tellOfUnmatched, unmatchedOf } from './refusals.ts';
import { jsonError, noHeaders, reply } from './reply.ts';
import { type AwsService, elsewhereHint, type Operation } from './service.ts';
import { isAwsShaped, saysForm } from './shape.ts';

export interface AwsFrontDependencies {
  readonly services: readonly AwsService[];
  // This and `requestBytesMax` are read at each request: they may change.
  /** Origins whose pages may call us, `*` for all; default none but our own. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Its origin is our own as well. */
  readonly publicUrl?: string | undefined;
  readonly requestBytesMax?: number | undefined;
  /** Believe X-Forwarded-Proto and X-Forwarded-Host; only behind a proxy that sets them. */
  readonly isProxyTrusted?: boolean | undefined;
  /** While it has a gate, every request is who signed it; else everybody is let in. Read anew for each. */
  readonly gates?: { readonly current: Gate | undefined };
  /** What a test wants to go wrong; default nothing. */
  readonly faults?: FaultSource | undefined;
  /** Told of failures that are the broker's own, once each. */
  report(error: unknown): void;
  /** Told the hints that go with errors, for the log. */
  hint?(hint: string, requested: Requested): void;
  /** Told of requests that are refused to who asks. */
  refused?(refusal: Refusal): void;
}

export interface AwsFront {
  /** The names of all operations, for fault rules to name. */
  readonly actions: readonly string[];
  /** @returns false: not a request of AWS's, and untouched */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** The same for a POST that is here as a whole; what is not surely a request of AWS's that makes sense is left to `handle`. */
  handleWhole(request: WholeRequest): boolean;
}

/** Of a request, what is signed besides its URL. */
type SignedParts = Pick<QueryArrival, 'method' | 'rawHeaders' | 'body'>;

interface Destination {
  readonly service: AwsService;
  readonly operation: Operation;
}

/** Serves every AWS service of one HTTP port; stands in front of the router, for these requests are the hot path. */
export function createAwsFront(deps: AwsFrontDependencies): AwsFront {
  const rulesWith = (isOpen: boolean): OriginRules => ({
    get corsOrigins() {
      return deps.corsOrigins ?? [];
    },
    publicUrl: deps.publicUrl,
    isOpen,
  });
  const rules = rulesWith(false);
  /** A browser sends `Origin` with every POST, but not with every GET. */
  const rulesOfOpenReads = rulesWith(true);
  const identities = new Identities();
  const destinations = destinationsByTarget(deps.services);
  const queries = new QueryFront(deps.services);
  const requestBytesMax = () => deps.requestBytesMax ?? frontLimits.requestBytesMax;
  const gates = deps.gates ?? noGates;
  const options: ExchangeOptions = {
    isProxyTrusted: deps.isProxyTrusted ?? false,
    faults: deps.faults,
    report: (error) => deps.report(error),
    hint: (hint, requested) => deps.hint?.(hint, requested),
    refused: (refusal) => deps.refused?.(refusal),
  };

  function handle(request: IncomingMessage, response: ServerResponse): boolean {
    const heads = new Heads(request.rawHeaders);
    const { method = 'GET', url = '/' } = request;
    if (heads.target === undefined && !isAwsShaped({ method, url, heads })) return false;
    const isOpenRead = method !== 'POST' && gates.current === undefined;
    const verdict = judgeOrigin(heads, isOpenRead ? rulesOfOpenReads : rules);
    if (verdict === 'foreign') {
      const error = commonError('AccessDeniedException', refusedOrigin);
      const line = new NodeLine(request, response);
      const requested = unmatchedOf({ line, heads, named: heads.target ?? '' });
      deps.refused?.({ reason: 'foreign-page', why: undefined, requested });
      if (heads.target === undefined) refuseQuery(line, unread(error, request.rawHeaders), noHeaders);
      else refuse(line, error, noHeaders);
      return true;
    }
    const headers = verdict === 'named' && heads.origin !== undefined ? corsHeaders(heads.origin) : noHeaders;
    if (heads.target !== undefined && method === 'POST') serveJson(request, response, heads, headers, heads.target);
    else if (method === 'OPTIONS') allow(new NodeLine(request, response), headers);
    else if (heads.target !== undefined) refuse(new NodeLine(request, response), notPost(), [...headers, ...allowPost]);
    else if (method === 'GET' || method === 'POST') serveQuery(request, response, heads, headers);
    else reply(new NodeLine(request, response), noAction(headers)); // Nothing else acts.
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
      const error = unknownTarget(target, deps.services);
      tellOfUnmatched(error, { line, heads, named: target }, options);
      return refuse(line, error, headers);
    }
    const tooLong = () => linger(request, response, jsonError(bodyTooLong(), destination.service.namespace, headers));
    if (Number(heads.contentLength ?? 0) > requestBytesMax()) return tooLong();
    const arrival = arrivalOf(line, heads, headers, destination);
    const { rawHeaders } = request;
    // Asked when the body is here: by then there may be users.
    const whole = (body: Buffer) => {
      const gate = gates.current;
      if (gate !== undefined) serveSigned(gate, arrival, { method: 'POST', rawHeaders, body });
      else void new Exchange(arrival, identities.find(heads.authorization), options).serve(body);
    };
    collectBody(request, requestBytesMax(), { whole, tooLong });
  }

  function serveQuery(
    request: IncomingMessage,
    response: ServerResponse,
    heads: Heads,
    headers: readonly string[],
  ): void {
    const line = new NodeLine(request, response);
    const { method = 'GET', rawHeaders } = request;
    const tooLong = () => linger(request, response, queryRefusal(unread(bodyTooLong(), rawHeaders), headers).answer);
    if (Number(heads.contentLength ?? 0) > requestBytesMax()) return tooLong();
    const whole = (body: Buffer) => {
      const arrival = { method, url: line.url, rawHeaders, heads, body };
      const query = queries.match(arrival);
      if (query instanceof QueryRequest) answerQuery(query, line, arrival, headers);
      else if (query === undefined) reply(line, noAction(headers));
      else {
        tellOfUnmatched(query.error, { line, heads, named: '' }, options);
        refuseQuery(line, query, headers);
      }
    };
    collectBody(request, requestBytesMax(), { whole, tooLong });
  }

  function answerQuery(query: QueryRequest, line: Line, asked: QueryArrival, headers: readonly string[]): void {
    const { service, operation } = query.destination;
    const { heads } = asked;
    const arrival = { line, heads, headers, service, operation, query };
    const gate = gates.current;
    if (gate !== undefined) return serveSigned(gate, arrival, asked);
    const identity =
      heads.authorization === undefined
        ? identities.findByCredential(query.form.find('X-Amz-Credential'))
        : identities.find(heads.authorization);
    void new Exchange(arrival, identity, options).serve(noBody);
  }

  /** Of a request whose parameters nobody has looked at. */
  function unread(error: AwsError, rawHeaders: readonly string[]): QueryMismatch {
    return new QueryMismatch(error, formatOf(acceptIn(rawHeaders), undefined), queries.fallback);
  }

  /** An error that no operation answers. */
  function queryRefusal({ error, format, query }: QueryMismatch, headers: readonly string[]) {
    const requestId = randomUUID();
    return { requestId, answer: queryError(error, { format, query, requestId, headers }) };
  }

  function refuseQuery(line: Line, mismatch: QueryMismatch, headers: readonly string[]): void {
    const { answer, requestId } = queryRefusal(mismatch, headers);
    reply(line, answer, false, requestId);
  }

  /** The signature is of the whole body, so nothing is known of a request before that is here. */
  function serveSigned(gate: Gate, arrival: Arrival, { method, rawHeaders, body }: SignedParts): void {
    const { line, headers, query } = arrival;
    const identity = gate.admit({ ...arrival, method, rawHeaders, body });
    if (!(identity instanceof AwsError)) {
      void new Exchange(arrival, identity, options).serve(query === undefined ? body : noBody);
      return;
    }
    tellOf(identity, arrival, undefined, options);
    if (query === undefined) refuse(line, identity, headers);
    else reply(line, query.errorAnswer(identity, headers), false, query.requestId);
  }

  function handleWhole(request: WholeRequest): boolean {
    const heads = new Heads(request.rawHeaders);
    if (heads.origin !== undefined || heads.fetchSite !== undefined) return false; // From a page: not judged here.
    if (heads.target === undefined) return handleWholeQuery(request, heads);
    const destination = find(heads.target);
    if (destination === undefined) return false;
    const arrival = arrivalOf(request, heads, noHeaders, destination);
    const gate = gates.current;
    if (gate === undefined)
      void new Exchange(arrival, identities.find(heads.authorization), options).serve(request.body);
    else serveSigned(gate, arrival, { method: 'POST', rawHeaders: request.rawHeaders, body: request.body });
    return true;
  }

  /** What is wrong with a request is said by `handle`. */
  function handleWholeQuery(request: WholeRequest, heads: Heads): boolean {
    const { url, rawHeaders, body } = request;
    if (!saysForm(heads) || !isAwsShaped({ method: 'POST', url, heads })) return false;
    const arrival = { method: 'POST', url, rawHeaders, heads, body };
    const query = queries.match(arrival);
    if (!(query instanceof QueryRequest)) return false;
    answerQuery(query, request, arrival, noHeaders);
    return true;
  }

  function find(target: string): Destination | undefined {
    return destinations.get(target) ?? destinations.get(target.toLowerCase());
  }

  function bodyTooLong(): AwsError {
    return commonError('RequestEntityTooLarge', `The request body is longer than ${requestBytesMax()} bytes.`);
  }

  const actions = deps.services.flatMap(({ operations }) => operations.map(({ name }) => name));
  return { actions, handle, handleWhole };
}

/** Without a spread, and with every key: all arrivals are of one shape for V8 (bench/send). */
function arrivalOf(line: Line, heads: Heads, headers: readonly string[], { service, operation }: Destination): Arrival {
  return { line, heads, headers, service, operation, query: undefined };
}

const noGates: { readonly current: Gate | undefined } = { current: undefined };
const noBody = Buffer.alloc(0);
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

function allow(line: Line, headers: readonly string[]): void {
  reply(line, { status: 200, type: 'text/plain', payload: undefined, headers: [...headers, ...preflightHeaders] });
}

function unknownTarget(target: string, services: readonly AwsService[]): AwsError {
  const isOfOurs = services.some(({ targetPrefix }) =>
    target.toLowerCase().startsWith(`${targetPrefix.toLowerCase()}.`),
  );
  const hint = isOfOurs ? undefined : elsewhereHint(services);
  return commonError('UnknownOperationException', `The operation ${shown(target)} is not known.`, hint);
}

function notPost(): AwsError {
  return commonError('MethodNotAllowed', 'An AWS JSON request is a POST.');
}
const allowPost = ['Allow', 'POST'] as const;

function refuse(line: Line, error: AwsError, headers: readonly string[]): void {
  reply(line, jsonError(error, serviceless, headers));
}

/** Input in an answer: short, and nothing that a terminal or a log would obey. */
function shown(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}
