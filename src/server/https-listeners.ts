import { X509Certificate } from 'node:crypto';
import type { Server as HttpsServer } from 'node:https';
import { isIP } from 'node:net';
import type { Random } from '../model/random.ts';
import type { BindAddress } from './addresses.ts';
import type { Config } from './config.ts';
import type { HttpEntry } from './http-entry.ts';
import { createHttpsServer, showCertificate } from './https.ts';
import { bindPort } from './listeners.ts';
import type { Log } from './log.ts';
import { optionName } from './options.ts';
import { createCertificates } from './tls/certificates.ts';
import type { Greeter } from './tls/greeter.ts';
import { askedCertificate } from './tls/tls-options.ts';

export interface HttpsListeners {
  /** Limits, tuning and closing are those of the HTTP ports. */
  readonly servers: readonly HttpsServer[];
  readonly urls: readonly string[];
  /** The files of the certificate are read again. */
  reload(): Promise<void>;
  /** The certificate has this name or address. */
  isCertified(host: string): boolean;
  /** Cuts off who has not finished its handshake, and looks at no file any more. */
  stop(): void;
}
interface HttpsDependencies {
  readonly config: Config;
  readonly entry: HttpEntry;
  readonly random: Pick<Random, 'bytes'>;
  readonly addresses: readonly BindAddress[];
  readonly log: Log;
}

/** @throws GantryError that names the option, and its file or port; nothing stays open */
export async function openHttpsListeners(dependencies: HttpsDependencies): Promise<HttpsListeners> {
  const { config, entry, random, addresses, log } = dependencies;
  const option = optionName('httpsPort');
  const servers: HttpsServer[] = [];
  const urls: string[] = [];
  const greeters: Greeter[] = [];
  if (askedCertificate(config) === undefined) {
    if (config.tlsCert !== undefined)
      log.warn('option-without-effect', { option: '--tls-cert', why: `no TLS port is on: --${option} opens one` });
    return { servers, urls, reload: async () => undefined, isCertified: () => false, stop: () => undefined };
  }
  const certificates = createCertificates({
    ...{ config, random, log, now: Date.now },
    changed: (certificate) => {
      shown = new X509Certificate(certificate.cert);
      for (const server of servers) showCertificate(server, certificate);
    },
  });
  const stop = (): void => {
    certificates.stop();
    for (const greeter of greeters) greeter.stop();
  };
  const first = await certificates.start();
  let shown = new X509Certificate(first.cert);
  try {
    for (const port of config.httpsPort) {
      const createServer = (): HttpsServer => {
        const { server, greeter } = createHttpsServer(config, entry, log, first);
        greeters.push(greeter);
        return server;
      };
      for (const { server, url } of await bindPort({ scheme: 'https', option, addresses, port, createServer })) {
        servers.push(server);
        urls.push(url);
      }
    }
  } catch (error) {
    stop();
    for (const server of servers) server.close();
    throw error;
  }
  const isCertified = (host: string) =>
    isIP(host) === 0 ? shown.checkHost(host, { subject: 'never' }) !== undefined : shown.checkIP(host) !== undefined;
  return { servers, urls, reload: certificates.reload, isCertified, stop };
}
