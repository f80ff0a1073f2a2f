/** Lets actions with one key run one after the other, in the order asked; others do not wait for them. */
export interface Turns {
  take<T>(key: string, action: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  const lastByKey = new Map<string, Promise<void>>();
  return {
    take(key, action) {
      const before = lastByKey.get(key);
      const run = before === undefined ? action() : before.then(action);
      const end: Promise<void> = run.then(finish, finish);
      lastByKey.set(key, end);
      return run;

      function finish(): void {
        if (lastByKey.get(key) === end) lastByKey.delete(key);
      }
    },
  };
}
