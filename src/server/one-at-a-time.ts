/**
 * A client may send requests before the answers to earlier ones have come. node:http hands all of them over as they
 * arrive and keeps their answers in memory until it is their turn: 64 KiB of receives, sent by a client that reads
 * nothing, would be worth gigabytes. So the requests of one connection are served one after the other, as in the lane:
 * the next begins when the answer to the last is on its way and out of our memory.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Waiting ones of a connection, above which nothing more is read from it. */
const waitingMax = 64;

interface Line {
  isServing: boolean;
  readonly waiting: { readonly request: IncomingMessage; readonly response: ServerResponse }[];
  /** The answer under way is written, or will never be. */
  readonly goOn: () => void;
}

export function oneAtATime(listener: RequestListener): RequestListener {
  const lines = new WeakMap<Socket, Line>();

  function lineOf(socket: Socket): Line {
    const waiting: Line['waiting'][number][] = [];
    const line: Line = {
      isServing: false,
      waiting,
      goOn: () => {
        line.isServing = false;
        if (socket.destroyed) waiting.length = 0; // Nobody is left to answer.
        const next = waiting.shift();
        if (next === undefined) return;
        if (waiting.length === waitingMax - 1) socket.resume();
        begin(line, next.request, next.response);
      },
    };
    lines.set(socket, line);
    // node:http sets a connection going again at the end of each request and for each body that is read.
    socket.on('resume', () => {
      if (waiting.length >= waitingMax) socket.pause();
    });
    return line;
  }

  function begin(line: Line, request: IncomingMessage, response: ServerResponse): void {
    line.isServing = true;
    response.once('close', line.goOn);
    listener(request, response);
  }

  return (request, response) => {
    const { socket } = request;
    const line = lines.get(socket) ?? lineOf(socket);
    if (!line.isServing) begin(line, request, response);
    else if (line.waiting.push({ request, response }) >= waitingMax) socket.pause();
  };
}
