/** A bounded number at a time; the others wait in the order in which they came. */
export interface Places {
  take(): Promise<void>;
  leave(): void;
  /** More than half are taken. */
  isCrowded(): boolean;
}

export function createPlaces(max: number): Places {
  const waiting: (() => void)[] = [];
  let first = 0;
  let taken = 0;
  return {
    async take() {
      if (taken < max) taken++;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting[first];
      if (next === undefined) {
        taken--;
        return;
      }
      first++;
      // All at once: to take the first out of a long list each time costs its length.
      if (first === waiting.length) {
        waiting.length = 0;
        first = 0;
      }
      next(); // The place is handed on.
    },
    isCrowded: () => taken * 2 > max,
  };
}
