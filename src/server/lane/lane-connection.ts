import type { Socket } from 'node:net';
import { answerHead, lastLines } from './answer-head.ts';
import { type PlainHead, readPlainHead } from './plain-head.ts';

/** A whole plain request, ready to be served. */
export interface PlainRequest {
  readonly url: string;
  /** Names and values in turn, as they came. Like the body, here while the request is handed over, and no longer. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
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
  answer(status: number, headers: readonly string[], payload: string | Buffer | undefined, isLast: boolean): void;
}

/** Of all connections of a lane; what is not `readonly` may change while they serve. */
export interface LaneLimits {
  readonly headBytesMax: number;
  bodyBytesMax: number;
  /** How long a peer may take nothing of an answer. */
  readonly stallMs: number;
  /** Header lines of an answer behind which the connection stays. */
  keptLines: string;
}
export interface LaneHooks {
  /** @returns false: not taken, node:http is to have it */
  serve(request: PlainRequest): boolean;
  /** The connection is node:http's from here on; `unread` is what it has to read first. */
  leave(socket: Socket, unread: Buffer): void;
  /** The connection's last request is broken: answered as node:http answers an error of that code. */
  refuse(socket: Socket, code: RefusalCode): void;
  closed(connection: LaneConnection): void;
  /** Milliseconds by the lane's own sweep. */
  now(): number;
}
export type RefusalCode = 'ERR_HTTP_REQUEST_TIMEOUT' | 'HPE_INVALID_EOF_STATE';

/**
 * fresh: nothing has come yet. idle: between requests. collecting: a head is here, its body not yet. serving: the front
 * has the request. draining: answered, and the client is slow to take it. over: the lane's last word is said, or the
 * connection is node:http's.
 */
export type LaneState = 'fresh' | 'idle' | 'collecting' | 'serving' | 'draining' | 'over';

/** What is read behind a request that is being served. Only who reads on hears that the client has gone. */
const behindBytesMax = 64 * 1024;

/**
 * One connection of the lane. A request that is whole and plain is served from its bytes; anything else, and the rest of
 * its connection with it, is node:http's. One request at a time: what is pipelined behind it waits here.
 */
export class LaneConnection implements PlainRequest {
  url = '';
  rawHeaders: readonly string[] = none;
  body: Buffer = empty;
  state: LaneState = 'fresh';
  /** When its state began. */
  since: number;
  private readonly socket: Socket;
  private readonly limits: LaneLimits;
  private readonly hooks: LaneHooks;
  private head: PlainHead | undefined;
  /** Of a request that is not whole, or behind the one being served: the first `bytes` of it. */
  private gathered: Buffer = empty;
  private bytes = 0;
  private goneAction: (() => void) | undefined;
  private isClosing = false;

  constructor(socket: Socket, limits: LaneLimits, hooks: LaneHooks) {
    this.socket = socket;
    this.limits = limits;
    this.hooks = hooks;
    this.since = hooks.now();
    socket.on('data', this.take);
    socket.on('end', this.hangUp);
    socket.on('close', this.close);
    socket.on('error', ignore);
  }

  get isEncrypted(): boolean {
    return 'encrypted' in this.socket;
  }
  get remoteAddress(): string {
    return this.socket.remoteAddress ?? '';
  }
  get localAddress(): string {
    return this.socket.localAddress ?? '127.0.0.1';
  }
  get localPort(): number {
    return this.socket.localPort ?? 80;
  }
  get isGone(): boolean {
    return !this.socket.writable;
  }

  onGone(action: () => void): void {
    if (this.isGone) action();
    else this.goneAction = action;
  }

  answer(status: number, headers: readonly string[], payload: string | Buffer | undefined, isLast: boolean): void {
    if (this.state !== 'serving') return;
    this.goneAction = undefined;
    this.isClosing ||= isLast;
    const size = payload === undefined ? 0 : typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
    const head = answerHead(status, headers, size, this.isClosing ? lastLines : this.limits.keptLines);
    let isRoomy: boolean;
    if (payload === undefined) isRoomy = this.socket.write(head, 'latin1');
    else if (typeof payload === 'string') {
      // As long in UTF-8 as it has characters: it is ASCII, which latin1 writes without encoding it.
      isRoomy = this.socket.write(head + payload, size === payload.length ? 'latin1' : 'utf8');
    } else {
      this.socket.cork();
      this.socket.write(head, 'latin1');
      isRoomy = this.socket.write(payload);
      this.socket.uncork();
    }
    if (isRoomy || this.isClosing) this.next();
    else this.drain();
  }

  /** Ends at once when nothing is under way, else behind its answer. */
  end(): void {
    this.isClosing = true;
    if (this.state === 'collecting') this.leave(this.takeGathered());
    else if (this.state === 'fresh' || this.state === 'idle') this.finish();
  }

  /** Its state has lasted too long. */
  expire(): void {
    if (this.state === 'idle') this.finish();
    else if (this.state === 'fresh' || this.state === 'collecting') this.refuse('ERR_HTTP_REQUEST_TIMEOUT');
    else this.destroy();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private enter(state: LaneState): void {
    this.state = state;
    this.since = this.hooks.now();
  }

  private next(): void {
    if (this.isClosing) return this.finish();
    this.url = ''; // A part of its head, which it would keep.
    this.enter('idle');
    if (this.bytes === 0) return;
    this.socket.resume();
    this.begin(this.takeGathered());
  }

  /** A client that does not read gets no further request served. */
  private drain(): void {
    const { socket } = this;
    const stalled = () => socket.destroy();
    this.enter('draining');
    socket.setTimeout(this.limits.stallMs, stalled);
    socket.once('drain', () => {
      socket.setTimeout(0, stalled);
      this.next();
    });
  }

  private readonly take = (chunk: Buffer): void => {
    if (this.state === 'idle' || this.state === 'fresh') this.begin(chunk);
    else if (this.state === 'collecting') this.collect(chunk);
    else if (this.state !== 'over') this.keepBehind(chunk);
  };

  private begin(chunk: Buffer): void {
    const head = readPlainHead(chunk, this.limits.headBytesMax);
    if (head === undefined || head.contentLength > this.limits.bodyBytesMax) return this.leave(chunk);
    const wholeBytes = head.bodyAt + head.contentLength;
    if (wholeBytes < chunk.length) return this.leave(chunk); // Pipelined, or more than it says.
    if (wholeBytes === chunk.length) return this.serve(head, chunk);
    this.enter('collecting');
    this.head = head;
    this.gather(chunk, wholeBytes);
  }

  private collect(chunk: Buffer): void {
    const { head } = this;
    if (head === undefined) return;
    const wholeBytes = head.bodyAt + head.contentLength;
    this.gather(chunk, wholeBytes);
    if (this.bytes < wholeBytes) return;
    const whole = this.takeGathered();
    if (whole.length > wholeBytes) this.leave(whole);
    else this.serve(head, whole);
  }

  private serve(head: PlainHead, whole: Buffer): void {
    this.enter('serving');
    this.url = head.url;
    this.rawHeaders = head.rawHeaders;
    this.body = whole.subarray(head.bodyAt);
    const isTaken = this.hooks.serve(this);
    this.rawHeaders = none;
    this.body = empty;
    if (!isTaken) this.leave(whole);
  }

  private keepBehind(chunk: Buffer): void {
    this.gather(chunk, behindBytesMax);
    if (this.bytes >= behindBytesMax) this.socket.pause();
  }

  /** Into one buffer that doubles up to what is expected: a list would cost each byte that comes alone some hundred. */
  private gather(chunk: Buffer, bytesExpected: number): void {
    const bytes = this.bytes + chunk.length;
    if (bytes > this.gathered.length) {
      const grown = Buffer.allocUnsafe(Math.max(bytes, Math.min(2 * bytes, bytesExpected)));
      this.gathered.copy(grown, 0, 0, this.bytes);
      this.gathered = grown;
    }
    chunk.copy(this.gathered, this.bytes);
    this.bytes = bytes;
  }

  private takeGathered(): Buffer {
    const taken = this.gathered.subarray(0, this.bytes);
    this.gathered = empty;
    this.bytes = 0;
    this.head = undefined;
    return taken;
  }

  private leave(unread: Buffer): void {
    this.detach();
    this.socket.off('error', ignore);
    this.hooks.leave(this.socket, unread);
  }

  private refuse(code: RefusalCode): void {
    this.detach();
    this.hooks.refuse(this.socket, code);
  }

  private detach(): void {
    this.enter('over');
    this.takeGathered();
    this.socket.off('data', this.take);
    this.socket.off('end', this.hangUp);
    this.socket.off('close', this.close);
    this.hooks.closed(this);
  }

  private finish(): void {
    this.enter('over');
    this.takeGathered();
    this.socket.resume();
    this.socket.destroySoon();
  }

  /** The client sends no more: as node:http does, we take it that it does not listen either. */
  private readonly hangUp = (): void => {
    if (this.state === 'collecting') return this.refuse('HPE_INVALID_EOF_STATE');
    this.finish();
    this.tellGone();
  };

  private readonly close = (): void => {
    this.enter('over');
    this.takeGathered();
    this.hooks.closed(this);
    this.tellGone();
  };

  private tellGone(): void {
    const action = this.goneAction;
    this.goneAction = undefined;
    action?.();
  }
}

const empty = Buffer.alloc(0);
const none: readonly string[] = [];

/** 'close' follows and says all there is to know. */
function ignore(): void {
  // Nothing: a connection that breaks is no error of ours.
}
