import { hash } from 'node:crypto';
import type { QueueId, Receipt } from '../store.ts';

/**
 * A receipt says which delivery it settles, so that nobody has to remember it: version, queue, life, rank, pos, number
 * of the delivery, and 8 bytes of a keyed SHA-256 over them. The input has one fixed length and the digest is cut, so
 * that a plain prefix key is a sound MAC; one call of `hash` costs a sixth of an HMAC object.
 */
export interface ReceiptFields {
  readonly queue: QueueId;
  readonly life: number;
  readonly rank: number;
  readonly pos: number;
  readonly count: number;
}

const version = 1;
const fieldBytes = 24;
const macBytes = 8;
export const receiptKeyBytes = 32;

export class Receipts {
  private readonly signed: Buffer;
  private readonly text = Buffer.alloc(fieldBytes + macBytes);

  constructor(key: Uint8Array) {
    this.signed = Buffer.alloc(receiptKeyBytes + fieldBytes);
    this.signed.set(key.subarray(0, receiptKeyBytes));
  }

  encode(queue: number, life: number, rank: number, pos: number, count: number): Receipt {
    const { text } = this;
    text[0] = version;
    text[1] = rank;
    text.writeUIntLE(queue, 2, 6);
    text.writeUIntLE(life, 8, 6);
    text.writeUIntLE(pos, 14, 6);
    text.writeUInt32LE(count, 20);
    text.write(this.mac(text), fieldBytes, 'hex');
    return text.toString('base64url') as Receipt;
  }

  /** Undefined when it is none of ours. */
  decode(receipt: string): ReceiptFields | undefined {
    if (receipt.length !== 43) return undefined;
    const bytes = this.text;
    if (bytes.write(receipt, 'base64url') !== bytes.length || bytes[0] !== version) return undefined;
    if (bytes.toString('hex', fieldBytes) !== this.mac(bytes)) return undefined;
    return {
      rank: bytes.readUInt8(1),
      queue: bytes.readUIntLE(2, 6) as QueueId,
      life: bytes.readUIntLE(8, 6),
      pos: bytes.readUIntLE(14, 6),
      count: bytes.readUInt32LE(20),
    };
  }

  private mac(fields: Buffer): string {
    fields.copy(this.signed, receiptKeyBytes, 0, fieldBytes);
    return hash('sha256', this.signed, 'hex').slice(0, 2 * macBytes);
  }
}
