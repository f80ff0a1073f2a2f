import type { QueueAddress } from '../model/queue.ts';

/** Why a request is refused: few, for each is a label of a metric. */
export const refusalReasons = [
  'unknown-key',
  'wrong-signature',
  'clock-off',
  'expired',
  'malformed-signature',
  'unsigned',
  'wrong-password',
  'no-rights',
  'foreign-page',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** What a person who looks after the broker knows a request by; as it was sent, so not to be shown unchecked. */
export interface Requested {
  /** Empty: nobody could tell. */
  readonly operation: string;
  /** Of the access key that it says it is signed with; undefined: it says none. */
  readonly keyId: string | undefined;
  readonly remoteAddress: string;
  readonly queue: QueueAddress | undefined;
}
export interface Refusal {
  readonly reason: RefusalReason;
  /** Where it says more than the reason does, and nothing that must stay secret. */
  readonly why: string | undefined;
  readonly requested: Requested;
}
