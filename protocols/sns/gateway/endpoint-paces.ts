import { setMaxListeners } from 'node:events';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { Subscription } from '../../../src/model/topic.ts';
import { createThrottle, type Throttle } from '../delivery/throttle.ts';
import { snsLimits } from '../limits.ts';
import { createPlaces } from './places.ts';

/**
 * How fast each endpoint is sent to: one try at a time while it fails, and no faster than its policy says. What has been
 * written for all of them is bounded too, apart for those that fail or are slow: they take no room from one that lives.
 */
export class EndpointPaces {
  private readonly clock: Clock;
  private readonly places = createPlaces(snsLimits.outgoing);
  private readonly placesOfSlow = createPlaces(snsLimits.outgoingToSlow);
  private readonly failing = new Set<string>();
  private readonly slow = new Set<string>();
  private readonly throttles = new Map<string, { readonly perSecond: number; readonly throttle: Throttle }>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  inFlightMax({ address }: Subscription): number {
    return this.failing.has(address.id) ? 1 : snsLimits.pushesPerEndpointMax;
  }

  isSlow({ address }: Subscription): boolean {
    return this.failing.has(address.id) || this.slow.has(address.id);
  }

  /** Runs when there is room. @param bytes of what it will write */
  async inPlace<T>(subscription: Subscription, bytes: number, act: () => Promise<T>): Promise<T> {
    const places = this.isSlow(subscription) ? this.placesOfSlow : this.places;
    await places.take(bytes);
    try {
      return await act();
    } finally {
      places.leave(bytes);
    }
  }

  /** @param ms that the endpoint and its pace took, without the waiting for room */
  note({ address }: Subscription, { type }: PushOutcome, ms: number): void {
    mark(this.failing, address.id, type === 'retry');
    mark(this.slow, address.id, ms > snsLimits.slowMs);
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

function mark(ids: Set<string>, id: string, isIn: boolean): void {
  if (isIn) {
    ids.add(id);
    forgetOldest(ids);
  } else ids.delete(id);
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
