/**
 * The token of a confirmation: which subscription it is for, until when, and a digest over that with a key that only the
 * subscription's record has. So nothing is kept of a token, and each that was sent is good until its time is over, also when
 * it was used: confirming twice is allowed [sqs-sns 2.4].
 *
 * Bytes, written in hex: version, length of the topic's text, the text `region/account/name`, the subscription's id, the
 * instant, zeros up to AWS's length, the digest. It follows from what the subscription's record has, so that it can be read
 * there by who runs the broker.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../../src/model/clock.ts';
import type { Random } from '../../src/model/random.ts';
import type { SubscriptionAddress } from '../../src/model/topic.ts';
import { uuidBytes, uuidText } from '../../src/model/uuid.ts';
import { snsLimits } from './limits.ts';

const version = 1;
const digestBytes = 32;
const keyBytes = 32;
const bytesMin = snsLimits.tokenCharactersMin / 2;

export interface ConfirmationToken {
  readonly address: SubscriptionAddress;
  readonly expiresAt: Instant;
  /** What the digest is about, and the digest. */
  readonly signed: Uint8Array;
  readonly digest: Uint8Array;
}

/** What a subscription's record keeps, in hex. */
export function newTokenKey(random: Random): string {
  return Buffer.from(random.bytes(keyBytes)).toString('hex');
}

export function writeToken(
  { topic, id }: SubscriptionAddress,
  { key, expiresAt }: { readonly key: string; readonly expiresAt: Instant },
): string {
  const text = Buffer.from(`${topic.region}/${topic.account}/${topic.name}`);
  const head = Buffer.alloc(3);
  head.writeUInt8(version, 0);
  head.writeUInt16BE(text.length, 1);
  const until = Buffer.alloc(6);
  until.writeUIntBE(expiresAt, 0, 6);
  const said = Buffer.concat([head, text, uuidBytes(id), until]);
  const padding = Buffer.alloc(Math.max(0, bytesMin - digestBytes - said.length));
  const signed = Buffer.concat([said, padding]);
  return Buffer.concat([signed, digestOf(signed, key)]).toString('hex');
}

/** @returns undefined: it was never one of ours; its digest is still to be compared */
export function readToken(token: string): ConfirmationToken | undefined {
  const bytes = Buffer.from(token, 'hex');
  if (bytes.length * 2 !== token.length || bytes.length < bytesMin || bytes[0] !== version) return undefined;
  const signed = bytes.subarray(0, bytes.length - digestBytes);
  const textEnd = 3 + signed.readUInt16BE(1);
  if (textEnd + 22 > signed.length) return undefined;
  const [region = '', account = '', name = '', ...rest] = signed.subarray(3, textEnd).toString().split('/');
  if (name === '' || rest.length > 0) return undefined;
  return {
    address: { topic: { region, account, name }, id: uuidText(signed.subarray(textEnd, textEnd + 16)) },
    expiresAt: signed.readUIntBE(textEnd + 16, 6),
    signed,
    digest: bytes.subarray(bytes.length - digestBytes),
  };
}

/** @param key of the subscription's record */
export function isSound({ signed, digest }: ConfirmationToken, key: string): boolean {
  return timingSafeEqual(digestOf(signed, key), digest);
}

function digestOf(signed: Uint8Array, key: string): Uint8Array {
  return createHmac('sha256', Buffer.from(key, 'hex')).update(signed).digest();
}
