import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Signer } from '../../protocols/sns/signing/index.ts';
import type { GantryError } from '../model/errors.ts';
import type { Principal } from '../model/principal.ts';
import { allowAll, anonymous } from '../security/anonymous.ts';
import type { Refusal } from '../security/refusal.ts';
import type { Access } from './access.ts';
import type { AdminRouter } from './admin/router.ts';
import {
  type HealthAnswer,
  health,
  liveness,
  localstackHealth,
  localstackInit,
  readiness,
  type ServerStatus,
} from './health.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Refusals } from './refusals.ts';

export interface RoutesDependencies {
  readonly status: ServerStatus;
  /** Undefined until it is made. */
  access(): Access | undefined;
  /** Undefined while the server starts, as `metrics`. */
  log(): Log | undefined;
  metrics(): Metrics | undefined;
  refusals(): Refusals | undefined;
  /** Undefined while the server starts; its code is loaded when it is first asked for. */
  admin(): Promise<AdminRouter> | undefined;
  /** Its certificate is for everybody, as AWS's is. */
  readonly signer: Pick<Signer, 'certificateAt'>;
}
export type Route = (request: IncomingMessage, response: ServerResponse) => void;

const pathCharsShown = 200;

/** The few paths that are no protocol's: health, metrics, and a helpful 404 for the rest. */
export function createRoutes(dependencies: RoutesDependencies): Route {
  const { status, access, log, metrics, refusals } = dependencies;
  const routes: Readonly<Record<string, Route>> = {
    '/health': (_, response) => answerHealth(response, health(status)),
    '/health/live': (_, response) => answerHealth(response, liveness()),
    '/health/ready': (_, response) => answerHealth(response, readiness(status)),
    '/_localstack/health': (_, response) => answerHealth(response, localstackHealth(status)),
    '/_localstack/init': (_, response) => answerHealth(response, localstackInit(status)),
    ...Object.fromEntries(
      ['boot', 'start', 'ready', 'shutdown'].map((stage): [string, Route] => [
        `/_localstack/init/${stage}`,
        (_, response) => answerHealth(response, localstackInit(status, stage.toUpperCase())),
      ]),
    ),
    '/metrics': answerMetrics,
  };

  function answerMetrics(request: IncomingMessage, response: ServerResponse): void {
    const guard = access()?.current;
    if (guard === undefined) return answerMetricsTo(anonymous, request, response);
    guard.authenticate(request.headers.authorization, request.socket.remoteAddress).then(
      (principal) => answerMetricsTo(principal, request, response),
      ({ message }: Error) => answer(response, 503, 'text/plain', `${message}\n`),
    );
  }

  function answerMetricsTo(principal: Principal, request: IncomingMessage, response: ServerResponse): void {
    const { authorize = allowAll } = access() ?? {};
    const refusal = authorize(principal, 'browse', { type: 'broker' });
    const source = metrics();
    if (refusal !== undefined) refusals()?.note(refusedScrape(request, principal, refusal));
    if (refusal !== undefined && principal.isAnonymous) {
      response.setHeader('WWW-Authenticate', 'Basic realm="gantry", charset="UTF-8"');
      answer(response, 401, 'text/plain', 'name and password of a user who may: browse the broker\n');
    } else if (refusal !== undefined) answer(response, 403, 'text/plain', `${refusal.message}\n`);
    else if (source === undefined) answer(response, 503, 'text/plain', 'the broker is starting\n');
    else answerScrape(source, response);
  }

  function answerScrape(source: Metrics, response: ServerResponse): void {
    source.scrape().then(
      ({ contentType, text }) => answer(response, 200, contentType, text),
      (error: unknown) => {
        log()?.warn('scrape-failed', { error });
        answer(response, 500, 'text/plain', 'the metrics could not be read; the log says why\n');
      },
    );
  }

  function answerAdmin(request: IncomingMessage, response: ServerResponse): void {
    const loading = dependencies.admin();
    if (loading === undefined) answer(response, 503, 'text/plain', 'the broker is starting\n');
    else
      loading.then(
        (admin) => admin.handle(request, response),
        (error: unknown) => {
          log()?.error('invariant-failure', { error });
          answer(response, 500, 'text/plain', 'internal failure: the log has its trace\n');
        },
      );
  }

  function answerCertificate(path: string, { method }: IncomingMessage, response: ServerResponse): void {
    dependencies.signer.certificateAt(path).then(
      (pem) => {
        if (pem === undefined) answer(response, 404, 'text/plain', notFoundText(method, path));
        else answer(response, 200, 'application/x-pem-file', pem);
      },
      ({ message }: Error) => answer(response, 503, 'text/plain', `${message}\n`),
    );
  }

  function routeOf(path: string): Route | undefined {
    if (path.startsWith('/SimpleNotificationService-'))
      return (request, response) => answerCertificate(path, request, response);
    return Object.hasOwn(routes, path) ? routes[path] : undefined;
  }

  return (request, response) => {
    const path = /^[^?#]*/.exec(request.url ?? '/')?.[0] ?? '/';
    if (path === '/_gantry' || path.startsWith('/_gantry/') || path.startsWith('/_aws/sns/'))
      return answerAdmin(request, response);
    const route = routeOf(path);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead) response.shouldKeepAlive = false; // Its body stays unread.
    if (route === undefined) answer(response, 404, 'text/plain', notFoundText(request.method, path));
    else if (isRead) route(request, response);
    else answer(response.setHeader('Allow', 'GET, HEAD'), 405, 'text/plain', `${path} is for GET\n`);
  };
}

/** Not by its name: who is in a hurry types the password there. */
function refusedScrape(request: IncomingMessage, { isAnonymous }: Principal, { message }: GantryError): Refusal {
  const remoteAddress = request.socket.remoteAddress ?? '';
  const requested = { operation: '/metrics', keyId: undefined, remoteAddress, queue: undefined };
  if (!isAnonymous) return { reason: 'no-rights', why: message, requested };
  const hasNone = request.headers.authorization === undefined;
  return { reason: hasNone ? 'unsigned' : 'wrong-password', why: undefined, requested };
}

function notFoundText(method: string | undefined, path: string): string {
  return `Gantry has nothing at ${method} ${path.slice(0, pathCharsShown)}. Here are the SQS API, GET /health, /health/live, /health/ready, /metrics, /_aws/sqs/messages?QueueUrl=..., /_aws/sns/sms-messages and /_gantry/openapi.json\n`;
}

function answerHealth(response: ServerResponse, { status, body }: HealthAnswer): void {
  answer(response, status, 'application/json', `${JSON.stringify(body)}\n`);
}

function answer(response: ServerResponse, status: number, contentType: string, text: string): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    'Content-Type': contentType.includes(';') ? contentType : `${contentType}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}
