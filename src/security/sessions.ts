/**
 * Temporary credentials. Nothing is kept of them: the token says whose they are and until when, sealed with the secret of
 * the key that asked for them, and their own secret is made of both. So they survive a restart, cost no memory, and end
 * with the key that they come from.
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../model/clock.ts';
import type { AccessKey, Signer, Users } from './users.ts';

interface SessionCredentials {
  readonly keyId: string;
  readonly secret: string;
  readonly token: string;
  readonly expiresAt: Instant;
}

const tokenCharactersMax = 4_096;

/** @param nonce makes two sessions of one key different */
export function issueSession(
  key: AccessKey,
  session: { readonly expiresAt: Instant; readonly roleArn: string | undefined; readonly nonce: Uint8Array },
): SessionCredentials {
  const { expiresAt, roleArn, nonce } = session;
  const fields = [key.id, expiresAt, Buffer.from(nonce).toString('base64url'), roleArn ?? ''];
  const claim = Buffer.from(JSON.stringify(fields)).toString('base64url');
  return {
    keyId: idOf(claim),
    secret: secretOf(key.secret, claim),
    token: `${claim}.${seal(key.secret, claim)}`,
    expiresAt,
  };
}

/** @returns undefined when the token is none of ours, or of another key id */
export function resolveSession(users: Users, keyId: string, token: string): Signer | undefined {
  if (token.length > tokenCharactersMax) return undefined;
  const [claim = '', sealed = '', ...rest] = token.split('.');
  if (rest.length > 0 || idOf(claim) !== keyId) return undefined;
  const [parentId, expiresAt, , roleArn] = fieldsOf(claim);
  if (typeof parentId !== 'string' || typeof expiresAt !== 'number' || typeof roleArn !== 'string') return undefined;
  const owner = users.findKey(parentId);
  if (owner === undefined || !isEqual(sealed, seal(owner.key.secret, claim))) return undefined;
  const account = accountIn(roleArn) ?? owner.key.account;
  if (account !== owner.key.account && !owner.user.isAdmin) return undefined; // It was an admin's.
  return {
    user: owner.user,
    keyId,
    secret: secretOf(owner.key.secret, claim),
    account,
    expiresAt,
    parent: owner.key,
    roleArn: roleArn === '' ? undefined : roleArn,
  };
}

function accountIn(roleArn: string): string | undefined {
  return /^arn:[a-z-]+:sts::(\d{12}):/.exec(roleArn)?.[1];
}

function fieldsOf(claim: string): readonly unknown[] {
  try {
    const fields: unknown = JSON.parse(Buffer.from(claim, 'base64url').toString());
    return Array.isArray(fields) ? fields : [];
  } catch {
    return []; // Somebody else's token.
  }
}

/** As AWS's look: `ASIA` and sixteen letters and digits. */
function idOf(claim: string): string {
  const digits = hash('sha256', claim, 'hex').toUpperCase();
  return `ASIA${digits.slice(0, 16)}`;
}

function secretOf(parentSecret: string, claim: string): string {
  return mac(parentSecret, `gantry session secret\n${claim}`).slice(0, 40);
}

function seal(parentSecret: string, claim: string): string {
  return mac(parentSecret, `gantry session token\n${claim}`);
}

function mac(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

function isEqual(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
