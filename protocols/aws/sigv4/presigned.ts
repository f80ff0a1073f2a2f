import type { Instant } from '../../../src/model/clock.ts';
import { algorithm, type Claim, claimOf } from './authorization.ts';
import type { Pair } from './canonical.ts';
import { notYet, type SignedDate } from './dates.ts';
import { incomplete, requestExpired, shown } from './errors.ts';
import { sigv4Limits } from './limits.ts';

/** What a URL says of its own signature. */
export interface Presigned {
  readonly claim: Claim;
  readonly date: SignedDate;
  readonly token: string | undefined;
  /** All parameters but the signature: what it signs. */
  readonly unsignedPairs: readonly Pair[];
}

const required = [
  ...['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date', 'X-Amz-Expires'],
];
const known: ReadonlySet<string> = new Set([...required, 'X-Amz-Security-Token']);

export function isPresigned(url: string): boolean {
  return /[?&]X-Amz-(Algorithm|Credential|Signature)=/.test(url);
}

/** @throws AwsError `IncompleteSignature`, `SignatureDoesNotMatch`, `RequestExpired` */
export function readPresigned(pairs: readonly Pair[], readDate: (text: string) => SignedDate, now: Instant): Presigned {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (!known.has(name)) continue;
    if (values.has(name)) throw incomplete(`The parameter '${name}' stands there more than once.`);
    values.set(name, decodeURIComponent(encodedAscii(value)));
  }
  const missing = required.filter((name) => (values.get(name) ?? '') === '');
  if (missing.length > 0) throw incomplete(`AWS query-string parameters must include '${missing.join("', '")}'.`);
  const value = (name: string) => values.get(name) ?? '';
  if (value('X-Amz-Algorithm') !== algorithm) {
    throw incomplete(`Unsupported AWS 'algorithm': '${shown(value('X-Amz-Algorithm'))}'.`);
  }
  const claim = claimOf(value('X-Amz-Credential'), value('X-Amz-SignedHeaders'), value('X-Amz-Signature'));
  const date = readDate(value('X-Amz-Date'));
  checkTime(date, value('X-Amz-Expires'), now);
  const unsignedPairs = pairs.filter(([name]) => name !== 'X-Amz-Signature');
  return { claim, date, token: values.get('X-Amz-Security-Token'), unsignedPairs };
}

function checkTime(date: SignedDate, expires: string, now: Instant): void {
  const seconds = /^\d{1,7}$/.test(expires) ? Number(expires) : Number.NaN;
  if (!(seconds >= 1 && seconds <= sigv4Limits.expiresSecondsMax)) {
    throw incomplete(`X-Amz-Expires must be a number of seconds from 1 to ${sigv4Limits.expiresSecondsMax}.`);
  }
  if (date.at > now + sigv4Limits.skewMsMax) throw notYet(date.text, now);
  if (now > date.at + seconds * 1000) throw requestExpired();
}

/** None of these values is anything but ASCII: other bytes cannot make the decoder throw. */
function encodedAscii(value: string): string {
  return value.replace(/%[89A-F][0-9A-F]/g, '%3F');
}
