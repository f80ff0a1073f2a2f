import type { Clock } from '../../src/model/clock.ts';
import type { Random } from '../../src/model/random.ts';
import { issueSession } from '../../src/security/sessions.ts';
import type { Signer } from '../../src/security/users.ts';
import { commonError } from '../aws/errors.ts';
import type { Call } from '../aws/service.ts';
import { constraint } from './errors.ts';

/** What every handler is given besides its call. */
export interface Sts {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
}

/** As AWS returns them. */
export interface Credentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: string;
}

const nonceBytes = 12;
const secretBytes = 30;

/**
 * @returns undefined: there are no users, and everybody is let in
 * @throws AwsError `MissingAuthenticationToken`
 */
export function signerOf(call: Call): Signer | undefined {
  if (call.signer === undefined && call.principal.act !== undefined) {
    throw commonError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  }
  return call.signer;
}

/** @throws AwsError `ValidationError` */
export function durationOf(call: Call, bounds: { readonly max: number; readonly default: number }): number {
  const seconds = call.members.integer('DurationSeconds') ?? bounds.default;
  if (seconds < 900) {
    throw constraint('durationSeconds', String(seconds), 'have value greater than or equal to 900');
  }
  if (seconds > bounds.max) {
    throw constraint('durationSeconds', String(seconds), `have value less than or equal to ${bounds.max}`);
  }
  return seconds;
}

/** Credentials that sign as `signer` does; without users such that are let in like any others, in `account`. */
export function credentialsFor(
  sts: Sts,
  signer: Signer | undefined,
  session: { readonly seconds: number; readonly account: string; readonly roleArn: string | undefined },
): Credentials {
  const expiresAt = (Math.floor(sts.clock.now() / 1000) + session.seconds) * 1000;
  const Expiration = `${new Date(expiresAt).toISOString().slice(0, 19)}Z`;
  if (signer === undefined) {
    return {
      AccessKeyId: `ASIA${session.account}`,
      SecretAccessKey: textOf(sts.random.bytes(secretBytes)),
      SessionToken: textOf(sts.random.bytes(secretBytes)),
      Expiration,
    };
  }
  const { roleArn } = session;
  const nonce = sts.random.bytes(nonceBytes);
  const made = issueSession(signer.parent, { expiresAt, roleArn, nonce });
  return { AccessKeyId: made.keyId, SecretAccessKey: made.secret, SessionToken: made.token, Expiration };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
