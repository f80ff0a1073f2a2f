/** One-shot signal from a connection that went away: lighter than AbortSignal, for there are thousands. */
export class Cancellation {
  isCancelled = false;
  private action: (() => void) | undefined;

  /** At most one listener; called at once when cancelled already. */
  onCancel(action: () => void): void {
    if (this.isCancelled) action();
    else this.action = action;
  }
  cancel(): void {
    if (this.isCancelled) return;
    this.isCancelled = true;
    this.action?.();
    this.action = undefined;
  }
}
