import type { AddressInfo, Server as NetServer } from 'node:net';
import { assert } from '../model/assert.ts';
import { GantryError } from '../model/errors.ts';
import { type BindAddress, listenerUrl } from './addresses.ts';

export interface BoundListener<S extends NetServer> {
  readonly server: S;
  readonly url: string;
}
export interface BindRequest<S extends NetServer> {
  readonly scheme: string;
  /** The option that chooses the port, for errors. */
  readonly option: string;
  readonly addresses: readonly BindAddress[];
  /** 0: any free port, the same on every address. */
  readonly port: number;
  createServer(): S;
}

const freePortAttemptsMax = 20;
/** Connections that wait for `accept`; the system may cap it (net.core.somaxconn). */
const backlog = 1024;
const absentCodes = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT']);

/**
 * Binds one port on every address; all or none.
 * @throws GantryError `unavailable`, one line that names port and option
 */
export async function bindPort<S extends NetServer>(request: BindRequest<S>): Promise<readonly BoundListener<S>[]> {
  for (let attempt = 1; ; attempt++) {
    const bound: BoundListener<S>[] = [];
    try {
      let port = request.port;
      for (const address of request.addresses) {
        const listener = await bindAddress(request, address, port);
        if (listener === undefined) continue;
        bound.push(listener);
        port = portOf(listener.server);
      }
      return bound;
    } catch (cause) {
      await Promise.all(bound.map(({ server }) => closed(server)));
      const code = errorCode(cause);
      // The port that was free on the first address is taken on the second.
      if (request.port === 0 && code === 'EADDRINUSE' && attempt < freePortAttemptsMax) continue;
      throw cause instanceof GantryError ? cause : new GantryError('unavailable', String(cause), { cause });
    }
  }
}

async function bindAddress<S extends NetServer>(
  request: BindRequest<S>,
  { address, family, isOptional }: BindAddress,
  port: number,
): Promise<BoundListener<S> | undefined> {
  const server = request.createServer();
  // `::` takes IPv4 as well, which 0.0.0.0 beside it already has.
  const ipv6Only = family === 'ipv6' && request.addresses.some((one) => one.address === '0.0.0.0');
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port, backlog, ipv6Only }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (cause) {
    if (isOptional && absentCodes.has(errorCode(cause) ?? '')) return undefined;
    throw bindError(request.option, address, port, cause);
  }
  return { server, url: listenerUrl(request.scheme, address, portOf(server)) };
}

function bindError(option: string, address: string, port: number, cause: unknown): GantryError {
  const code = errorCode(cause);
  if (code === 'EADDRINUSE')
    return new GantryError('unavailable', `port ${port} is in use on ${address}: choose another with --${option}`, {
      cause,
    });
  if (code === 'EACCES')
    return new GantryError('unavailable', `port ${port} needs a privilege: choose one from 1024 with --${option}`, {
      cause,
    });
  if (absentCodes.has(code ?? ''))
    return new GantryError('unavailable', `${address} is no address of this machine: choose another with --host`, {
      cause,
    });
  const why = cause instanceof Error ? cause.message : String(cause);
  return new GantryError('unavailable', `port ${port} on ${address} (--${option}): ${why}`, { cause });
}

/** The system's own code, through the error that wraps it. */
function errorCode(error: unknown): string | undefined {
  if (error instanceof GantryError) return errorCode(error.cause);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function portOf(server: NetServer): number {
  const address: AddressInfo | string | null = server.address();
  assert(address !== null && typeof address === 'object', 'a bound listener has a port');
  return address.port;
}

function closed(server: NetServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
