/** What became of one attempt to hand a message to an endpoint outside. */
export type PushOutcome =
  | { readonly type: 'delivered'; readonly statusCode?: number; readonly response?: string }
  /** Worth another try; `afterMs`: not before (Retry-After). */
  | { readonly type: 'retry'; readonly reason: string; readonly statusCode?: number; readonly afterMs?: number }
  /** Will never succeed. */
  | { readonly type: 'failed'; readonly reason: string; readonly statusCode?: number };
