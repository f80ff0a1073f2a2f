import type { ErrorCode } from '../../src/model/errors.ts';

/** How one error looks to an AWS client: SDKs match on both spellings of its name. */
export interface AwsErrorRow {
  /** The Query protocol's code, which newer SDKs read from `x-amzn-query-error` before the shape. */
  readonly code: string;
  readonly status: number;
}

/**
 * An answer that the AWS contract spells out: shape, code, status and text. It stands beside GantryError, whose codes are
 * fewer than AWS's shapes, and never leaves the AWS family: handlers throw it, the exchange answers it.
 */
export class AwsError extends Error {
  readonly shape: string;
  readonly code: string;
  readonly status: number;
  /** For the person who develops against us; travels in `x-gantry-hint`. */
  readonly hint: string | undefined;

  constructor(shape: string, row: AwsErrorRow, message: string, hint?: string) {
    super(message);
    this.name = 'AwsError';
    this.shape = shape;
    this.code = row.code;
    this.status = row.status;
    this.hint = hint;
  }

  withHint(hint: string): AwsError {
    const { shape, code, status, message } = this;
    return new AwsError(shape, { code, status }, message, hint);
  }

  /** Whose fault it is, as the Query protocol words it; clients repeat what is the Receiver's. */
  get fault(): 'Sender' | 'Receiver' {
    return this.status < 500 ? 'Sender' : 'Receiver';
  }
}

/** What every AWS service can answer, whatever the operation. */
export const commonErrors = {
  SerializationException: { code: 'SerializationException', status: 400 },
  MalformedInput: { code: 'MalformedInput', status: 400 },
  MalformedQueryString: { code: 'MalformedQueryString', status: 404 }, // [SQS Common Errors]
  InvalidAction: { code: 'InvalidAction', status: 400 },
  NoSuchVersion: { code: 'NoSuchVersion', status: 400 },
  UnknownOperationException: { code: 'UnknownOperationException', status: 400 },
  RequestEntityTooLarge: { code: 'RequestEntityTooLarge', status: 413 },
  MethodNotAllowed: { code: 'MethodNotAllowed', status: 405 },
  AccessDeniedException: { code: 'AccessDenied', status: 403 },
  MissingAuthenticationTokenException: { code: 'MissingAuthenticationToken', status: 403 },
  UnrecognizedClientException: { code: 'InvalidClientTokenId', status: 403 },
  InvalidSignatureException: { code: 'SignatureDoesNotMatch', status: 403 },
  IncompleteSignatureException: { code: 'IncompleteSignature', status: 403 },
  ExpiredTokenException: { code: 'ExpiredToken', status: 403 },
  RequestExpired: { code: 'RequestExpired', status: 400 },
  InternalFailure: { code: 'InternalFailure', status: 500 },
  ServiceUnavailable: { code: 'ServiceUnavailable', status: 503 },
} as const satisfies Record<string, AwsErrorRow>;

/**
 * What failures of core are that no service has a word of its own for. A 5xx is repeated by every SDK, so only what a repeat
 * can heal is one.
 */
export const commonShapesByCode = {
  unauthenticated: 'MissingAuthenticationTokenException',
  conflict: 'ServiceUnavailable', // Somebody else changed it meanwhile: the same request works when repeated.
  'store-full': 'ServiceUnavailable',
  'outcome-unknown': 'ServiceUnavailable',
  unavailable: 'ServiceUnavailable',
  internal: 'InternalFailure',
} as const satisfies Partial<Record<ErrorCode, keyof typeof commonErrors>>;

export function commonError(shape: keyof typeof commonErrors, message: string, hint?: string): AwsError {
  return new AwsError(shape, commonErrors[shape], message, hint);
}

/** The request as a whole could not be read, in whichever protocol, so that no part of it is answered for itself. */
export function isMalformed({ shape }: AwsError): boolean {
  return shape === 'SerializationException' || shape === 'MalformedInput' || shape === 'MalformedQueryString';
}
