import type { AwsError } from '../aws/errors.ts';
import { sqsError } from './errors.ts';

// With the u flag a lone surrogate is a character of its own, outside every range; U+FFFE and U+FFFF are outside too.
const forbidden = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const groupPattern = /^[\x21-\x7e]{1,128}$/;

/** The characters that a body and a text attribute may have: those of XML 1.0. */
export function hasForbiddenCharacter(text: string): boolean {
  return forbidden.test(text);
}

export const forbiddenCharacters =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

export function invalidContents(): AwsError {
  return sqsError('InvalidMessageContents', forbiddenCharacters);
}

/** Message group, deduplication and receive attempt ids: alphanumeric and punctuation, no spaces. */
export function isGroupId(text: string): boolean {
  return groupPattern.test(text);
}
