/**
 * States what our own code promises. Never asked about input: what a client can make false is a GantryError.
 * @throws Error when the invariant is broken; core and store let it stop the process.
 */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new InvariantError(invariant);
}

/** For the `default` of a switch over a union: the compiler proves that it cannot be reached. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected ${String(value)}`);
}

export class InvariantError extends Error {
  constructor(invariant: string) {
    super(`broken invariant: ${invariant}`);
    this.name = 'InvariantError';
  }
}
