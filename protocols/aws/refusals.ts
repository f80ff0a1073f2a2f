import type { Refusal, RefusalReason, Requested } from '../../src/security/refusal.ts';
import type { AwsError } from './errors.ts';
import type { Heads } from './heads.ts';
import type { Line } from './line.ts';
import type { QueryRequest } from './query-request.ts';
import type { AwsService, Call, Operation } from './service.ts';
import { isClockOff } from './sigv4/dates.ts';

/** Who hears of errors that more than their client should know. */
export interface Told {
  /** What a person who develops against us may want to know; not often. */
  hint(hint: string, requested: Requested): void;
  /** A request that is refused to who asks. */
  refused(refusal: Refusal): void;
}
/** What is looked at of a request. */
interface Arrived {
  readonly line: Line;
  readonly heads: Heads;
  readonly service: AwsService;
  readonly operation: Operation;
  readonly query: QueryRequest | undefined;
}

const reasonsByShape: ReadonlyMap<string, RefusalReason> = new Map([
  ['UnrecognizedClientException', 'unknown-key'],
  ['InvalidSignatureException', 'wrong-signature'],
  ['ExpiredTokenException', 'expired'],
  ['RequestExpired', 'expired'],
  ['IncompleteSignatureException', 'malformed-signature'],
  ['MissingAuthenticationTokenException', 'unsigned'],
  ['AccessDeniedException', 'no-rights'],
  ['AuthorizationErrorException', 'no-rights'], // SNS's word for it.
]);

/**
 * Tells the log and the metrics what an error has for them; of the others it costs a look-up.
 * @param call undefined: who asks is not known, and nothing of the body is believed
 */
export function tellOf(error: AwsError, arrival: Arrived, call: Call | undefined, { hint, refused }: Told): void {
  const reason = arrival.line.remoteAddress === '' ? undefined : reasonOf(error); // Who has gone was refused nothing.
  if (reason === undefined && error.hint === undefined) return;
  const requested = requestedOf(arrival, call);
  if (reason !== undefined) refused({ reason, why: whyOf(reason, error), requested });
  if (error.hint !== undefined) hint(error.hint, requested);
}

/** A request that no operation is known for; `named`: what it asks for, as it was sent. */
interface Unmatched {
  readonly line: Line;
  readonly heads: Heads;
  readonly named: string;
}

export function unmatchedOf({ line, heads, named }: Unmatched): Requested {
  const { authorization } = heads;
  const keyId = authorization === undefined ? undefined : keyIdIn(authorization);
  return { operation: named, keyId, remoteAddress: line.remoteAddress, queue: undefined };
}

export function tellOfUnmatched({ hint }: AwsError, unmatched: Unmatched, told: Told): void {
  if (hint !== undefined) told.hint(hint, unmatchedOf(unmatched));
}

/** @returns undefined: the error is not about who may do what */
function reasonOf(error: AwsError): RefusalReason | undefined {
  return isClockOff(error) ? 'clock-off' : reasonsByShape.get(error.shape);
}

/** Of the other reasons the text may show parts of the signature that was sent. */
function whyOf(reason: RefusalReason, { message }: AwsError): string | undefined {
  return reason === 'no-rights' || reason === 'clock-off' ? message : undefined;
}

export function requestedOf({ line, heads, operation, service, query }: Arrived, call: Call | undefined): Requested {
  const { authorization } = heads;
  return {
    operation: operation.name,
    keyId: authorization === undefined ? keyIdOf(query?.form.find('X-Amz-Credential') ?? '') : keyIdIn(authorization),
    remoteAddress: line.remoteAddress,
    queue: call === undefined ? undefined : addressIn(() => service.addressOf?.(call)),
  };
}

const credentialStart = 'Credential=';
/** The longest that a user may have. */
const keyIdCharactersMax = 128;

/** Only where the signature's own syntax has it: another Authorization is a secret from its first letter. */
function keyIdIn(authorization: string): string | undefined {
  const at = authorization.indexOf(credentialStart);
  if (at < 0) return undefined;
  const start = at + credentialStart.length;
  return keyIdOf(authorization.slice(start, start + keyIdCharactersMax + 1));
}

function keyIdOf(credential: string): string | undefined {
  return /^\w+(?=\/)/.exec(credential.slice(0, keyIdCharactersMax + 1))?.[0];
}

/** What was sent may be no text at all, and the answer is settled already. */
function addressIn<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
