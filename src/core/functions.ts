/** What the broker asks of functions, wherever they run. */

/** What became of one invocation. */
export type FunctionOutcome =
  /** Run to its end, or taken to be run. */
  | { readonly type: 'accepted'; readonly statusCode: number; readonly requestId?: string | undefined }
  /** Worth another try; `afterMs`: not before. */
  | { readonly type: 'unavailable'; readonly reason: string; readonly statusCode?: number; readonly afterMs?: number }
  /** Will never succeed: there is no such function, or it may not be invoked. */
  | { readonly type: 'refused'; readonly reason: string; readonly statusCode?: number };

export interface FunctionInvoker {
  /**
   * Never throws for what a function or its runtime does.
   * @param functionArn with or without a version or alias at its end
   * @param event JSON
   * @param options.isAsync settles when the event has been taken, else when the function has ended
   */
  invoke(
    functionArn: string,
    event: string,
    options: { readonly isAsync: boolean; readonly signal: AbortSignal },
  ): Promise<FunctionOutcome>;
}
