import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { linger } from '../../../protocols/aws/linger.ts';
import { GantryError } from '../../model/errors.ts';
import type { Principal } from '../../model/principal.ts';
import { defaultNamespace, type Namespace } from '../../model/queue.ts';
import { anonymous } from '../../security/anonymous.ts';
import { judgeOrigin } from '../../security/origin.ts';
import { createBodies } from './body.ts';
import { errorAnswer } from './errors.ts';
import type { AdminAnswer, AdminCall, AdminParts, Operation } from './operation.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { addressOf, adminPrefix, createTable } from './table.ts';

export interface AdminRouter {
  /** Answers every request below its prefix; never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void;
}
interface RouterHooks {
  /** A defect of ours. */
  report(error: unknown): void;
  refused(request: IncomingMessage, principal: Principal, error: GantryError): void;
}

/** Of all answers together: some looks at the longest messages. */
const unreadBytesMax = 128 * 1024 * 1024;
const jsonHeaders = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };

/** From a request to its row of the table, and back to JSON. Who asks is asked for once; what it may, by operation or core. */
export function createRouter(
  operations: readonly Operation[],
  parts: AdminParts,
  hooks: RouterHooks,
  prefix = adminPrefix,
): AdminRouter {
  const match = createTable(operations, prefix);
  const bodies = createBodies(parts);
  const outbox = createOutbox(unreadBytesMax);

  return {
    handle(request, response) {
      answer(request, response).catch((error: unknown) => {
        if (!(error instanceof GantryError)) hooks.report(error);
        const known =
          error instanceof GantryError ? error : new GantryError('internal', 'internal failure: the log has its trace');
        const { status, json } = errorAnswer(known);
        if (known.code === 'unauthenticated')
          response.setHeader('WWW-Authenticate', 'Basic realm="gantry", charset="UTF-8"');
        if (response.headersSent) response.destroy();
        else refuse(request, response, status, json);
      });
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, query: parameters } = addressOf(request.url ?? '', prefix);
    requireOwnPage(request);
    const found = match(request.method ?? '', path);
    if ('allow' in found) {
      response.setHeader('Allow', found.allow);
      const message = `${path.slice(0, 200)} takes ${found.allow}, not ${request.method}`;
      return refuse(request, response, 405, { error: { code: 'unsupported', message } });
    }
    const { operation, params } = found;
    const { account, region, ...query } = parameters;
    const judgedBy = parts.access.current;
    const early = await identify(request, operation);
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    const received = await bodies.read(request, operation, early);
    if (received === undefined) return; // The client has left in the middle.
    const { body, release } = received;
    try {
      const principal = await identifyAgain(request, operation, early, judgedBy);
      const namespace = namespaceOf(account ?? principal.account, region);
      const named = { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
      const call = { parts, principal, namespace, named, params, query, body, signal: leaving.signal, request };
      write(response, await run(operation, call), outbox);
    } finally {
      release();
    }
  }

  async function run(operation: Operation, call: AdminCall<unknown, unknown>): Promise<AdminAnswer> {
    try {
      return await operation.run(call);
    } catch (error) {
      if (error instanceof GantryError && error.code === 'access-denied')
        hooks.refused(call.request, call.principal, error);
      throw error;
    }
  }

  /**
   * Where nobody has to prove who it is, a GET by a name that anybody could have pointed here may be a web page's.
   * @throws GantryError `access-denied`
   */
  function requireOwnPage({ method, headers }: IncomingMessage): void {
    const { origin, host, 'sec-fetch-site': fetchSite } = headers;
    const caller = { origin, host, fetchSite: Array.isArray(fetchSite) ? fetchSite[0] : fetchSite };
    const { corsOrigins, publicUrl } = parts.config;
    const isOpen = method === 'GET' && parts.access.current === undefined;
    if (judgeOrigin(caller, { corsOrigins, publicUrl, isOpen }) !== 'foreign') return;
    throw new GantryError('access-denied', 'refused: the broker is called by a name that is not its own', {
      hint: 'Name it with --public-url, or ask by its address.',
    });
  }

  /** @throws GantryError `unauthenticated`, `access-denied` */
  async function identify(request: IncomingMessage, { permission }: Operation): Promise<Principal> {
    const guard = parts.access.current;
    const { headers, socket } = request;
    const principal =
      guard === undefined ? anonymous : await guard.authenticate(headers.authorization, socket.remoteAddress);
    if (parts.access.current !== undefined && principal.isAnonymous) {
      const text = 'name and password of a user, or id and secret of an access key, are needed, by HTTP Basic';
      const error = new GantryError('unauthenticated', text);
      hooks.refused(request, principal, error);
      throw error;
    }
    const refusal = permission && parts.access.authorize(principal, permission, { type: 'broker' });
    if (refusal === undefined) return principal;
    hooks.refused(request, principal, refusal);
    throw refusal;
  }

  /**
   * A body may take its time to come: rights that were taken away meanwhile are no more, and nothing waits from here to `run`.
   * @throws GantryError `unauthenticated`, `access-denied`
   */
  async function identifyAgain(
    request: IncomingMessage,
    operation: Operation,
    early: Principal,
    judgedBy: AdminParts['access']['current'],
  ): Promise<Principal> {
    let principal = early;
    for (let guard = judgedBy; guard !== parts.access.current; ) {
      guard = parts.access.current;
      principal = await identify(request, operation);
    }
    return principal;
  }
}

function namespaceOf(account: string, region: string | undefined): Namespace {
  if (!/^\d{12}$/.test(account)) throw new GantryError('invalid-argument', 'parameter account: expected 12 digits');
  if (region !== undefined && !/^[a-z0-9-]{1,64}$/.test(region))
    throw new GantryError('invalid-argument', 'parameter region: expected a region such as us-east-1');
  return { account, region: region ?? defaultNamespace.region };
}

function write(response: ServerResponse, answer: AdminAnswer, outbox: Outbox): void {
  if ('stream' in answer) {
    const { contentType, bytes } = answer;
    response.writeHead(answer.status, {
      ...{ 'Content-Type': contentType, 'Cache-Control': 'no-store' },
      ...(bytes === undefined ? {} : { 'Content-Length': bytes }),
    });
    response.flushHeaders();
    pipeline(answer.stream, response, () => undefined); // Cut off in the middle is what the reader sees.
  } else if ('json' in answer) {
    response.writeHead(answer.status, jsonHeaders);
    outbox.end(response, `${JSON.stringify(answer.json)}\n`);
  } else response.writeHead(answer.status).end();
}

function writeJson(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, jsonHeaders);
  response.end(`${JSON.stringify(json)}\n`);
}

/** What is still to come of the request is thrown away. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number, json: unknown): void {
  if (request.complete) return writeJson(response, status, json);
  response.setHeader('Cache-Control', 'no-store');
  linger(request, response, {
    ...{ status, type: 'application/json', headers: [] },
    payload: Buffer.from(`${JSON.stringify(json)}\n`),
  });
}
