import { setMaxListeners } from 'node:events';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { Subscription } from '../../../src/model/topic.ts';
import { createThrottle, type Throttle } from '../delivery/throttle.ts';
import { snsLimits } from '../limits.ts';
import { createPlaces } from './places.ts';

/**
 * How fast each endpoint is sent to: one try at a time while it fails, and no faster than its policy says. What has been
 * written for all of them is bounded too, apart for those that fail, so that dead endpoints take no room from one that lives.
 */
export class EndpointPaces {
  private readonly clock: Clock;
  private readonly places = createPlaces(snsLimits.outgoing);
  private readonly placesOfFailing = createPlaces(snsLimits.outgoingToFailing);
  private readonly failing = new Set<string>();
  private readonly throttles = new Map<string, { readonly perSecond: number; readonly throttle: Throttle }>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  inFlightMax(subscription: Subscription): number {
    return this.isFailing(subscription) ? 1 : snsLimits.pushesPerEndpointMax;
  }

  isFailing({ address }: Subscription): boolean {
    return this.failing.has(address.id);
  }

  /** Runs when there is room. @param bytes of what it will write */
  async inPlace<T>(subscription: Subscription, bytes: number, act: () => Promise<T>): Promise<T> {
    const places = this.isFailing(subscription) ? this.placesOfFailing : this.places;
    await places.take(bytes);
    try {
      return await act();
    } finally {
      places.leave(bytes);
    }
  }

  note({ address }: Subscription, { type }: PushOutcome): void {
    if (type !== 'retry') this.failing.delete(address.id);
    else {
      this.failing.add(address.id);
      forgetOldest(this.failing);
    }
  }

  /** Waits for its turn, or until the broker stops. @param perSecond undefined: any number */
  async throttled({ address }: Subscription, perSecond: number | undefined, signal: AbortSignal): Promise<void> {
    if (perSecond === undefined) return;
    const throttle = this.throttleOf(address.id, perSecond);
    for (let waitMs = throttle.take(); waitMs > 0 && !signal.aborted; waitMs = throttle.take()) {
      await pause(this.clock, waitMs, signal);
    }
  }

  private throttleOf(id: string, perSecond: number): Throttle {
    const known = this.throttles.get(id);
    if (known?.perSecond === perSecond) return known.throttle;
    const throttle = createThrottle(this.clock, perSecond);
    this.throttles.set(id, { perSecond, throttle });
    forgetOldest(this.throttles);
    return throttle;
  }
}

/** What is remembered of subscriptions that are no more is not found out: the oldest make room. */
function forgetOldest(remembered: { readonly size: number; keys(): Iterator<string>; delete(id: string): boolean }) {
  if (remembered.size <= snsLimits.endpointsRememberedMax) return;
  const oldest = remembered.keys().next();
  if (oldest.done !== true) remembered.delete(oldest.value);
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  setMaxListeners(0, signal); // One signal is for all that wait.
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.after(ms, end);
    signal.addEventListener('abort', end);
  });
}
