/**
 * How often endpoints are asked to confirm: whoever may subscribe chooses the address, and must not fill anybody's mailbox or
 * the disk through us. Whatever is left out or put off, the answer to Subscribe is AWS's.
 */
import type { Instant } from '../../src/model/clock.ts';
import { snsLimits } from './limits.ts';

export interface ConfirmationPace {
  /** Whether the endpoint of a subscription that was asked already may be asked again. True is given once for its while. */
  mayRepeat(subscriptionId: string, now: Instant): boolean;
  /** It was not asked after all. */
  takeBack(subscriptionId: string): void;
  /** @returns milliseconds by which what this account sets off now is put off; 0 as a rule */
  delayMs(account: string, now: Instant): number;
}

export function createConfirmationPace(): ConfirmationPace {
  /** When it may be asked next; the oldest first. */
  const nextById = new Map<string, Instant>();
  /** When the account's allowance would be whole again; the account that asked last stands last. */
  const wholeByAccount = new Map<string, Instant>();
  const { confirmationsAtOnce, confirmationEveryMs, confirmationDelayMsMax, confirmationRepeatMs } = snsLimits;
  const allowanceMs = confirmationsAtOnce * confirmationEveryMs;

  return {
    mayRepeat(subscriptionId, now) {
      forget(nextById, now);
      if (nextById.has(subscriptionId)) return false;
      nextById.set(subscriptionId, now + confirmationRepeatMs);
      return true;
    },
    takeBack: (subscriptionId) => void nextById.delete(subscriptionId),
    delayMs(account, now) {
      const wholeAt = Math.max(wholeByAccount.get(account) ?? 0, now) + confirmationEveryMs;
      const delayMs = Math.max(0, wholeAt - now - allowanceMs);
      if (delayMs > confirmationDelayMsMax) return confirmationDelayMsMax;
      wholeByAccount.delete(account);
      wholeByAccount.set(account, wholeAt);
      forget(wholeByAccount, now);
      return delayMs;
    },
  };
}

/** What is over, and the oldest where there is too much. */
function forget(until: Map<string, Instant>, now: Instant): void {
  for (const [key, at] of until) {
    if (at > now && until.size <= snsLimits.confirmationPacesMax) return;
    until.delete(key);
  }
}
