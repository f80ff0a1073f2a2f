import type { IncomingMessage } from 'node:http';
import type { GantryError } from '../model/errors.ts';
import type { Principal } from '../model/principal.ts';
import type { AdminSources } from './admin/index.ts';
import type { AdminRouter } from './admin/router.ts';
import type { Refusals } from './refusals.ts';

interface AdminLoaderParts {
  readonly parts: AdminSources;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
  report(error: unknown): void;
  readonly refusals: Refusals;
}

/** The admin API with its schemas is read from disk at the first request for it: a broker that nobody manages pays nothing. */
export function createAdminLoader({ parts, stopping, report, refusals }: AdminLoaderParts): () => Promise<AdminRouter> {
  let loading: Promise<AdminRouter> | undefined;

  function refused(request: IncomingMessage, principal: Principal, error: GantryError): void {
    const remoteAddress = request.socket.remoteAddress ?? '';
    // Without the query: who is in a hurry types a secret there. By no name: it may be the password.
    const operation = `${request.method} ${(request.url ?? '').replace(/\?.*$/s, '')}`;
    const hasNone = request.headers.authorization === undefined;
    const reason = !principal.isAnonymous ? 'no-rights' : hasNone ? 'unsigned' : 'wrong-password';
    const why = principal.isAnonymous ? undefined : error.message;
    refusals.note({ reason, why, requested: { operation, keyId: undefined, remoteAddress, queue: undefined } });
  }

  return () => {
    loading ??= import('./admin/index.ts').then(({ createAdmin }) => createAdmin(parts, { report, refused }, stopping));
    return loading;
  };
}
