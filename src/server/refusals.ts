import type { Clock } from '../model/clock.ts';
import { type Refusal, type RefusalReason, refusalReasons } from '../security/refusal.ts';
import type { Log } from './log.ts';
import { createPace } from './pace.ts';
import { printable, requestFields } from './request-fields.ts';

export interface Refusals {
  note(refusal: Refusal): void;
  /** Since the start; every reason is there. */
  readonly counts: ReadonlyMap<RefusalReason, number>;
}

const whyCharactersMax = 500;

/** Counts what is refused, and says it in the log once a minute for each access key and reason. */
export function createRefusals(log: Pick<Log, 'warn'>, clock: Pick<Clock, 'now'>): Refusals {
  const counts = new Map<RefusalReason, number>(refusalReasons.map((reason) => [reason, 0]));
  // One for each reason, so that guessed keys do not keep quiet who lacks a right.
  const paces = new Map(refusalReasons.map((reason) => [reason, createPace(clock)]));
  return {
    counts,
    note({ reason, why, requested }) {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
      const fields = requestFields(requested);
      if (paces.get(reason)?.(fields.key ?? '') !== true) return;
      log.warn('request-refused', { reason, ...fields, why: why && printable(why, whyCharactersMax) });
    },
  };
}
