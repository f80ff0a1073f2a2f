/**
 * One keep-alive connection with one request under way: as much of HTTP/1.1 as an answer with a Content-Length needs.
 * Frugal: it reads into one buffer shared by all connections and copies only an answer that comes in pieces, so that on
 * two cores the generator takes as little as possible from what it measures (bench/send prints what it took).
 */
import { connect, type Socket } from 'node:net';
import type { Endpoint } from './endpoint.ts';

/** Bytes of one answer's body, valid until the callback returns. */
export type OnAnswer = (status: number, bytes: Buffer, from: number, to: number) => void;

const sharedBuffer = Buffer.allocUnsafeSlow(256 * 1024);
const headEnd = Buffer.from('\r\n\r\n');

export class Connection {
  onAnswer: OnAnswer = () => {};
  onLost: (why: string) => void = () => {};
  private readonly socket: Socket;
  private pending = Buffer.alloc(0);
  private isClosed = false;

  private constructor(endpoint: Endpoint) {
    this.socket = connect({
      host: endpoint.host,
      port: endpoint.port,
      noDelay: true,
      onread: {
        buffer: sharedBuffer,
        callback: (count) => {
          this.read(count);
          return true;
        },
      },
    });
    this.socket.on('error', (error) => this.lose(error.message));
    this.socket.on('close', () => this.lose('closed by the server'));
  }

  static open(endpoint: Endpoint): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection = new Connection(endpoint);
      connection.onLost = (why) => reject(new Error(`cannot connect: ${why}`));
      connection.socket.once('connect', () => {
        connection.onLost = () => {};
        resolve(connection);
      });
    });
  }

  write(request: Uint8Array): void {
    if (this.isClosed) this.onLost('closed by the server before the request');
    else this.socket.write(request);
  }

  close(): void {
    this.isClosed = true;
    this.socket.destroy();
  }

  private lose(why: string): void {
    if (!this.isClosed) this.onLost(why);
    this.isClosed = true;
  }

  private read(count: number): void {
    if (this.pending.length === 0) {
      if (!this.parse(sharedBuffer, count)) this.pending = Buffer.from(sharedBuffer.subarray(0, count));
      return;
    }
    const whole = Buffer.concat([this.pending, sharedBuffer.subarray(0, count)]);
    this.pending = whole;
    if (this.parse(whole, whole.length)) this.pending = Buffer.alloc(0);
  }

  /** @returns whether there was a whole answer; there is never more than one, for one request is under way */
  private parse(bytes: Buffer, length: number): boolean {
    const end = bytes.indexOf(headEnd);
    if (end < 0 || end + 4 > length) return false;
    const head = bytes.toString('latin1', 0, end);
    const size = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (size === undefined) return this.takeChunks(head, bytes.subarray(end + 4, length));
    const bodyEnd = end + 4 + Number(size);
    if (bodyEnd > length) return false;
    this.pending = Buffer.alloc(0);
    this.onAnswer(Number(head.slice(9, 12)), bytes, end + 4, bodyEnd);
    return true;
  }

  /** What has no length known ahead comes in chunks: Go's servers answer so. */
  private takeChunks(head: string, bytes: Buffer): boolean {
    const body = /\r\ntransfer-encoding: *chunked/i.test(head) ? joinChunks(bytes) : undefined;
    if (body === 'unfinished') return false;
    this.pending = Buffer.alloc(0);
    if (body === undefined) {
      this.lose(`an answer without Content-Length: ${head}`);
      this.socket.destroy();
    } else this.onAnswer(Number(head.slice(9, 12)), body, 0, body.length);
    return true;
  }
}

/** @returns undefined for what are no chunks */
function joinChunks(bytes: Buffer): Buffer | 'unfinished' | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return 'unfinished';
    const line = bytes.toString('latin1', at, lineEnd);
    if (!/^[0-9a-f]{1,7}$/i.test(line)) return undefined;
    const size = Number.parseInt(line, 16);
    at = lineEnd + 2 + size + 2;
    if (at > bytes.length) return 'unfinished';
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
  }
}
