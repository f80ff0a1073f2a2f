import { createHmac, hash } from 'node:crypto';

const blockBytes = 64;
const digestBytes = 32;
/** What is signed: algorithm, date, scope and digest, each bounded. */
const textBytesMax = 512;

/**
 * The key of one secret for one day, region and service. HMAC is spelt out over one-shot digests, with both pads laid
 * ready, which costs half of node's Hmac object (see README.md).
 */
export class SigningKey {
  private readonly inner = Buffer.alloc(blockBytes + textBytesMax);
  private readonly outer = Buffer.alloc(blockBytes + digestBytes);

  constructor(key: Buffer) {
    for (let at = 0; at < blockBytes; at++) {
      const byte = key[at] ?? 0;
      this.inner[at] = byte ^ 0x36;
      this.outer[at] = byte ^ 0x5c;
    }
  }

  /** @returns hexadecimal, small letters */
  sign(text: string): string {
    const bytes = this.inner.write(text, blockBytes, 'latin1');
    this.outer.write(hash('sha256', this.inner.subarray(0, blockBytes + bytes), 'binary'), blockBytes, 'binary');
    return hash('sha256', this.outer, 'hex');
  }
}

/** [SigV4, Derive a signing key] */
export function deriveKey(secret: string, date: string, region: string, service: string): SigningKey {
  const onDate = hmac(`AWS4${secret}`, date);
  return new SigningKey(hmac(hmac(hmac(onDate, region), service), 'aws4_request'));
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
