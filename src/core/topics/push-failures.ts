import type { Instant } from '../../model/clock.ts';
import type { SubscriptionAddress } from '../../model/topic.ts';

/** Why the last try to hand something to an endpoint was in vain. */
export interface PushFailure {
  readonly reason: string;
  readonly statusCode: number | undefined;
  readonly at: Instant;
  /** 1 at first, of the message that was tried. */
  readonly attempt: number;
  /** Undefined: that message was given up. */
  readonly nextTryAt: Instant | undefined;
}

/** Endpoints of which the last failure is remembered; the oldest make room. */
const rememberedMax = 10_000;

/** Of each endpoint that failed and has taken nothing since. In memory: after a start the next try tells anew. */
export class PushFailures {
  private readonly byId = new Map<string, PushFailure>();

  of({ id }: SubscriptionAddress): PushFailure | undefined {
    return this.byId.get(id);
  }

  note({ id }: SubscriptionAddress, failure: PushFailure): void {
    this.byId.set(id, failure);
    if (this.byId.size <= rememberedMax) return;
    const oldest = this.byId.keys().next();
    if (oldest.done !== true) this.byId.delete(oldest.value);
  }

  forget({ id }: SubscriptionAddress): void {
    this.byId.delete(id);
  }
}
