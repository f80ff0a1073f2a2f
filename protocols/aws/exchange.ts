import { isAscii, isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Cancellation } from '../../src/core/broker.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { Namespace } from '../../src/model/queue.ts';
import { AwsError, commonError } from './errors.ts';
import type { Heads } from './heads.ts';
import type { Identity } from './identity.ts';
import { isBodyTooIntricate } from './json-guard.ts';
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

/** A request as the front took it in; `headers` go with every answer to it. */
export interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly heads: Heads;
  readonly headers: readonly string[];
}

/**
 * One AWS JSON request and its answer: collects the body, runs the operation, answers once. Frugal (bench/send): one
 * object and two listeners a request, the body whole in its first chunk as a rule, nothing computed that is not asked for.
 */
export class Exchange implements Call {
  readonly principal: Principal;
  readonly namespace: Namespace;
  private readonly arrival: Arrival;
  private readonly options: ExchangeOptions;
  private service: AwsService | undefined;
  private operation: Operation | undefined;
  private read: Members | undefined;
  private first: Buffer | undefined;
  private rest: Buffer[] | undefined;
  private bytes = 0;

  constructor(arrival: Arrival, identity: Identity, options: ExchangeOptions) {
    this.arrival = arrival;
    this.principal = identity.principal;
    this.namespace = identity.namespace;
    this.options = options;
  }

  /** Reads the body, then serves. */
  begin(service: AwsService, operation: Operation): void {
    this.service = service;
    this.operation = operation;
    if (Number(this.arrival.heads.contentLength ?? 0) > this.options.requestBytesMax) {
      this.refuseBody();
      return;
    }
    this.arrival.request.on('data', (chunk: Buffer) => this.take(chunk));
    this.arrival.request.on('end', () => void this.serve()); // Settles every failure itself.
  }

  get members(): Members {
    this.read ??= this.parse();
    return this.read;
  }

  get path(): string {
    const url = this.arrival.request.url ?? '/';
    const end = url.indexOf('?');
    return end < 0 ? url : url.slice(0, end);
  }

  get baseUrl(): string {
    const isTrusted = this.options.isProxyTrusted;
    const scheme =
      (isTrusted ? firstOf(this.arrival.heads.forwardedProto) : undefined) ??
      ('encrypted' in this.arrival.request.socket ? 'https' : 'http');
    const host = (isTrusted ? firstOf(this.arrival.heads.forwardedHost) : undefined) ?? this.arrival.heads.host;
    if (host !== undefined) return `${scheme}://${host}`;
    const { localAddress = '127.0.0.1', localPort = 80 } = this.arrival.request.socket; // HTTP 1.0 names no host.
    return `${scheme}://${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
  }

  get traceId(): string | undefined {
    return this.arrival.heads.traceId;
  }

  cancellation(): Cancellation {
    const cancellation = new Cancellation();
    if (this.arrival.response.destroyed) cancellation.cancel();
    else this.arrival.response.once('close', () => cancellation.cancel());
    return cancellation;
  }

  private refuse(error: unknown): void {
    const { response } = this.arrival;
    const answer = this.answerOf(this.awsErrorOf(error));
    if (response.headersSent) {
      response.destroy(); // Half an answer cannot be taken back.
    } else if (error instanceof AwsError || error instanceof GantryError) {
      reply(response, answer);
    } else {
      // A defect of ours: what it did to this connection is unknown, so it goes.
      reply(response, { ...answer, headers: [...answer.headers, 'Connection', 'close'] });
    }
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
      reply(this.arrival.response, jsonAnswer(payload, this.arrival.headers));
    } catch (error) {
      this.refuse(error);
    }
  }

  private parse(): Members {
    const body = this.rest === undefined ? this.first : Buffer.concat(this.rest, this.bytes);
    this.first = undefined;
    this.rest = undefined;
    if (body === undefined) return parseMembers('{}');
    if (isBodyTooIntricate(body)) {
      throw commonError(
        'SerializationException',
        'The request has more values, or more levels, than any operation takes.',
      );
    }
    if (isAscii(body)) return parseMembers(body.toString('latin1')); // The same text, without decoding.
    if (isUtf8(body)) return parseMembers(body.toString('utf8'));
    throw commonError('SerializationException', 'The request body is not valid UTF-8.');
  }

  private refuseBody(): void {
    this.arrival.request.removeAllListeners('data');
    this.arrival.request.removeAllListeners('end');
    this.first = undefined;
    this.rest = undefined;
    const error = commonError(
      'RequestEntityTooLarge',
      `The request body is longer than ${this.options.requestBytesMax} bytes.`,
    );
    linger(this.arrival.request, this.arrival.response, this.answerOf(error));
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
    return jsonError(error, this.service?.namespace ?? serviceless, this.arrival.headers);
  }
}

/** Of proxies behind proxies, what the outermost one saw. */
function firstOf(forwarded: string | undefined): string | undefined {
  return forwarded?.split(',')[0]?.trim();
}
