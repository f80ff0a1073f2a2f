/**
 * Who waits until a message of a FIFO topic was handed on. Groups overtake one another in the log, so that each message is
 * waited for by itself.
 */
import type { Clock, Timer } from '../../model/clock.ts';

interface Waiting {
  readonly ended: Promise<void>;
  readonly go: () => void;
}

const waitMsMax = 5_000;
/** Handed on before anybody could wait for them: the log is served as soon as it has something. */
const earlyMax = 1_000;

export class Passages {
  private readonly clock: Clock;
  private readonly waiting = new Map<number, Waiting>();
  private readonly early = new Set<number>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Waits for a moment at most. @param isDuplicate nobody waits for it but those who wait for the first one */
  of(sequence: number, isDuplicate: boolean): Promise<void> {
    const known = this.waiting.get(sequence);
    if (known !== undefined) return known.ended;
    if (isDuplicate || this.early.delete(sequence)) return Promise.resolve();
    const { promise, resolve } = withResolver();
    const timer: Timer = this.clock.after(waitMsMax, () => go());
    const go = () => {
      timer.cancel();
      this.waiting.delete(sequence);
      resolve();
    };
    this.waiting.set(sequence, { ended: promise, go });
    return promise;
  }

  done(sequence: number): void {
    const waiting = this.waiting.get(sequence);
    if (waiting !== undefined) {
      waiting.go();
      return;
    }
    this.early.add(sequence);
    if (this.early.size <= earlyMax) return;
    for (const oldest of this.early) {
      this.early.delete(oldest);
      break;
    }
  }

  /** There is nothing to wait for any more. */
  end(): void {
    for (const { go } of [...this.waiting.values()]) go();
  }
}

function withResolver(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
