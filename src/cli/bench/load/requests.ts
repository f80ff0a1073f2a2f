/**
 * Request bytes made once and patched in place: what changes from one message to the next (its number, its message
 * group, its deduplication id) has a fixed width. Frugal: making requests must cost the generator next to nothing.
 */
import { randomBytes } from 'node:crypto';
import { dialectOf } from './dialects.ts';
import type { Endpoint } from './endpoint.ts';
import { signRequest } from './sign.ts';

export const bodyBytes = 1024;
const numberWidth = 16;
const groupWidth = 6;
/** Distinct over runs and generators, so that nothing is taken for a duplicate. */
const runPrefix = randomBytes(3).toString('hex');
let nextNumber = 0;

interface Slot {
  readonly group: number;
  readonly dedup: number;
  readonly body: number;
}

export interface SendPlan {
  readonly queueUrl: string;
  readonly entries: number;
  readonly groups?: number;
}
/** SendMessage (one entry) or SendMessageBatch, again and again. */
export interface Sends {
  readonly entries: number;
  /** The next one; its bytes hold until the one after it. */
  renew(): Buffer;
  /** The bodies that are in it. */
  bodies(): readonly string[];
}

/** Patched in place, each time with other bodies. Not signed. */
export class SendRequest implements Sends {
  readonly bytes: Buffer;
  private readonly slots: readonly Slot[];
  private readonly groups: number;

  constructor(endpoint: Endpoint, plan: SendPlan) {
    this.groups = plan.groups ?? 0;
    const entries = Array.from({ length: plan.entries }, (_, index) => ({
      ...(plan.entries > 1 ? { Id: `m${index}` } : {}),
      ...(this.groups > 0
        ? { MessageGroupId: marker('g', index, groupWidth), MessageDeduplicationId: marker('d', index, numberWidth) }
        : {}),
      MessageBody: marker('b', index, numberWidth) + filler(),
    }));
    const input =
      plan.entries > 1 ? { QueueUrl: plan.queueUrl, Entries: entries } : { QueueUrl: plan.queueUrl, ...entries[0] };
    const operation = plan.entries > 1 ? 'SendMessageBatch' : 'SendMessage';
    this.bytes = Buffer.from(dialectOf(endpoint).requestText(endpoint, operation, input), 'latin1');
    this.slots = entries.map((_, index) => ({
      group: this.bytes.indexOf(marker('g', index, groupWidth)),
      dedup: this.bytes.indexOf(marker('d', index, numberWidth)),
      body: this.bytes.indexOf(marker('b', index, numberWidth)),
    }));
  }

  get entries(): number {
    return this.slots.length;
  }

  renew(): Buffer {
    for (const slot of this.slots) {
      const number = nextNumber;
      const text = runNumber();
      this.bytes.write(text, slot.body, numberWidth, 'latin1');
      if (this.groups === 0) continue;
      this.bytes.write(text, slot.dedup, numberWidth, 'latin1');
      this.bytes.write(groupText(number % this.groups), slot.group, groupWidth, 'latin1');
    }
    return this.bytes;
  }

  bodies(): readonly string[] {
    return this.slots.map((slot) => this.bytes.toString('latin1', slot.body, slot.body + bodyBytes));
  }
}

/** The message group of that number; a filled queue has the same ones. */
export function groupText(group: number): string {
  return group.toString(36).padStart(groupWidth, '0');
}

/** A text of fixed width that occurs once in a request, until it is overwritten. */
function marker(kind: string, index: number, width: number): string {
  return kind + String(index).padEnd(width - 1, '~');
}

/** Sixteen characters that were never given before. */
export function runNumber(): string {
  return runPrefix + (nextNumber++).toString(36).padStart(numberWidth - runPrefix.length, '0');
}

/** What a body has besides its number. */
export function filler(): string {
  return randomBytes(bodyBytes)
    .toString('base64url')
    .slice(0, bodyBytes - numberWidth);
}

const waitSecondsAfterSend = 1;

/** Signed where the endpoint has credentials. */
export function requestText(endpoint: Endpoint, operation: string, input: object): string {
  return signedIfAsked(endpoint, dialectOf(endpoint).requestText(endpoint, operation, input));
}

function signedIfAsked(endpoint: Endpoint, text: string): string {
  return endpoint.credentials === undefined ? text : signRequest(text, endpoint.credentials, new Date());
}

export function receiveRequest(endpoint: Endpoint, queueUrl: string, waitSeconds = waitSecondsAfterSend): Buffer {
  const input = { QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds };
  return Buffer.from(requestText(endpoint, 'ReceiveMessage', input), 'latin1');
}

export function deleteRequest(endpoint: Endpoint, queueUrl: string, receipts: readonly string[]): Buffer {
  return Buffer.from(signedIfAsked(endpoint, dialectOf(endpoint).deleteText(endpoint, queueUrl, receipts)), 'latin1');
}
