import { isAscii, isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Cancellation } from '../../src/core/broker.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { Namespace } from '../../src/model/queue.ts';
import { AwsError, commonError } from './errors.ts';
import type { Heads } from './heads.ts';
import type { Identity } from './identity.ts';
import { linger } from './linger.ts';
import { type Members, parseMembers } from './members.ts';
import { type Answer, jsonAnswer, jsonError, reply } from './reply.ts';
import type { AwsService, Call, Operation } from './service.ts';

/** What stands before the `#` of an error that no service's model has. */
export const serviceless = 'com.amazon.coral.service';

/** What an exchange needs of the front that began it. */
export interface ExchangeOptions {
  readonly requestBytesMax: number;
  readonly isProxyTrusted: boolean;
  report(error: unknown): void;
}

/**
 * One AWS JSON request and its answer: collects the body, runs the operation, answers once. Frugal (bench/send): one
 * object and two listeners a request, the body whole in its first chunk as a rule, nothing computed that is not asked for.
 */
export class Exchange implements Call {
  readonly principal: Principal;
  readonly namespace: Namespace;
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;
  private readonly heads: Heads;
  private readonly options: ExchangeOptions;
  private readonly headers: readonly string[];
  private service: AwsService | undefined;
  private operation: Operation | undefined;
  private read: Members | undefined;
  private first: Buffer | undefined;
  private rest: Buffer[] | undefined;
  private bytes = 0;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    heads: Heads,
    identity: Identity,
    options: ExchangeOptions,
    headers: readonly string[],
  ) {
    this.request = request;
    this.response = response;
    this.heads = heads;
    this.principal = identity.principal;
    this.namespace = identity.namespace;
    this.options = options;
    this.headers = headers;
  }

  /** Reads the body, then serves. */
  begin(service: AwsService, operation: Operation): void {
    this.service = service;
    this.operation = operation;
    if (Number(this.heads.contentLength ?? 0) > this.options.requestBytesMax) {
      this.refuseBody();
      return;
    }
    this.request.on('data', (chunk: Buffer) => this.take(chunk));
    this.request.on('end', () => void this.serve()); // Settles every failure itself.
  }

  get members(): Members {
    this.read ??= this.parse();
    return this.read;
  }

  get path(): string {
    const url = this.request.url ?? '/';
    const end = url.indexOf('?');
    return end < 0 ? url : url.slice(0, end);
  }

  get baseUrl(): string {
    const isTrusted = this.options.isProxyTrusted;
    const scheme =
      (isTrusted ? firstOf(this.heads.forwardedProto) : undefined) ??
      ('encrypted' in this.request.socket ? 'https' : 'http');
    const host = (isTrusted ? firstOf(this.heads.forwardedHost) : undefined) ?? this.heads.host;
    if (host !== undefined) return `${scheme}://${host}`;
    const { localAddress = '127.0.0.1', localPort = 80 } = this.request.socket; // HTTP 1.0 names no host.
    return `${scheme}://${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
  }

  get traceId(): string | undefined {
    return this.heads.traceId;
  }

  cancellation(): Cancellation {
    const cancellation = new Cancellation();
    if (this.response.destroyed) cancellation.cancel();
    else this.response.once('close', () => cancellation.cancel());
    return cancellation;
  }

  private refuse(error: unknown): void {
    const answer = this.answerOf(this.awsErrorOf(error));
    if (this.response.headersSent)
      this.response.destroy(); // Half an answer cannot be taken back.
    else reply(this.response, answer);
  }

  private take(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > this.options.requestBytesMax) this.refuseBody();
    else if (this.first === undefined) this.first = chunk;
    else if (this.rest === undefined) this.rest = [this.first, chunk];
    else this.rest.push(chunk);
  }

  private async serve(): Promise<void> {
    try {
      const payload = await this.operation?.serveJson(this);
      reply(this.response, jsonAnswer(payload, this.headers));
    } catch (error) {
      this.refuse(error);
    }
  }

  private parse(): Members {
    const body = this.rest === undefined ? this.first : Buffer.concat(this.rest, this.bytes);
    this.first = undefined;
    this.rest = undefined;
    if (body === undefined) return parseMembers('{}');
    if (isAscii(body)) return parseMembers(body.toString('latin1')); // The same text, without decoding.
    if (isUtf8(body)) return parseMembers(body.toString('utf8'));
    throw commonError('SerializationException', 'The request body is not valid UTF-8.');
  }

  private refuseBody(): void {
    this.request.removeAllListeners('data');
    this.request.removeAllListeners('end');
    this.first = undefined;
    this.rest = undefined;
    const error = commonError(
      'RequestEntityTooLarge',
      `The request body is longer than ${this.options.requestBytesMax} bytes.`,
    );
    linger(this.request, this.response, this.answerOf(error));
  }

  private awsErrorOf(error: unknown): AwsError {
    if (error instanceof AwsError) return error;
    if (error instanceof GantryError && this.service !== undefined) {
      if (error.code === 'internal') this.options.report(error);
      return this.service.errorOf(error);
    }
    this.options.report(error);
    return commonError('InternalFailure', 'The broker failed to serve the request; its log says why.');
  }

  private answerOf(error: AwsError): Answer {
    return jsonError(error, this.service?.namespace ?? serviceless, this.headers);
  }
}

/** Of proxies behind proxies, what the outermost one saw. */
function firstOf(forwarded: string | undefined): string | undefined {
  return forwarded?.split(',')[0]?.trim();
}
