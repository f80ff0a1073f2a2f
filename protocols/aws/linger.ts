import type { IncomingMessage, ServerResponse } from 'node:http';
import { frontLimits } from './limits.ts';
import { lengthOf } from './line.ts';
import type { Answer } from './reply.ts';

/**
 * Answers a request whose body is refused, then closes the connection. Closing at once, with bytes still under way,
 * makes the kernel reset the connection, and the client loses the answer that says why; so for a moment what comes is read
 * and thrown away.
 */
export function linger(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  const { status, type, payload, headers } = answer;
  response.writeHead(status, ['Content-Type', type, ...headers, ...lengthOf(payload), 'Connection', 'close']);
  response.write(payload);
  let dropped = 0;
  const timer = setTimeout(close, frontLimits.lingerMsMax);
  timer.unref();
  request.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > frontLimits.lingerBytesMax) close();
  });
  request.on('end', close);
  response.on('close', () => clearTimeout(timer));

  function close(): void {
    clearTimeout(timer);
    response.end();
  }
}
