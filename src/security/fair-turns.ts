import { GantryError } from '../model/errors.ts';

/** Runs a few things at a time and lets some wait, in lanes that take turns: a crowd in one keeps nobody in another waiting long. */
export interface FairTurns {
  /** @throws GantryError `limit-exceeded` when too many wait, and this lane is as long as any; what `action` throws */
  take<T>(lane: string, action: () => Promise<T>): Promise<T>;
}

export interface FairTurnsLimits {
  readonly runningMax: number;
  /** In all lanes together. */
  readonly waitingMax: number;
  /** What who is refused is told. */
  readonly refusal: string;
}

interface Waiting {
  readonly begin: () => void;
  readonly refuse: (error: GantryError) => void;
}

export function createFairTurns({ runningMax, waitingMax, refusal }: FairTurnsLimits): FairTurns {
  /** In the order of their turns. None is empty. */
  const lanes = new Map<string, Waiting[]>();
  let waitingCount = 0;
  let running = 0;

  function next(): Waiting | undefined {
    for (const [name, lane] of lanes) {
      const first = lane.shift();
      lanes.delete(name);
      if (lane.length > 0) lanes.set(name, lane); // At the end.
      if (first !== undefined) waitingCount--;
      return first;
    }
    return undefined;
  }

  /** The newest of the longest lane gives its place up to who would be in a shorter one. */
  function makeRoom(length: number): void {
    if (waitingCount < waitingMax) return;
    let longest: Waiting[] = [];
    for (const lane of lanes.values()) if (lane.length > longest.length) longest = lane;
    const last = longest.length > length + 1 ? longest.pop() : undefined;
    if (last === undefined) throw new GantryError('limit-exceeded', refusal);
    waitingCount--;
    last.refuse(new GantryError('limit-exceeded', refusal));
  }

  function wait(name: string): Promise<void> {
    const lane = lanes.get(name) ?? [];
    makeRoom(lane.length);
    return new Promise((begin, refuse) => {
      lane.push({ begin, refuse });
      lanes.set(name, lane);
      waitingCount++;
    });
  }

  return {
    async take(lane, action) {
      if (running >= runningMax) await wait(lane);
      else running++;
      try {
        return await action();
      } finally {
        const first = next();
        if (first === undefined) running--;
        else first.begin(); // Its place goes to the next.
      }
    },
  };
}
