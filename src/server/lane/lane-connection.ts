import type { Socket } from 'node:net';
import { answerHead } from './answer-head.ts';
import { type PlainHead, readPlainHead } from './plain-head.ts';

/** A whole plain request, ready to be served. */
export interface PlainRequest {
  readonly url: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly isEncrypted: boolean;
  readonly localAddress: string;
  readonly localPort: number;
  /** The client has gone: an answer would reach nobody. */
  readonly isGone: boolean;
  /** At most one action, for when the client goes before its answer; at once when it has gone. */
  onGone(action: () => void): void;
  /** Once; headers as names and values in turn, without Content-Length. */
  answer(status: number, headers: readonly string[], payload: string | Buffer | undefined, isLast: boolean): void;
}

export interface LaneLimits {
  readonly headBytesMax: number;
  readonly bodyBytesMax: number;
}
export interface LaneHooks {
  /** @returns false: not taken, node:http is to have it */
  serve(request: PlainRequest): boolean;
  /** The connection is node:http's from here on; `unread` is what it has to read first. */
  leave(socket: Socket, unread: Buffer | undefined): void;
  closed(connection: LaneConnection): void;
  /** Milliseconds by the lane's own sweep. */
  now(): number;
}

type State = 'idle' | 'collecting' | 'serving' | 'left';

/**
 * One connection of the lane. A request that is whole and plain is served from its bytes; anything else, and the rest of
 * its connection with it, is node:http's. One request at a time: what is pipelined behind it waits here, unread beyond a
 * chunk.
 */
export class LaneConnection implements PlainRequest {
  url = '';
  rawHeaders: readonly string[] = [];
  body: Buffer = empty;
  /** When its last request began or was answered. */
  activeAt: number;
  private state: State = 'idle';
  private readonly socket: Socket;
  private readonly limits: LaneLimits;
  private readonly hooks: LaneHooks;
  private head: PlainHead | undefined;
  private chunks: Buffer[] = [];
  private bytes = 0;
  private behind: Buffer | undefined;
  private goneAction: (() => void) | undefined;
  private isClosing = false;

  constructor(socket: Socket, limits: LaneLimits, hooks: LaneHooks) {
    this.socket = socket;
    this.limits = limits;
    this.hooks = hooks;
    this.activeAt = hooks.now();
    socket.on('data', this.take);
    socket.on('end', this.hangUp);
    socket.on('close', this.close);
    socket.on('error', ignore);
  }

  get isIdle(): boolean {
    return this.state === 'idle';
  }
  get isCollecting(): boolean {
    return this.state === 'collecting';
  }
  get isEncrypted(): boolean {
    return 'encrypted' in this.socket;
  }
  get localAddress(): string {
    return this.socket.localAddress ?? '127.0.0.1';
  }
  get localPort(): number {
    return this.socket.localPort ?? 80;
  }
  get isGone(): boolean {
    return this.socket.destroyed || !this.socket.writable;
  }

  onGone(action: () => void): void {
    if (this.isGone) action();
    else this.goneAction = action;
  }

  answer(status: number, headers: readonly string[], payload: string | Buffer | undefined, isLast: boolean): void {
    if (this.state !== 'serving') return;
    this.isClosing ||= isLast;
    this.goneAction = undefined;
    this.body = empty;
    if (this.isGone) return;
    const head = answerHead(status, headers, payload, this.isClosing);
    let isRoomy: boolean;
    if (payload === undefined) isRoomy = this.socket.write(head, 'latin1');
    else if (typeof payload === 'string') isRoomy = this.socket.write(head + payload, 'utf8');
    else {
      this.socket.cork();
      this.socket.write(head, 'latin1');
      isRoomy = this.socket.write(payload);
      this.socket.uncork();
    }
    if (this.isClosing) this.socket.destroySoon();
    else if (isRoomy) this.next();
    else this.socket.once('drain', () => this.next()); // A client that does not read gets no further request served.
  }

  /** Ends when it has nothing to answer, else behind its answer. */
  end(): void {
    this.isClosing = true;
    if (this.state !== 'serving') this.socket.destroySoon();
  }

  /** The rest of the request did not come in time. */
  giveUp(): void {
    this.state = 'serving';
    this.chunks = [];
    this.answer(408, [], undefined, true);
  }

  private next(): void {
    this.state = 'idle';
    this.activeAt = this.hooks.now();
    this.goneAction = undefined;
    const { behind } = this;
    if (behind === undefined) return;
    this.behind = undefined;
    this.socket.resume();
    this.take(behind);
  }

  private readonly take = (chunk: Buffer): void => {
    if (this.state === 'idle') this.begin(chunk);
    else if (this.state === 'collecting') this.collect(chunk);
    else if (this.state === 'serving') {
      this.behind = this.behind === undefined ? chunk : Buffer.concat([this.behind, chunk]);
      this.socket.pause();
    }
  };

  private begin(chunk: Buffer): void {
    this.activeAt = this.hooks.now();
    const head = readPlainHead(chunk, this.limits.headBytesMax);
    if (head === undefined || head.contentLength > this.limits.bodyBytesMax) return this.leave(chunk);
    const missing = head.bodyAt + head.contentLength - chunk.length;
    if (missing < 0) return this.leave(chunk); // Pipelined, or more than it says.
    if (missing === 0) return this.serve(head, chunk.subarray(head.bodyAt), chunk);
    this.state = 'collecting';
    this.head = head;
    this.chunks = [chunk];
    this.bytes = chunk.length;
  }

  private collect(chunk: Buffer): void {
    const { head } = this;
    if (head === undefined) return;
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    const missing = head.bodyAt + head.contentLength - this.bytes;
    if (missing > 0) return;
    const whole = Buffer.concat(this.chunks, this.bytes);
    this.chunks = [];
    this.head = undefined;
    if (missing < 0) this.leave(whole);
    else this.serve(head, whole.subarray(head.bodyAt), whole);
  }

  private serve(head: PlainHead, body: Buffer, whole: Buffer): void {
    this.url = head.url;
    this.rawHeaders = head.rawHeaders;
    this.body = body;
    this.state = 'serving';
    if (!this.hooks.serve(this)) this.leave(whole);
  }

  private leave(unread: Buffer): void {
    this.state = 'left';
    this.body = empty;
    this.chunks = [];
    this.socket.off('data', this.take);
    this.socket.off('end', this.hangUp);
    this.socket.off('close', this.close);
    this.socket.off('error', ignore);
    this.hooks.closed(this);
    this.hooks.leave(this.socket, unread);
  }

  /** The client sends no more: as node:http does, we take it that it does not listen either. */
  private readonly hangUp = (): void => {
    this.socket.destroySoon();
  };

  private readonly close = (): void => {
    this.hooks.closed(this);
    this.chunks = [];
    this.behind = undefined;
    const action = this.goneAction;
    this.goneAction = undefined;
    action?.();
  };
}

const empty = Buffer.alloc(0);

/** 'close' follows and says all there is to know. */
function ignore(): void {
  // Nothing: a connection that breaks is no error of ours.
}
