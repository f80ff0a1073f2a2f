/**
 * The short way through the HTTP port for the requests that matter: a POST that is whole and plain is served straight
 * from its bytes, without the streams, events and objects of node:http, which cost two thirds of a send (bench/send) and
 * half the memory of a waiting poll (bench/idle). Whatever is not surely plain goes to node:http with its connection:
 * there is one HTTP server, and its rules are node:http's.
 */
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { keptLines } from './answer-head.ts';
import {
  LaneConnection,
  type LaneLimits,
  type LaneState,
  type PlainRequest,
  type RefusalCode,
} from './lane-connection.ts';

/** What can be changed while it serves. */
export interface LaneTuning {
  readonly bodyBytesMax: number;
  /** From the connection's beginning to its first byte. */
  readonly headerTimeoutMs: number;
  /** From the first byte of a request to its last. */
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
}
export interface LaneOptions extends LaneTuning {
  /** The server's event for a connection that can be read; default that of plain HTTP. */
  readonly connected?: 'connection' | 'secureConnection';
  readonly headBytesMax: number;
  readonly stallMs: number;
  serve(request: PlainRequest): boolean;
}

export interface Lane {
  retune(tuning: LaneTuning): void;
  /** Ends what is idle, and the rest behind its answer. */
  stop(): void;
  /** Cuts off whatever is still there. */
  destroy(): void;
}

const sweepMs = 1_000;

/** Puts the lane in front of a server that does not listen yet. */
export function installLane(server: HttpServer, options: LaneOptions): Lane {
  const { connected = 'connection' } = options;
  const [nodeListener] = server.listeners(connected);
  server.removeAllListeners(connected);
  const connections = new Set<LaneConnection>();
  const { headBytesMax, bodyBytesMax, stallMs } = options;
  const limits: LaneLimits = { headBytesMax, bodyBytesMax, stallMs, keptLines: keptLines(options.keepAliveTimeoutMs) };
  let now = 0;

  const hooks = {
    serve: (request: PlainRequest) => options.serve(request),
    leave: (socket: Socket, unread: Buffer) => {
      nodeListener?.call(server, socket);
      socket.unshift(unread);
    },
    refuse: (socket: Socket, code: RefusalCode) => {
      server.emit('clientError', Object.assign(new Error(code), { code }), socket);
    },
    closed: (connection: LaneConnection) => connections.delete(connection),
    now: () => now,
  };

  server.on(connected, (socket: Socket) => {
    connections.add(new LaneConnection(socket, limits, hooks));
  });

  const msMax: Record<LaneState, number> = {
    fresh: options.headerTimeoutMs,
    idle: options.keepAliveTimeoutMs,
    collecting: options.requestTimeoutMs,
    serving: stallMs,
    draining: Number.POSITIVE_INFINITY, // Its socket has a timer, which knows whether anything moves.
    over: stallMs,
  };

  /** One pass a second over all connections costs less than a timer for each. */
  function sweep(): void {
    now += sweepMs;
    for (const connection of connections) {
      if (now - connection.since > msMax[connection.state]) connection.expire();
    }
  }

  server.once('listening', () => {
    const timer = setInterval(sweep, sweepMs).unref();
    server.once('close', () => clearInterval(timer));
  });

  return {
    retune: (tuning) => {
      limits.bodyBytesMax = tuning.bodyBytesMax;
      limits.keptLines = keptLines(tuning.keepAliveTimeoutMs);
      msMax.fresh = tuning.headerTimeoutMs;
      msMax.idle = tuning.keepAliveTimeoutMs;
      msMax.collecting = tuning.requestTimeoutMs;
    },
    stop: () => {
      for (const connection of connections) connection.end();
    },
    destroy: () => {
      for (const connection of connections) connection.destroy();
    },
  };
}
