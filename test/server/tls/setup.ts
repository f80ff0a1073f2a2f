import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { createSystemRandom } from '../../../src/server/system-random.ts';
import { ensureDevelopmentCertificate } from '../../../src/server/tls/development-certificate.ts';
import { temporaryFolder } from '../../support/launch.ts';
import { startWorld, type World } from '../setup.ts';

/** A broker with an HTTPS port, and what a client of it trusts. */
export interface TlsWorld extends World {
  readonly folder: string;
  readonly ca: string;
  readonly port: number;
  /** Of the HTTPS port. */
  readonly base: string;
}

type StartGiven = Parameters<typeof startWorld>;

export async function startTlsWorld(flags: StartGiven[0] = {}, ...rest: TailOf<StartGiven>): Promise<TlsWorld> {
  const folder = await temporaryFolder();
  const own = { dataDir: [folder], httpsPort: ['0'], tlsCert: ['generated'] };
  const world = await startWorld({ ...own, ...flags }, ...rest);
  const base = world.server.status.listeners.get('https')?.[0] ?? '';
  const isOwn = flags.tlsCert === undefined;
  const ca = isOwn ? await readFile(join(folder, 'tls', 'ca.pem'), 'utf8') : '';
  return { ...world, folder, ca, base, port: Number(new URL(base).port) };
}

type TailOf<T extends readonly unknown[]> = T extends readonly [unknown?, ...infer R] ? R : never;

export interface Answered {
  readonly status: number | undefined;
  readonly text: string;
  /** Serial number of the certificate that the server showed. */
  readonly serial: string;
}

/** One request over a connection of its own. */
export function ask(url: string, options: RequestOptions & ConnectionOptions = {}, body?: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, ...options }, (response) => {
      const { serialNumber: serial } = (response.socket as TLSSocket).getPeerCertificate(); // Over TLS it is one.
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, text, serial }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What came back on a connection, which may be in the middle of something. */
export function openTls({ port, ca }: Pick<TlsWorld, 'port' | 'ca'>, options: ConnectionOptions = {}) {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ...options });
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  const ready = new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  ready.catch(() => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  socket.on('error', () => undefined); // A reset is an end like any other.
  onTestFinished(() => void socket.destroy());
  return { socket, ready, closed, received: () => text };
}

/** Files of a certificate below an authority, as `--tls-cert` and `--tls-key` take them. */
export async function certificateFiles(now = Date.now(), names: readonly string[] = ['localhost', '127.0.0.1']) {
  const folder = await temporaryFolder();
  const made = await ensureDevelopmentCertificate({ folder, names, random: createSystemRandom(), now });
  const read = (path: string) => readFile(path, 'utf8');
  return {
    ...made,
    folder,
    cert: await read(made.tlsCert),
    key: await read(made.tlsKey),
    ca: await read(made.authority),
  };
}
