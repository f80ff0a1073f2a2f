import type { HolderId } from '../store.ts';

/** Who may hold leases without a time limit. A connection's end with it, or with the process; a session's outlive both. */
export interface Holder {
  readonly id: HolderId;
  readonly kind: 'connection' | 'session';
  readonly key: string | undefined;
  /** False for a session that is away. */
  isOpen: boolean;
}
