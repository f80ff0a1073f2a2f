import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { judgeOrigin, type OriginRules } from '../security/origin.ts';
import type { PlainRequest } from './lane/lane-connection.ts';
import type { Log } from './log.ts';
import type { Route } from './routes.ts';

/** A protocol's place on the HTTP port. */
export interface HttpFront {
  /** The names of what it can be asked to do; default none. */
  readonly actions?: readonly string[];
  /** True: it took the request, judged its origin, and will answer. False: not its own, and untouched. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** The same for a plain POST that is here as a whole. */
  handleWhole(request: PlainRequest): boolean;
}
export interface HttpEntry {
  readonly listener: RequestListener;
  /** For the lane: whether the front took the request. */
  readonly whole: (request: PlainRequest) => boolean;
  /** From now on the front is asked first. */
  serve(front: HttpFront): void;
  /** From now on, and until `serve`, all but health is answered 503. */
  refuse(): void;
  /** A defect of ours: counted and logged; the request that met it is all that ends. */
  report(error: unknown): void;
  invariantFailures(): number;
}

/** What every request goes through. The hot path is one call: the front is asked before anything is looked at. */
export function createHttpEntry(rules: OriginRules, routes: Route, log: () => Log | undefined): HttpEntry {
  let failures = 0;
  let respond: Route = answerUnready;
  let respondWhole: (request: PlainRequest) => boolean = leaveToNode;

  function report(error: unknown): void {
    failures++;
    log()?.error('invariant-failure', { error });
  }

  return {
    listener: (request, response) => {
      if (hasOtherHost(request.rawHeaders)) answerText(response, 400, 'a request names one host');
      else respond(request, response);
    },
    whole: (request) => respondWhole(request),
    serve: (front) => {
      respondWhole = (request) => {
        try {
          return front.handleWhole(request);
        } catch (error) {
          report(error);
          request.answer(500, ['Content-Type', textType], `${failureText}\n`, true);
          return true;
        }
      };
      respond = (request, response) => {
        try {
          if (!front.handle(request, response)) answerPage(request, response, rules, routes);
        } catch (error) {
          report(error);
          answerFailure(response);
        }
      };
    },
    refuse: () => {
      respondWhole = leaveToNode;
      respond = answerUnready;
    },
    report,
    invariantFailures: () => failures,
  };

  function answerUnready(request: IncomingMessage, response: ServerResponse): void {
    if (/^\/((_localstack\/)?health|_localstack\/init)\b/.test(request.url ?? ''))
      answerPage(request, response, rules, routes);
    else answerText(response.setHeader('Retry-After', '1'), 503, 'the broker is starting or stopping: try again');
  }
}

/** Two hosts are one request to a proxy and another one to us [RFC 9112, 3.2]; node:http takes the first in silence. */
function hasOtherHost(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts > 1;
}

function leaveToNode(): boolean {
  return false;
}

function answerPage(request: IncomingMessage, response: ServerResponse, rules: OriginRules, routes: Route): void {
  const { origin, host, 'sec-fetch-site': fetchSite } = request.headers;
  const site = Array.isArray(fetchSite) ? fetchSite[0] : fetchSite;
  const verdict = judgeOrigin({ origin, fetchSite: site, host }, rules);
  if (verdict === 'foreign') {
    answerText(response, 403, 'refused: a page of another site asks. Name its origin with --cors-origins.');
    return;
  }
  if (verdict === 'named' && origin !== undefined) {
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Vary', 'Origin');
  }
  routes(request, response);
}

function answerFailure(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else answerText(response, 500, failureText);
}

const failureText = 'internal failure: the log has its trace';
const textType = 'text/plain; charset=utf-8';

/** Closes the connection as well: what it still sends would not be read. */
function answerText(response: ServerResponse, status: number, line: string): void {
  response.writeHead(status, { 'Content-Type': textType, Connection: 'close' });
  response.end(`${line}\n`);
}
