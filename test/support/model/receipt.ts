import { createHmac } from 'node:crypto';
import type { Receipt } from '../../../storage/store.ts';

export interface ReceiptFacts {
  readonly queue: number;
  readonly life: number;
  readonly pos: number;
  readonly lease: number;
}

export function makeReceipt(secret: Uint8Array, facts: ReceiptFacts): Receipt {
  const text = [facts.queue, facts.life, facts.pos, facts.lease].join('.');
  return `${text}.${sign(secret, text)}` as Receipt;
}

/** Undefined when we never made it. */
export function readReceipt(secret: Uint8Array, receipt: string): ReceiptFacts | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.([\w-]+)$/.exec(receipt);
  if (match === null) return undefined;
  const [, queue, life, pos, lease, signature] = match;
  if (signature !== sign(secret, receipt.slice(0, receipt.lastIndexOf('.')))) return undefined;
  return { queue: Number(queue), life: Number(life), pos: Number(pos), lease: Number(lease) };
}

function sign(secret: Uint8Array, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url').slice(0, 11);
}
