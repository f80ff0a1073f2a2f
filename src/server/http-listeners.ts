import type { Server as HttpServer } from 'node:http';
import type { Random } from '../model/random.ts';
import type { BindAddress } from './addresses.ts';
import type { Config } from './config.ts';
import { closeHttpServer, createHttpServer, retuneHttpServer } from './http.ts';
import type { HttpEntry } from './http-entry.ts';
import type { HttpsListeners } from './https-listeners.ts';
import { bindPort } from './listeners.ts';
import type { Log } from './log.ts';
import { optionName } from './options.ts';

/** Every HTTP and HTTPS port on every address. */
export interface HttpListeners {
  /** @returns the real addresses as URLs, the first port's first @throws GantryError that names port and option */
  open(addresses: readonly BindAddress[], log: Log): Promise<readonly string[]>;
  /** The same for HTTPS. @throws GantryError that names port, or the certificate, and option */
  openTls(addresses: readonly BindAddress[], log: Log): Promise<readonly string[]>;
  /** Options of theirs may be others now, and files that they name. */
  retune(): Promise<void>;
  /** @returns false when requests in flight had to be cut off */
  close(): Promise<boolean>;
  connectionCount(): Promise<number>;
  /** The certificate of the HTTPS ports has this name or address. */
  isCertified(host: string): boolean;
}

export function createHttpListeners(config: Config, entry: HttpEntry, random: Pick<Random, 'bytes'>): HttpListeners {
  const servers: HttpServer[] = [];
  let https: HttpsListeners | undefined;

  return {
    async open(addresses, log) {
      const option = optionName('httpPort');
      const urls: string[] = [];
      for (const port of config.httpPort) {
        const createServer = () => createHttpServer(config, entry, log);
        for (const { server, url } of await bindPort({ scheme: 'http', option, addresses, port, createServer })) {
          servers.push(server);
          urls.push(url);
        }
      }
      if (urls.length === 0 && config.httpsPort.length === 0) log.warn('no-listener', { option: `--${option}` });
      return urls;
    },
    async openTls(addresses, log) {
      if (config.httpsPort.length === 0 && config.tlsCert === undefined && config.tlsKey === undefined) return [];
      // Imported here, because most brokers speak plain HTTP.
      const { openHttpsListeners } = await import('./https-listeners.ts');
      https = await openHttpsListeners({ config, entry, random, addresses, log });
      servers.push(...https.servers);
      return https.urls;
    },
    async retune() {
      for (const server of servers) retuneHttpServer(server, config);
      await https?.reload();
    },
    async close() {
      const closing = servers.map((server) => closeHttpServer(server, config.shutdownTimeoutMs));
      https?.stop();
      return (await Promise.all(closing)).every((one) => one);
    },
    isCertified: (host) => https?.isCertified(host) === true,
    async connectionCount() {
      const counts = await Promise.all(servers.map(countOf));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

function countOf(server: HttpServer): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((error, count) => resolve(error === null ? count : 0));
  });
}
