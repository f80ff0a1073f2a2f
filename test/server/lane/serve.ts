import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { closeHttpServer, createHttpServer, type HttpConfig } from '../../../src/server/http.ts';
import type { PlainRequest } from '../../../src/server/lane/lane-connection.ts';

export const config: HttpConfig = {
  requestBytesMax: 100_000,
  connectionsMax: 100,
  headerBytesMax: 4096,
  headerTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  keepAliveTimeoutMs: 75_000,
};

interface LaneServer {
  readonly port: number;
  readonly server: Server;
  /** Where each request was served, in their order. */
  readonly ways: string[];
  /** @returns whether nothing had to be cut off */
  stop(finishMsMax?: number): Promise<boolean>;
}

/** Takes what comes through the lane; `undefined`: the echo answers, at once. */
export type TakeWhole = (request: PlainRequest) => boolean | undefined;

/** A server with the lane whose answers say what it has read: both ways say the same of the same request. */
export async function serveLane(changes: Partial<HttpConfig> = {}, take: TakeWhole = () => undefined) {
  const ways: string[] = [];
  const whole = (request: PlainRequest) => {
    const isTaken = take(request);
    if (isTaken === false) return false;
    ways.push('lane');
    if (isTaken === undefined) echoWhole(request);
    return true;
  };
  const entry = { listener: echoListener(() => ways.push('node')), whole };
  const log = { fatal: noted, error: noted, warn: noted, info: noted, debug: noted };
  const server = createHttpServer({ ...config, ...changes }, entry, log);
  const port = await listen(server);
  let stopping: Promise<boolean> | undefined;
  const stop = (finishMsMax = 0) => {
    stopping ??= closeHttpServer(server, finishMsMax);
    return stopping;
  };
  onTestFinished(async () => void (await stop()));
  return { port, server, ways, stop } satisfies LaneServer;
}

/** The same answers from node:http alone. */
export async function serveNode(): Promise<number> {
  const server = createServer({ maxHeaderSize: config.headerBytesMax }, echoListener(noted));
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  return await listen(server);
}

function echoWhole(request: PlainRequest): void {
  request.answer(200, ['Content-Type', 'text/plain'], echoOf('POST', request, request.body), false);
}

function echoListener(served: () => void): NonNullable<Parameters<typeof createServer>[1]> {
  return (request, response) => {
    served();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', rawHeaders } = request;
      const text = echoOf(method, { url, rawHeaders }, Buffer.concat(chunks));
      response.writeHead(200, ['Content-Type', 'text/plain', 'Content-Length', String(Buffer.byteLength(text))]);
      response.end(text);
    });
  };
}

function echoOf(method: string, head: { url: string; rawHeaders: readonly string[] }, body: Buffer): string {
  return JSON.stringify({ method, url: head.url, headers: head.rawHeaders, body: body.toString('latin1') });
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

function noted(): void {
  // Who asks looks at the answers.
}

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A client that says exactly what it is told, and takes answers apart. */
export class Client {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  wasReset = false;
  private text = '';

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    this.socket.setEncoding('latin1').on('data', (chunk: string) => {
      this.text += chunk;
    });
    this.socket.on('error', () => {
      this.wasReset = true;
    });
    this.socket.on('end', () => this.socket.end());
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    onTestFinished(() => void this.socket.destroy());
  }

  get unread(): string {
    return this.text;
  }

  /** Settles when the server, which lives in this process, has read them as a chunk of their own. */
  async send(bytes: string): Promise<void> {
    await new Promise((resolve) => this.socket.write(bytes, 'latin1', resolve));
    await turns();
  }

  /** The next answer; undefined when the connection ends before it is whole. */
  async answer(): Promise<Answer | undefined> {
    for (;;) {
      const answer = this.takeAnswer();
      if (answer !== undefined || this.socket.readableEnded || this.socket.destroyed) return answer;
      await new Promise<void>((resolve) => {
        const wake = () => {
          for (const event of ['data', 'end', 'close']) this.socket.off(event, wake);
          resolve();
        };
        for (const event of ['data', 'end', 'close']) this.socket.on(event, wake);
      });
    }
  }

  private takeAnswer(): Answer | undefined {
    const end = this.text.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const [first = '', ...lines] = this.text.slice(0, end).split('\r\n');
    const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), valueIn(line)]));
    const bodyEnd = end + 4 + Number(headers.get('content-length') ?? 0);
    if (this.text.length < bodyEnd) return undefined;
    const body = this.text.slice(end + 4, bodyEnd);
    this.text = this.text.slice(bodyEnd);
    return { status: Number(first.split(' ')[1]), headers, body };
  }
}

function valueIn(line: string): string {
  return line.slice(line.indexOf(':') + 1).trim();
}

/** Enough rounds of the event loop for bytes of this process to reach it again. */
export async function turns(count = 3): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export function post(body = 'abc', headers = ''): string {
  return `POST /queue HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** What the echo has read of the body. */
export function echoed(answer: Answer | undefined): unknown {
  const said: unknown = answer === undefined ? undefined : JSON.parse(answer.body);
  return typeof said === 'object' && said !== null && 'body' in said ? said.body : undefined;
}
