import { createCipheriv, createDecipheriv, hash } from 'node:crypto';
import type { Random } from '../model/random.ts';

/** Keeps secrets in the store as texts that say nothing without a key, which is not in the store (decision 0005). */
export interface Sealer {
  /** @param place where it will stand: the text is worth nothing in another */
  seal(secret: string, place: string): string;
  /** @returns undefined: sealed with another key, moved here from elsewhere, or changed */
  open(sealed: string, place: string): string | undefined;
}

export const sealingKeyBytes = 32;
const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

export function createSealer(key: Uint8Array, random: Pick<Random, 'bytes'>): Sealer {
  const keyId = hash('sha256', key, 'hex').slice(0, 8);
  return {
    seal(secret, place) {
      const nonce = random.bytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(place));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return `${keyId}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
    },
    open(sealed, place) {
      const [id, text = ''] = sealed.split('.');
      const bytes = Buffer.from(text, 'base64url');
      if (id !== keyId || bytes.length < nonceBytes + tagBytes) return undefined;
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(place));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString();
      } catch {
        return undefined; // The tag does not fit.
      }
    },
  };
}
