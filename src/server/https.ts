import { createServer, type Server as HttpsServer } from 'node:https';
import { equipHttpServer, type HttpConfig, httpServerOptions } from './http.ts';
import type { HttpEntry } from './http-entry.ts';
import type { Log } from './log.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { type Certificate, tlsVersionMin } from './tls/certificate-files.ts';
import { type Greeter, installGreeter } from './tls/greeter.ts';

interface TlsListener {
  readonly server: HttpsServer;
  readonly greeter: Greeter;
}

/** The same server as for plain HTTP, lane and limits included, behind TLS. */
export function createHttpsServer(
  config: HttpConfig,
  entry: Pick<HttpEntry, 'listener' | 'whole'>,
  log: Log,
  certificate: Certificate,
): TlsListener {
  const options = {
    ...httpServerOptions(config),
    ...contextOptions(certificate),
    handshakeTimeout: config.headerTimeoutMs,
  };
  const made = createServer(options, oneAtATime(entry.listener));
  const server = equipHttpServer(made, config, entry, log, 'secureConnection');
  return { server, greeter: installGreeter(server, { log, helloMs: () => config.headerTimeoutMs }) };
}

/** For connections from now on; those that are there keep what they began with. */
export function showCertificate(server: HttpsServer, certificate: Certificate): void {
  server.setSecureContext(contextOptions(certificate));
}

function contextOptions({ cert, key }: Certificate) {
  return { cert, key, minVersion: tlsVersionMin } as const;
}
