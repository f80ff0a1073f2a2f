import { createServer, type Server as HttpServer, type ServerOptions } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Config } from './config.ts';
import type { HttpEntry } from './http-entry.ts';
import { installLane, type Lane, type LaneOptions, type LaneTuning } from './lane/lane.ts';
import type { Log } from './log.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { createWrongProtocolLog } from './wrong-protocol.ts';

/** How often overdue headers and requests are looked for: one pass over the busy connections. */
const overdueCheckMs = 2_000;
/** A peer that neither takes its answer nor sends anything for so long is gone; longer than any wait of a protocol. */
const stallMs = 120_000;
/** After the last word on a broken connection: time for it to arrive before the socket is gone. */
const lingerMs = 1_000;
const tcpKeepAliveDelayMs = 60_000;
const dropWarningEveryMs = 60_000;

/** The short way in front of each server, which closes with it. */
const lanes = new WeakMap<HttpServer, Lane>();

/** What can be changed while it serves. */
type HttpTuning = Pick<
  Config,
  'requestBytesMax' | 'connectionsMax' | 'headerTimeoutMs' | 'requestTimeoutMs' | 'keepAliveTimeoutMs'
>;
export type HttpConfig = HttpTuning & Pick<Config, 'headerBytesMax'>;

/**
 * node:http with every limit set. Idle connections cost a socket and a timer: nothing of ours hangs on them.
 * Headers that are too many, too slow or no HTTP are answered once, and their connection ends.
 */
export function createHttpServer(
  config: HttpConfig,
  entry: Pick<HttpEntry, 'listener' | 'whole'>,
  log: Log,
): HttpServer {
  return equipHttpServer(createServer(httpServerOptions(config), oneAtATime(entry.listener)), config, entry, log);
}

/** What node:http and node:https are made with alike. */
export function httpServerOptions(config: HttpConfig): ServerOptions {
  return {
    maxHeaderSize: config.headerBytesMax,
    headersTimeout: config.headerTimeoutMs,
    requestTimeout: requestMs(config),
    keepAliveTimeout: config.keepAliveTimeoutMs,
    connectionsCheckingInterval: overdueCheckMs,
    keepAlive: true, // Finds peers that vanished without a word.
    keepAliveInitialDelay: tcpKeepAliveDelayMs,
    noDelay: true,
  };
}

/** Puts limits and lane on a server that does not listen yet. @param connected its event for a connection that can be read */
export function equipHttpServer<S extends HttpServer>(
  server: S,
  config: HttpConfig,
  entry: Pick<HttpEntry, 'whole'>,
  log: Log,
  connected: LaneOptions['connected'] = 'connection',
): S {
  server.maxConnections = config.connectionsMax;
  server.timeout = stallMs;
  const wrongProtocol = createWrongProtocolLog(log);
  server.on('clientError', (error, socket) => answerClientError(error, socket, wrongProtocol));
  server.on('drop', dropWarning(server, log));
  lanes.set(
    server,
    installLane(server, {
      ...laneTuning(config),
      headBytesMax: config.headerBytesMax,
      stallMs,
      serve: entry.whole,
      connected,
    }),
  );
  return server;
}

/** For connections from now on, and for the next request of those that are there. */
export function retuneHttpServer(server: HttpServer, config: HttpTuning): void {
  server.headersTimeout = config.headerTimeoutMs;
  server.requestTimeout = requestMs(config);
  server.keepAliveTimeout = config.keepAliveTimeoutMs;
  server.maxConnections = config.connectionsMax;
  lanes.get(server)?.retune(laneTuning(config));
}

function requestMs({ requestTimeoutMs, headerTimeoutMs }: HttpTuning): number {
  return Math.max(requestTimeoutMs, headerTimeoutMs);
}

function laneTuning(config: HttpTuning): LaneTuning {
  return {
    bodyBytesMax: config.requestBytesMax,
    headerTimeoutMs: config.headerTimeoutMs,
    requestTimeoutMs: requestMs(config),
    keepAliveTimeoutMs: config.keepAliveTimeoutMs,
  };
}

const answers: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
};

function answerClientError(
  error: Error & { readonly code?: string; readonly rawPacket?: unknown },
  socket: Duplex,
  wrongProtocol: ReturnType<typeof createWrongProtocolLog>,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = answers[error.code ?? ''] ?? '400 Bad Request';
  const isOther = Buffer.isBuffer(error.rawPacket) && socket instanceof Socket;
  const why = isOther ? wrongProtocol(error.rawPacket, socket) : undefined;
  const body = why === undefined ? '' : `${why}\n`;
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  // Destroying at once would send a reset that can overtake the answer; waiting for ever would keep the socket.
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

/** Once a minute with the count, for a flood must not become a flood of lines. */
function dropWarning(server: HttpServer, log: Log): () => void {
  let dropped = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  return () => {
    dropped++;
    const now = performance.now();
    if (now - saidAt < dropWarningEveryMs) return;
    log.warn('connections-refused', {
      connections: dropped,
      connectionsMax: server.maxConnections,
      option: '--connections-max',
    });
    saidAt = now;
    dropped = 0;
  };
}

/**
 * Stops accepting, lets requests in flight finish, then closes what is left.
 * @returns false when some had to be cut off
 */
export async function closeHttpServer(server: HttpServer, finishMsMax: number): Promise<boolean> {
  let isClean = true;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  lanes.get(server)?.stop();
  // A connection whose request ends now becomes idle without an event of its own.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  const deadline = setTimeout(() => {
    isClean = false;
    server.closeAllConnections();
    lanes.get(server)?.destroy();
  }, finishMsMax);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
  return isClean;
}
