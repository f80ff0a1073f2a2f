import { hash, timingSafeEqual } from 'node:crypto';
import type { Principal } from '../model/principal.ts';
import { anonymous } from './anonymous.ts';
import type { Users } from './users.ts';

const basic = /^Basic ([A-Za-z0-9+/]{1,1024}={0,2})$/i;

/**
 * Who an Authorization header of HTTP's own kind names: a user by its name and password [RFC 7617].
 * @returns the anonymous when there is none, or it is wrong
 */
export function principalOfBasic(users: Users | undefined, authorization: string | undefined): Principal {
  const credentials = basic.exec(authorization ?? '')?.[1];
  if (users === undefined || credentials === undefined) return anonymous;
  const text = Buffer.from(credentials, 'base64').toString();
  const colon = text.indexOf(':');
  const user = colon < 0 ? undefined : users.find(text.slice(0, colon));
  if (user?.password === undefined || !isEqual(text.slice(colon + 1), user.password)) return anonymous;
  return { name: user.name, account: user.account, isAnonymous: false };
}

/** Digests are of one length, so that the time tells nothing of how much is right. */
function isEqual(given: string, password: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', password, 'buffer'));
}
