/**
 * Passwords as they are kept: a digest by scrypt, by which one that is sent in the clear is verified, and beside it the
 * verifier of SCRAM-SHA-256 [RFC 5802, RFC 7677], for protocols whose clients never send it. Both are made when the
 * password is set, for later nobody knows it.
 */
import { createHash, createHmac, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { GantryError } from '../model/errors.ts';
import type { Random } from '../model/random.ts';

export interface PasswordVerifier {
  readonly scrypt: ScryptDigest;
  readonly scram: ScramVerifier;
}
interface ScryptDigest {
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
  /** Base64, as all texts of both. */
  readonly salt: string;
  readonly digest: string;
}
interface ScramVerifier {
  readonly iterations: number;
  readonly salt: string;
  readonly storedKey: string;
  readonly serverKey: string;
}

/** 32 MiB and some 80 ms a question: a guess costs as much. */
const scryptCost = { cost: 2 ** 15, blockSize: 8, parallelization: 1 } as const;
const scramIterations = 16_384;
const saltBytes = 16;
const digestBytes = 32;
export const passwordCharactersMax = 256;

const pbkdf2Async = promisify(pbkdf2);

/** @throws GantryError `invalid-argument` */
export function checkPassword(password: string): void {
  const expected = `expected a password of 1 to ${passwordCharactersMax} characters, none of them a control character`;
  if (password === '' || password.length > passwordCharactersMax || /\p{Cc}/u.test(password))
    throw new GantryError('invalid-argument', expected);
}

export async function makeVerifier(password: string, random: Pick<Random, 'bytes'>): Promise<PasswordVerifier> {
  const [salt, scramSalt] = [random.bytes(saltBytes), random.bytes(saltBytes)];
  const digest = await digestOf(password, { ...scryptCost, salt: textOf(salt) });
  const salted = await pbkdf2Async(plain(password), scramSalt, scramIterations, digestBytes, 'sha256');
  const storedKey = createHash('sha256').update(mac(salted, 'Client Key')).digest('base64');
  const serverKey = mac(salted, 'Server Key').toString('base64');
  return {
    scrypt: { ...scryptCost, salt: textOf(salt), digest: digest.toString('base64') },
    scram: { iterations: scramIterations, salt: textOf(scramSalt), storedKey, serverKey },
  };
}

/** In a time that tells nothing of how much is right. */
export async function isPassword(given: string, { scrypt: known }: PasswordVerifier): Promise<boolean> {
  const digest = await digestOf(given, known);
  const expected = Buffer.from(known.digest, 'base64');
  return digest.length === expected.length && timingSafeEqual(digest, expected);
}

/** Takes as long as a question about a user who is there. */
export async function isNobodysPassword(given: string): Promise<false> {
  await digestOf(given, { ...scryptCost, salt: 'nobody' });
  return false;
}

function digestOf(password: string, { cost, blockSize, parallelization, salt }: Omit<ScryptDigest, 'digest'>) {
  const options = { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize };
  return new Promise<Buffer>((resolve, reject) => {
    scrypt(plain(password), Buffer.from(salt, 'base64'), digestBytes, options, (error, digest) =>
      error === null ? resolve(digest) : reject(error),
    );
  });
}

/** One form of what looks the same, whatever keyboard it was typed on [RFC 4013, 2.2]. */
function plain(password: string): string {
  return password.normalize('NFKC');
}

function mac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
