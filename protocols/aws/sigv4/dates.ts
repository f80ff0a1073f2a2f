import type { Instant } from '../../../src/model/clock.ts';
import type { AwsError } from '../errors.ts';
import { doesNotMatch, incomplete, shown } from './errors.ts';
import { sigv4Limits } from './limits.ts';

/** A point in time as a signature has it. */
export interface SignedDate {
  /** `20150830T123600Z`. */
  readonly text: string;
  readonly at: Instant;
}

/**
 * Reads X-Amz-Date, or the Date that stands in for it. Remembers the last one: within a second all are alike.
 * @throws AwsError `IncompleteSignature`
 */
export function createDateReader(): (text: string) => SignedDate {
  let last: SignedDate = { text: '', at: Number.NaN };
  return (text) => {
    if (text !== last.text) last = readDate(text);
    return last;
  };
}

function readDate(text: string): SignedDate {
  const at = isBasic(text) ? parseBasic(text) : Date.parse(text);
  if (Number.isNaN(at)) {
    const example = 'See http://en.wikipedia.org/wiki/ISO_8601';
    throw incomplete(`Date must be in ISO-8601 'basic format'. Got '${shown(text)}'. ${example}`);
  }
  return { text: basicText(at), at };
}

function isBasic(text: string): boolean {
  return /^\d{8}T\d{6}Z$/.test(text);
}

function parseBasic(text: string): Instant {
  const part = (from: number, to: number) => Number(text.slice(from, to));
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(9, 11), part(11, 13), part(13, 15));
}

function basicText(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

const tooEarly = 'Signature expired';
const tooLate = 'Signature not yet current';

/** Whether it says that the client's clock is not ours; to AWS that is a wrong signature like any other. */
export function isClockOff({ shape, message }: AwsError): boolean {
  return shape === 'InvalidSignatureException' && (message.startsWith(tooEarly) || message.startsWith(tooLate));
}

/** @throws AwsError `SignatureDoesNotMatch` when the clocks are more than a quarter of an hour apart */
export function checkSkew({ text, at }: SignedDate, now: Instant): void {
  const earliest = now - sigv4Limits.skewMsMax;
  const latest = now + sigv4Limits.skewMsMax;
  if (at < earliest) {
    throw doesNotMatch(`${tooEarly}: ${text} is now earlier than ${basicText(earliest)} (${basicText(now)} - 15 min.)`);
  }
  if (at > latest) throw notYet(text, now);
}

export function notYet(text: string, now: Instant) {
  const latest = basicText(now + sigv4Limits.skewMsMax);
  return doesNotMatch(`${tooLate}: ${text} is still later than ${latest} (${basicText(now)} + 15 min.)`);
}
