import { type AwsError, commonError } from '../errors.ts';

/** What AWS says of a signature that it cannot accept, in its own words. */
export function doesNotMatch(message = mismatch): AwsError {
  return commonError('InvalidSignatureException', message);
}

const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and' +
  ' signing method. Consult the service documentation for details.';

/** It is no signature at all: parts are missing or cannot be read. */
export function incomplete(message: string): AwsError {
  return commonError('IncompleteSignatureException', message);
}

export function unknownKey(): AwsError {
  return commonError('UnrecognizedClientException', 'The security token included in the request is invalid.');
}

export function expiredToken(): AwsError {
  return commonError('ExpiredTokenException', 'The security token included in the request is expired');
}

export function requestExpired(): AwsError {
  return commonError('RequestExpired', 'Request has expired.');
}

/** Input in an answer: short, and nothing that a terminal or a log would obey. */
export function shown(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}
