import { GantryError } from '../../model/errors.ts';

export interface Turns {
  /** Settles when it is the asker's turn. @returns ends it; once @throws GantryError `limit-exceeded` */
  take(): Promise<() => void>;
}

/** For what takes much memory: a few at a time, some wait, more are refused. */
export function createTurns(max: number, waitingMax: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;

  function end(): void {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next(); // The place goes to the next.
  }

  return {
    async take() {
      if (running < max) running++;
      else if (waiting.length < waitingMax) await new Promise<void>((resolve) => waiting.push(resolve));
      else
        throw new GantryError('limit-exceeded', 'too many requests of this kind are under way', { hint: 'Try again.' });
      return end;
    },
  };
}
