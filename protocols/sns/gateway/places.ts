/**
 * Room for what is on its way out, in bytes; who finds none waits, in the order of coming. Nor does everybody begin at once
 * where there is room: to write an envelope takes time, in which the event loop does nothing else.
 */
export interface Places {
  /** @param bytes the same that it leaves with */
  take(bytes: number): Promise<void>;
  leave(bytes: number): void;
}

export interface PlacesBounds {
  readonly bytesMax: number;
  /** Of those that begin in one turn of the event loop. */
  readonly turnBytesMax: number;
}

/** What the smallest costs: a turn is for some hundred of them. */
const bytesMin = 4_096;

export function createPlaces({ bytesMax, turnBytesMax }: PlacesBounds): Places {
  const line: { readonly bytes: number; readonly enter: () => void }[] = [];
  let first = 0;
  let taken = 0;
  let takenInTurn = 0;

  return {
    take: (bytes) =>
      new Promise((enter) => {
        line.push({ bytes, enter });
        admit();
      }),
    leave(bytes) {
      taken -= bytes;
      admit();
    },
  };

  function admit(): void {
    for (let next = line[first]; next !== undefined; next = line[first]) {
      // One that alone is larger than all there is goes when nobody else does.
      if ((taken > 0 && taken + next.bytes > bytesMax) || takenInTurn >= turnBytesMax) break;
      if (takenInTurn === 0) setImmediate(nextTurn);
      first++;
      taken += next.bytes;
      takenInTurn += Math.max(next.bytes, bytesMin);
      next.enter();
    }
    // All at once: to take the first out of a long list each time costs its length.
    if (first * 2 < line.length) return;
    line.splice(0, first);
    first = 0;
  }

  function nextTurn(): void {
    takenInTurn = 0;
    admit();
  }
}
