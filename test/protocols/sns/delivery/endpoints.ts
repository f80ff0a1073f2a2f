/** Endpoints on loopback for the tests of what leaves the broker: real servers, each behaving in its own way. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { onTestFinished } from 'vitest';

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Endpoint {
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** Connections accepted so far. */
  readonly connections: () => number;
  /** Waits until that many requests have arrived whole. */
  readonly hasReceived: (count: number) => Promise<void>;
}

/** An endpoint that answers as it is told, once a request is whole. */
export async function startEndpoint(
  answer: RequestListener,
  create: (listener: RequestListener) => TcpServer = createServer,
): Promise<Endpoint> {
  const received: Received[] = [];
  let connections = 0;
  const server = create((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      server.emit('received');
      answer(request, response);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  const port = await listen(server);
  const hasReceived = async (count: number) => {
    while (received.length < count) await once(server, 'received');
  };
  return { url: `http://127.0.0.1:${port}/inbox`, port, received, connections: () => connections, hasReceived };
}

export async function answering(statusCode: number, headers: Record<string, string> = {}): Promise<Endpoint> {
  return await startEndpoint((_, response) => response.writeHead(statusCode, headers).end('seen'));
}

/** A server of bare connections, for endpoints that do not speak HTTP well. */
export async function startBareEndpoint(accept: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined); // The other side breaks off; that is what is tested.
    accept(socket);
  });
  return `http://127.0.0.1:${await listen(server)}/`;
}

const deafProgram = `
  const server = require('node:net').createServer().listen(0, '127.0.0.1', 1, () => {
    process.stdout.write(server.address().port + '\\n', () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
  });`;

/** A process that listens and accepts nothing: those who came before have filled its queue. @returns its port */
export async function startDeafEndpoint(): Promise<number> {
  const child = spawn(process.execPath, ['-e', deafProgram], { stdio: ['ignore', 'pipe', 'inherit'] });
  const queue: Socket[] = [];
  onTestFinished(() => {
    for (const socket of queue) socket.destroy();
    child.kill('SIGKILL');
  });
  const [line] = await once(child.stdout, 'data');
  const port = Number(String(line));
  for (let i = 0; i < 2; i++) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    queue.push(socket);
    await once(socket, 'connect');
  }
  return port;
}

export async function listen(server: TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return portOf(server);
}

function portOf(server: TcpServer): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}

/** A port of loopback on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
