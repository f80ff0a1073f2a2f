import { isAscii, isUtf8 } from 'node:buffer';
import { Cancellation } from '../../src/core/broker.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { Namespace } from '../../src/model/queue.ts';
import type { Signer } from '../../src/security/users.ts';
import { AwsError, commonError } from './errors.ts';
import { type FaultSource, faultError, HeldLine } from './fault.ts';
import type { Heads } from './heads.ts';
import type { Identity } from './identity.ts';
import { isBodyTooIntricate } from './json-guard.ts';
import type { Line } from './line.ts';
import { type Members, parseMembers } from './members.ts';
import type { QueryRequest } from './query-request.ts';
import { requestedOf, type Told, tellOf } from './refusals.ts';
import { type Answer, hintHeaders, jsonAnswer, jsonError, reply } from './reply.ts';
import type { AwsService, Call, Operation } from './service.ts';

/** What an exchange needs of the front that began it. */
export interface ExchangeOptions extends Told {
  readonly isProxyTrusted: boolean;
  /** Undefined: there are none, ever. */
  readonly faults: FaultSource | undefined;
  report(error: unknown): void;
}

/** A request as the front took it in; `headers` go with every answer to it. */
export interface Arrival {
  readonly line: Line;
  readonly heads: Heads;
  readonly headers: readonly string[];
  readonly service: AwsService;
  readonly operation: Operation;
  /** Undefined: it came in AWS JSON. */
  readonly query: QueryRequest | undefined;
}

/**
 * One AWS request and its answer: runs the operation, answers once. Frugal (bench/send): one object a request,
 * nothing computed that is not asked for.
 */
export class Exchange implements Call {
  readonly principal: Principal;
  readonly namespace: Namespace;
  readonly signer: Signer | undefined;
  readonly isSigned: boolean;
  private arrival: Arrival;
  private readonly options: ExchangeOptions;
  private body: Buffer | undefined;
  private read: Members | undefined;
  private given: string | undefined;

  constructor(arrival: Arrival, identity: Identity, options: ExchangeOptions) {
    this.arrival = arrival;
    this.principal = identity.principal;
    this.namespace = identity.namespace;
    this.signer = identity.signer;
    this.isSigned = identity.isSigned;
    this.options = options;
  }

  /** Settles every failure itself. */
  serve(body: Buffer): Promise<void> {
    this.body = body;
    const { faults } = this.options;
    return faults?.isOn === true ? this.runUnder(faults) : this.run();
  }

  /** A rule of a test may come between: before the operation, or between what it did and its answer. */
  private async runUnder(faults: FaultSource): Promise<void> {
    const { arrival } = this;
    const { line, operation } = arrival;
    const fault = faults.take(operation.name, () => requestedOf(arrival, this).queue?.name);
    if (fault === undefined) return this.run();
    const held = new HeldLine(line);
    if (fault.when === 'after') {
      this.arrival = { ...arrival, line: held };
      await this.run();
      this.arrival = arrival;
    }
    if (fault.kind === 'drop') line.destroy();
    else if (fault.kind === 'error') this.answerError(faultError(fault, arrival.service), false);
    else {
      await faults.sleep(fault.delayMs, (end) => line.onGone(end));
      if (fault.when === 'after') held.release();
      else await this.run();
    }
  }

  /** Without the body among its arguments: a waiting receive would keep it, with the whole request that it is part of. */
  private async run(): Promise<void> {
    const { operation, line, headers, query } = this.arrival;
    try {
      if (query === undefined) reply(line, this.hinted(jsonAnswer(await operation.serveJson(this), headers)));
      else reply(line, this.hinted(await query.answer(this, headers)), false, query.requestId);
    } catch (error) {
      this.refuse(error);
    }
  }

  get members(): Members {
    this.read ??= this.arrival.query?.members ?? this.parse();
    return this.read;
  }

  get path(): string {
    const url = this.arrival.line.url;
    const end = url.indexOf('?');
    return end < 0 ? url : url.slice(0, end);
  }

  get baseUrl(): string {
    const isTrusted = this.options.isProxyTrusted;
    const scheme =
      (isTrusted ? firstOf(this.arrival.heads.forwardedProto) : undefined) ??
      (this.arrival.line.isEncrypted ? 'https' : 'http');
    const host = (isTrusted ? firstOf(this.arrival.heads.forwardedHost) : undefined) ?? this.arrival.heads.host;
    if (host !== undefined) return `${scheme}://${host}`;
    const { localAddress, localPort } = this.arrival.line; // HTTP 1.0 names no host.
    return `${scheme}://${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
  }

  get protocol(): string {
    return this.arrival.service.signingName;
  }

  get remoteAddress(): string {
    return this.arrival.line.remoteAddress;
  }

  get traceparent(): string | undefined {
    return this.arrival.heads.traceparent;
  }

  get traceId(): string | undefined {
    return this.arrival.heads.traceId;
  }

  cancellation(): Cancellation {
    const cancellation = new Cancellation();
    this.arrival.line.onGone(() => cancellation.cancel());
    return cancellation;
  }

  hint(text: string): void {
    this.given = text;
    this.options.hint(text, requestedOf(this.arrival, this));
  }

  private hinted(answer: Answer): Answer {
    if (this.given === undefined) return answer;
    return { ...answer, headers: [...hintHeaders({ hint: this.given }), ...answer.headers] };
  }

  private refuse(error: unknown): void {
    // A defect of ours: what it did to this connection is unknown, so it goes.
    const isDefect = !(error instanceof AwsError || error instanceof GantryError);
    const awsError = this.awsErrorOf(error);
    tellOf(awsError, this.arrival, this, this.options);
    this.answerError(awsError, isDefect);
  }

  private answerError(error: AwsError, isLast: boolean): void {
    const { service, headers, line, query } = this.arrival;
    if (query === undefined) reply(line, jsonError(error, service.namespace, headers), isLast);
    else reply(line, query.errorAnswer(error, headers), isLast, query.requestId);
  }

  private parse(): Members {
    const { body } = this;
    this.body = undefined;
    if (body === undefined || body.length === 0) return parseMembers('{}', true);
    if (isBodyTooIntricate(body)) {
      throw commonError(
        'SerializationException',
        'The request has more values, or more levels, than any operation takes.',
      );
    }
    // The same text, without decoding.
    if (isAscii(body)) return parseMembers(body.toString('latin1'), !body.includes(backslash));
    if (isUtf8(body)) return parseMembers(body.toString('utf8'), false);
    throw commonError('SerializationException', 'The request body is not valid UTF-8.');
  }

  private awsErrorOf(error: unknown): AwsError {
    if (error instanceof AwsError) return error;
    if (error instanceof GantryError) {
      if (error.code === 'internal') this.options.report(error);
      return this.arrival.service.errorOf(error);
    }
    this.options.report(error);
    return commonError('InternalFailure', 'The broker failed to serve the request; its log says why.');
  }
}

const backslash = 0x5c;

/** Of proxies behind proxies, what the outermost one saw. */
export function firstOf(forwarded: string | undefined): string | undefined {
  return forwarded?.split(',')[0]?.trim();
}
