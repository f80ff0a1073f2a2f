import { doesNotMatch } from './errors.ts';

/**
 * X-Amz-Content-Sha256 says what the body's digest is; here the body is always whole and always digested, so it can only
 * agree. What S3 allows besides is refused in words.
 * @throws AwsError `SignatureDoesNotMatch`
 */
export function checkPayloadHash(given: string | undefined, bodyHash: string): void {
  if (given === undefined || given === bodyHash) return;
  if (given === 'UNSIGNED-PAYLOAD')
    throw doesNotMatch('UNSIGNED-PAYLOAD is for S3 alone: sign the request with its body.');
  if (given.startsWith('STREAMING-')) {
    throw doesNotMatch('Chunked uploads (x-amz-content-sha256: STREAMING-...) are for S3 alone: sign the whole body.');
  }
  throw doesNotMatch("The provided 'x-amz-content-sha256' header does not match what was computed.");
}
