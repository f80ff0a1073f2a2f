import type { Headers, Property } from '../model/message.ts';

export interface OutgoingMessage {
  /** groupId, dedupId, priority and expiresAt act; the rest is carried. */
  readonly headers: Headers;
  readonly properties: readonly Property[];
  readonly body: Uint8Array;
  /** Milliseconds; undefined: the queue's own delay. */
  readonly delayMs: number | undefined;
}
