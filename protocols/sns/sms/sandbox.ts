/**
 * Numbers to which an account in the sandbox may send. Ours is in none, but who tests the steps out of it goes through
 * them: the code is in the text message, which is in the outbox.
 */
import { randomInt } from 'node:crypto';
import type { DocumentKind, Documents } from '../../../src/core/broker.ts';
import type { Namespace } from '../../../src/model/queue.ts';
import { snsError } from '../errors.ts';
import type { Sns } from '../sns.ts';
import { smsLimits } from './limits.ts';

interface SandboxNumber {
  readonly status: 'Pending' | 'Verified';
  /** Empty: there is nothing to verify any more. */
  readonly code: string;
}

const sandboxKind: DocumentKind<SandboxNumber> = {
  name: 'sns-sandbox-number',
  read: (fields) => ({ status: fields.oneOf('status', ['Pending', 'Verified']), code: fields.text('code') }),
};

export function sandboxNumbersOf({ broker }: Sns): Documents<SandboxNumber> {
  return broker.documents(sandboxKind);
}

export function sandboxPrefix({ account, region }: Namespace): string {
  return `${account}/${region}/`;
}

/** @returns the code to send; undefined: it is verified already. @throws AwsError `UserError` */
export async function addSandboxNumber(sns: Sns, namespace: Namespace, number: string): Promise<string | undefined> {
  const numbers = sandboxNumbersOf(sns);
  const prefix = sandboxPrefix(namespace);
  const code = String(randomInt(10 ** smsLimits.codeDigits)).padStart(smsLimits.codeDigits, '0');
  const after = await numbers.change(prefix + number, (before) => {
    if (before?.status === 'Verified') return before;
    const isFull = numbers.list(prefix, undefined, smsLimits.sandboxNumbersMax).length >= smsLimits.sandboxNumbersMax;
    if (before === undefined && isFull) {
      throw snsError(
        'UserErrorException',
        `A sandbox has at most ${smsLimits.sandboxNumbersMax} destination phone numbers.`,
      );
    }
    return { status: 'Pending', code };
  });
  return after?.status === 'Pending' ? code : undefined;
}

/** @throws AwsError `ResourceNotFound`, `VerificationException` */
export async function verifySandboxNumber(sns: Sns, namespace: Namespace, number: string, code: string): Promise<void> {
  await sandboxNumbersOf(sns).change(sandboxPrefix(namespace) + number, (before) => {
    if (before === undefined) throw noSuchNumber();
    if (before.status === 'Verified') return before;
    if (before.code !== code) throw snsError('VerificationException', 'The one-time password is not the right one.');
    return { status: 'Verified', code: '' };
  });
}

/** @throws AwsError `ResourceNotFound` */
export async function removeSandboxNumber(sns: Sns, namespace: Namespace, number: string): Promise<void> {
  await sandboxNumbersOf(sns).change(sandboxPrefix(namespace) + number, (before) => {
    if (before === undefined) throw noSuchNumber();
    return undefined;
  });
}

function noSuchNumber() {
  return snsError('ResourceNotFoundException', 'The destination phone number is not in the SMS sandbox.');
}
