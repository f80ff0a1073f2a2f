/**
 * The short way through the HTTP port for the requests that matter: a POST that is whole and plain is served straight
 * from its bytes, without the streams, events and objects of node:http, which cost two thirds of a send (bench/send) and
 * half the memory of a waiting poll (bench/idle). Whatever is not surely plain goes to node:http with its connection:
 * there is one HTTP server, and its rules are node:http's.
 */
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { LaneConnection, type LaneLimits, type PlainRequest } from './lane-connection.ts';

export interface LaneOptions extends LaneLimits {
  readonly keepAliveTimeoutMs: number;
  /** From the first byte of a request to its last. */
  readonly requestTimeoutMs: number;
  serve(request: PlainRequest): boolean;
}

export interface Lane {
  /** Ends what is idle, and the rest behind its answer. */
  stop(): void;
}

const sweepMs = 1_000;

/** Puts the lane in front of a server that does not listen yet. */
export function installLane(server: HttpServer, options: LaneOptions): Lane {
  const [nodeListener] = server.listeners('connection');
  server.removeAllListeners('connection');
  const connections = new Set<LaneConnection>();
  let now = 0;
  let isStopping = false;

  function leave(socket: Socket, unread: Buffer | undefined): void {
    nodeListener?.call(server, socket);
    if (unread !== undefined) socket.unshift(unread);
  }

  const hooks = {
    serve: (request: PlainRequest) => !isStopping && options.serve(request),
    leave,
    closed: (connection: LaneConnection) => connections.delete(connection),
    now: () => now,
  };

  server.on('connection', (socket: Socket) => {
    connections.add(new LaneConnection(socket, options, hooks));
  });

  // One pass a second over all connections costs less than a timer for each.
  const sweep = setInterval(() => {
    now += sweepMs;
    for (const connection of connections) {
      if (connection.isIdle && isOver(connection, options.keepAliveTimeoutMs)) connection.end();
      else if (connection.isCollecting && isOver(connection, options.requestTimeoutMs)) connection.giveUp();
    }
  }, sweepMs);
  sweep.unref();

  function isOver(connection: LaneConnection, ms: number): boolean {
    return now - connection.activeAt > ms;
  }

  return {
    stop: () => {
      isStopping = true;
      clearInterval(sweep);
      for (const connection of connections) connection.end();
    },
  };
}
