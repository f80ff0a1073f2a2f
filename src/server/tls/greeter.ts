import type { Socket } from 'node:net';
import type { TLSSocket, Server as TlsServer } from 'node:tls';
import type { Log } from '../log.ts';
import { createPace } from '../pace.ts';

export interface Greeter {
  /** Cuts off who has not finished its handshake: nothing of it is under way. */
  stop(): void;
}
interface GreeterOptions {
  readonly log: Pick<Log, 'warn'>;
  /** How long a client may say nothing. */
  helloMs(): number;
}

/** The first byte of a TLS record that begins a handshake; nothing else that people send begins so. */
const handshakeByte = 0x16;
const lingerMs = 1_000;
const whyPlain = 'this port speaks HTTPS: say https:// instead of http://';
const plainAnswer =
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n' +
  `Content-Length: ${whyPlain.length + 1}\r\n\r\n${whyPlain}\n`;

/** As OpenSSL makes them. */
interface HandshakeError extends Error {
  readonly code?: string;
  readonly reason?: string;
}

/** What happens most, in words that help. */
const reasons: Readonly<Record<string, string>> = {
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the client does not trust who issued the certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the client refuses the certificate: its name is another, or its time is over',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    'the client refuses the certificate, mostly because it does not trust its issuer',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the client speaks neither TLS 1.2 nor 1.3',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'the client did not finish in time',
};

/**
 * Looks at the first byte of each connection before TLS does, so that plain HTTP is answered in its own words, and keeps
 * hold of connections until their handshake is done. For a server that does not listen yet.
 */
export function installGreeter(server: TlsServer, { log, helloMs }: GreeterOptions): Greeter {
  const [tlsListener] = server.listeners('connection');
  server.removeAllListeners('connection');
  // Node's TLS keeps to itself which connection lies below one of its own: what they share is the two ends.
  const unfinished = new Map<string, Socket>();
  const isDue = createPace({ now: () => performance.now() });

  function note(socket: Socket, protocol: string, why: string): void {
    const { remoteAddress, localPort } = socket;
    if (isDue(protocol)) log.warn('wrong-protocol', { protocol, why, port: localPort, remoteAddress });
  }

  function refusePlain(socket: Socket, first: Buffer): void {
    const isHttp = /^[A-Z]{3,8} /.test(first.subarray(0, 9).toString('latin1'));
    note(socket, isHttp ? 'HTTP' : 'unknown', isHttp ? whyPlain : 'this port speaks HTTPS');
    if (!isHttp) return void socket.destroy();
    socket.resume();
    socket.end(plainAnswer);
    // Destroying at once would send a reset that can overtake the answer.
    setTimeout(() => socket.destroy(), lingerMs).unref();
  }

  function greet(socket: Socket): void {
    const first: unknown = socket.read();
    if (!Buffer.isBuffer(first)) return; // It has ended.
    socket.setTimeout(0); // From here on the handshake has its own limit.
    if (first[0] !== handshakeByte) return refusePlain(socket, first);
    socket.unshift(first);
    tlsListener?.call(server, socket);
  }

  server.on('connection', (socket: Socket) => {
    const ends = endsOf(socket);
    unfinished.set(ends, socket);
    socket.once('close', () => {
      if (unfinished.get(ends) === socket) unfinished.delete(ends);
    });
    socket.on('error', ignore);
    socket.setTimeout(helloMs(), () => socket.destroy());
    socket.once('readable', () => greet(socket));
  });
  server.on('secureConnection', (socket) => unfinished.delete(endsOf(socket)));
  // node:https would answer it like a broken request, into a connection that cannot be written to.
  server.removeAllListeners('tlsClientError');
  server.on('tlsClientError', (error: HandshakeError, socket) => {
    const { code = '', reason, message } = error;
    const why = reasons[code] ?? reason ?? message;
    const { remoteAddress } = socket;
    if (code !== 'ECONNRESET' && isDue(code)) log.warn('tls-handshake-failed', { code, why, remoteAddress });
    socket.destroy();
  });

  return {
    stop: () => {
      for (const socket of unfinished.values()) socket.destroy();
    },
  };
}

function endsOf({ remoteAddress, remotePort, localAddress }: Socket | TLSSocket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}

/** 'close' follows and says all there is to know. */
function ignore(): void {
  // Nothing: a connection that breaks is no error of ours.
}
