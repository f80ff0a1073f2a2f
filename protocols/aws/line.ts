import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Payload } from './service.ts';

/** Where one request came from and its answer goes: a connection of node:http, or one of the server's own short way. */
export interface Line {
  readonly url: string;
  readonly isEncrypted: boolean;
  /** The client's, '' when it has gone. */
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  /** The client has gone: an answer would reach nobody. */
  readonly isGone: boolean;
  /** At most one action, for when the client goes before its answer; at once when it has gone. */
  onGone(action: () => void): void;
  /** Ends the connection without an answer. */
  destroy(): void;
  /** Once; headers as names and values in turn, without Content-Length. */
  answer(status: number, headers: readonly string[], payload: Payload, isLast: boolean): void;
}

/** A request whose body is here already. */
export interface WholeRequest extends Line {
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export class NodeLine implements Line {
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.response = response;
  }

  get url(): string {
    return this.request.url ?? '/';
  }
  get isEncrypted(): boolean {
    return 'encrypted' in this.request.socket;
  }
  get remoteAddress(): string {
    return this.request.socket.remoteAddress ?? '';
  }
  get localAddress(): string {
    return this.request.socket.localAddress ?? '127.0.0.1';
  }
  get localPort(): number {
    return this.request.socket.localPort ?? 80;
  }
  get isGone(): boolean {
    return this.response.destroyed;
  }

  onGone(action: () => void): void {
    if (this.isGone) action();
    else this.response.once('close', action);
  }

  destroy(): void {
    this.response.destroy();
  }

  answer(status: number, headers: readonly string[], payload: Payload, isLast: boolean): void {
    const { response } = this;
    if (response.destroyed || response.writableEnded) return;
    if (response.headersSent) {
      response.destroy(); // Half an answer cannot be taken back.
      return;
    }
    response.writeHead(status, [...headers, ...lengthOf(payload), ...(isLast ? ['Connection', 'close'] : [])]);
    response.end(payload);
  }
}

export function lengthOf(payload: Payload): readonly [string, string] {
  const size = payload === undefined ? 0 : typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  return ['Content-Length', String(size)];
}
