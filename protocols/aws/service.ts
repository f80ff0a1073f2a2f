import type { Cancellation } from '../../src/core/broker.ts';
import type { GantryError } from '../../src/model/errors.ts';
import type { AwsError } from './errors.ts';
import type { Identity } from './identity.ts';
import type { Members } from './members.ts';

/** One AWS service on the shared front: a table of operations and the words for its errors. */
export interface AwsService {
  /** What stands before the dot of X-Amz-Target. */
  readonly targetPrefix: string;
  /** What stands before the `#` of an error's `__type`. */
  readonly namespace: string;
  readonly operations: readonly Operation[];
  errorOf(error: GantryError): AwsError;
}

export interface Operation {
  readonly name: string;
  /** @returns the answer's JSON; undefined: the operation has no output */
  serveJson(call: Call): Promise<Payload>;
}

/** A string is written as UTF-8. */
export type Payload = string | Buffer | undefined;

/** One request as a handler sees it. */
export interface Call extends Identity {
  readonly members: Members;
  /** The request's path, without its query. */
  readonly path: string;
  /** Scheme, host and port by which the client reached us. */
  readonly baseUrl: string;
  /** The X-Ray header of the request, which a message carries on. */
  readonly traceId: string | undefined;
  /** Cancelled when the client goes away before it has its answer. */
  cancellation(): Cancellation;
}
