import type { Cancellation, Origin } from '../../src/core/broker.ts';
import type { GantryError } from '../../src/model/errors.ts';
import type { Action } from '../../src/model/principal.ts';
import type { QueueAddress } from '../../src/model/queue.ts';
import type { AwsError, AwsErrorRow } from './errors.ts';
import type { Identity } from './identity.ts';
import type { Members } from './members.ts';
import type { QuerySpelling } from './query-spelling.ts';
import type { XmlFrame } from './xml.ts';

/** One AWS service on the shared front: a table of operations and the words for its errors. */
export interface AwsService {
  /** What stands before the dot of X-Amz-Target. */
  readonly targetPrefix: string;
  /** What stands before the `#` of an error's `__type`. */
  readonly namespace: string;
  /** What stands for the service in the scope of a signature: `sqs`. */
  readonly signingName: string;
  readonly operations: readonly Operation[];
  /** How policies name an operation, and what it is to core. */
  actOf(operation: string): { readonly name: string; readonly action: Action };
  errorOf(error: GantryError): AwsError;
  /** By shape, beyond those of every service: what a fault on demand may name. */
  readonly errors?: Readonly<Record<string, AwsErrorRow>> | undefined;
  /** What a request is about, for the log; throws at members that are none. */
  addressOf?(call: Call): QueueAddress | undefined;
  /** Undefined: it does not speak the Query protocol. */
  readonly query?: QueryService | undefined;
}

/** To who asks for a service that is not here: as a rule one variable sends all of AWS's to this endpoint. */
export function elsewhereHint(services: readonly AwsService[]): string {
  const [first = '', ...others] = services.map(({ signingName }) => signingName.toUpperCase());
  const names = [first, ...others].join(' and ');
  return `this endpoint serves ${names}; AWS_ENDPOINT_URL_${first} sends only ${first} here`;
}

export interface Operation {
  readonly name: string;
  /**
   * A link in a message asks for it, and is not signed. Where there are users an unsigned request for it comes to its handler
   * as the anonymous's, without an act for policies to judge: the handler judges by what the link says. Default: no.
   */
  readonly isOpen?: boolean | undefined;
  /** @returns the answer's JSON; undefined: the operation has no output */
  serveJson(call: Call): Promise<Payload>;
  readonly query?: QueryOperation | undefined;
}

/** What is a service's own in the Query protocol. */
export interface QueryService {
  /** The values of `Version` that are served; the first is meant where it is missing. */
  readonly versions: readonly string[];
  xmlNamespaceOf(version: string): string;
  /** Whether errors have an empty `<Detail/>`. */
  readonly hasDetail: boolean;
  /** What a request means that names no action, by its URL. */
  actionAt?(url: string): string | undefined;
  /** The text of an error, which is not always that of JSON. */
  textOf(error: AwsError): string;
}

/** An operation in the Query protocol. */
export interface QueryOperation {
  readonly spelling: QuerySpelling;
  /** Not to be asked on a resource's own URL. */
  readonly isForRootOnly: boolean;
  /** @returns the whole answer in XML */
  serveXml(call: Call, frame: XmlFrame): Promise<Payload>;
  /** In JSON, where that is not what AWS would make of the AWS JSON answer; undefined: it is. */
  serveOwnJson?(call: Call, requestId: string): Promise<Payload>;
}

/** A string is written as UTF-8. */
export type Payload = string | Buffer | undefined;

/** One request as a handler sees it. */
export interface Call extends Identity, Origin {
  readonly members: Members;
  /** The request's path, without its query. */
  readonly path: string;
  /** Scheme, host and port by which the client reached us. */
  readonly baseUrl: string;
  /** The X-Ray header of the request, which a message carries on. */
  readonly traceId: string | undefined;
  /** Cancelled when the client goes away before it has its answer. */
  cancellation(): Cancellation;
  /** For the person who develops against us: goes with the answer, and into the log. */
  hint(text: string): void;
}
