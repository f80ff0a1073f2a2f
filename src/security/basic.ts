import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../model/clock.ts';
import type { Principal } from '../model/principal.ts';
import type { Random } from '../model/random.ts';
import { anonymous } from './anonymous.ts';
import { createFairTurns } from './fair-turns.ts';
import type { PasswordVerifier } from './passwords.ts';
import * as passwordChecks from './passwords.ts';
import type { User, Users } from './users.ts';

/** Who sends HTTP's own Authorization header: a user by name and password, or by an access key's id and secret [RFC 7617]. */
export interface Authenticator {
  /**
   * @param from the address that asks: a flood from one keeps others waiting only a little
   * @returns the anonymous when there is none, or it is wrong
   * @throws GantryError `limit-exceeded` while too many wrong ones are being looked at
   */
  authenticate(users: Users, authorization: string | undefined, from?: string): Promise<Principal>;
}

const basic = /^Basic ([A-Za-z0-9+/]{1,2048}={0,2})$/i;
/** Passwords looked at by scrypt at a time, which takes 32 MiB each, and how many wait for that. */
const underWayMax = 2;
const waitingMax = 64;
/** A password that was right is right for so long without being looked at again, unless it is changed. */
const rememberedMs = 60_000;
const rememberedMax = 1_000;

/** Each costs a scrypt; a test counts them. */
interface PasswordChecks {
  isPassword(given: string, known: PasswordVerifier): Promise<boolean>;
  isNobodysPassword(given: string): Promise<boolean>;
}

interface Remembered {
  readonly verifier: PasswordVerifier;
  readonly until: number;
}

/**
 * A scrape sends its password each time, and scrypt must be slow: so what was right is remembered by a keyed digest. What
 * is wrong always costs a scrypt, whether there is such a user or not, so that the time tells nothing.
 */
export function createAuthenticator(
  clock: Pick<Clock, 'now'>,
  random: Pick<Random, 'bytes'>,
  { isPassword, isNobodysPassword }: PasswordChecks = passwordChecks,
): Authenticator {
  const digestKey = Buffer.from(random.bytes(32));
  const remembered = new Map<string, Remembered>();
  const looksUnderWay = new Map<string, Promise<boolean>>();
  const turns = createFairTurns({
    ...{ runningMax: underWayMax, waitingMax },
    refusal: 'too many passwords to look at',
  });
  let nobodyWaiting: Promise<boolean> | undefined;

  return {
    async authenticate(users, authorization, from = '') {
      const credentials = basic.exec(authorization ?? '')?.[1];
      if (credentials === undefined) return anonymous;
      const text = Buffer.from(credentials, 'base64').toString();
      const colon = text.indexOf(':');
      if (colon < 0) return anonymous;
      const [name, password] = [text.slice(0, colon), text.slice(colon + 1)];
      const owner = users.findKey(name);
      if (owner !== undefined && isEqual(password, owner.key.secret)) return principalOf(owner.user, owner.key.account);
      const user = users.find(name);
      return (await isOf(user, password, from)) && user !== undefined ? principalOf(user, user.account) : anonymous;
    },
  };

  async function isOf(user: User | undefined, password: string, from: string): Promise<boolean> {
    const known = user?.password;
    if (typeof known === 'string' && isEqual(password, known)) return true;
    if (user === undefined || known === undefined || typeof known === 'string') return isNobodys(password);
    const digest = createHmac('sha256', digestKey).update(`${known.scrypt.salt}\n${password}`).digest('base64');
    const before = remembered.get(digest);
    if (before !== undefined && before.verifier === known && before.until > clock.now()) return true;
    // Who was right before, which no guess ever was, has a lane that no crowd of guesses is in.
    const lane = before?.verifier === known ? digest : `${networkOf(from)} ${user.name}`;
    const isRight = await shared(digest, () => turns.take(lane, () => isPassword(password, known)));
    if (isRight) remember(digest, known);
    return isRight;
  }

  /** The answer is known, and only its time counts: those who wait for their turn share one. */
  function isNobodys(password: string): Promise<boolean> {
    if (nobodyWaiting !== undefined) return nobodyWaiting;
    let hasBegun = false;
    const looking = turns.take('', () => {
      hasBegun = true;
      nobodyWaiting = undefined;
      return isNobodysPassword(password);
    });
    if (hasBegun) return looking;
    nobodyWaiting = looking.finally(() => {
      if (!hasBegun) nobodyWaiting = undefined; // It was refused.
    });
    return nobodyWaiting;
  }

  /** The same question asked again while it is being looked at is one. */
  function shared(digest: string, look: () => Promise<boolean>): Promise<boolean> {
    const underWay = looksUnderWay.get(digest);
    if (underWay !== undefined) return underWay;
    const looking = look().finally(() => looksUnderWay.delete(digest));
    looksUnderWay.set(digest, looking);
    return looking;
  }

  function remember(digest: string, verifier: PasswordVerifier): void {
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(digest, { verifier, until: clock.now() + rememberedMs });
  }
}

function principalOf({ name }: User, account: string): Principal {
  return { name, account, isAnonymous: false };
}

/** Of IPv6 the first half: all of the other is one customer's. */
function networkOf(address: string): string {
  return address.split(':').slice(0, 4).join(':');
}

/** Digests are of one length, so that the time tells nothing of how much is right. */
function isEqual(given: string, known: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', known, 'buffer'));
}
