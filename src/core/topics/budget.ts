/**
 * What many drains together may have in memory. Who wants to read from its queue takes a share first, in the order of asking,
 * one turn each: what there is no room for stays on disk. A share is set aside for as much as a turn can bring, shrinks to what
 * it has brought, and ends with it.
 */
export interface Budget {
  /** Settles when it is the caller's turn. @param deliveriesMax that it can use, 1 or more; it may get fewer */
  take(deliveriesMax: number): Promise<Share>;
  /** More than half is kept: nobody should have more than it needs. */
  isCrowded(): boolean;
  /** Nobody has or wants any of it. */
  isIdle(): boolean;
}

export interface Share {
  readonly deliveriesMax: number;
  /** The turn brought this: what it could have brought besides is for others at once. */
  keep(deliveries: number, bytes: number): void;
  /** Harmless twice. */
  end(): void;
}

export interface BudgetBounds {
  readonly deliveriesMax: number;
  readonly bytesMax: number;
  /** Set aside for each turn: nothing that it brings is larger. */
  readonly turnBytesMax: number;
}

interface Waiting {
  readonly deliveriesMax: number;
  go(share: Share): void;
}

export function createBudget({ deliveriesMax, bytesMax, turnBytesMax }: BudgetBounds): Budget {
  const line: Waiting[] = [];
  let first = 0;
  /** What is kept and what is set aside; what is kept. */
  let deliveriesOut = 0;
  let bytesOut = 0;
  let deliveriesKept = 0;
  let bytesKept = 0;

  return {
    take: (wanted) =>
      new Promise((resolve) => {
        line.push({ deliveriesMax: wanted, go: resolve });
        serve();
      }),
    isCrowded,
    isIdle: () => deliveriesOut === 0 && first === line.length,
  };

  function isCrowded(): boolean {
    return deliveriesKept * 2 > deliveriesMax || bytesKept * 2 > bytesMax;
  }

  function serve(): void {
    for (let next = line[first]; next !== undefined && hasRoom(); next = line[first]) {
      first++;
      const room = isCrowded() ? 1 : deliveriesMax - deliveriesOut;
      next.go(share(Math.min(next.deliveriesMax, room)));
    }
    // All at once: to take the first out of a long list each time costs its length.
    if (first * 2 < line.length) return;
    line.splice(0, first);
    first = 0;
  }

  /** One that alone is larger than all there is goes when nobody else does. */
  function hasRoom(): boolean {
    if (deliveriesOut === 0) return true;
    return deliveriesOut < deliveriesMax && bytesOut + turnBytesMax <= bytesMax;
  }

  function share(granted: number): Share {
    let [deliveries, bytes] = [granted, turnBytesMax];
    let [kept, keptBytes] = [0, 0];
    deliveriesOut += deliveries;
    bytesOut += bytes;
    return {
      deliveriesMax: granted,
      keep: become,
      end: () => become(0, 0),
    };

    function become(nextDeliveries: number, nextBytes: number): void {
      deliveriesOut += nextDeliveries - deliveries;
      bytesOut += nextBytes - bytes;
      deliveriesKept += nextDeliveries - kept;
      bytesKept += nextBytes - keptBytes;
      [deliveries, bytes, kept, keptBytes] = [nextDeliveries, nextBytes, nextDeliveries, nextBytes];
      serve();
    }
  }
}
