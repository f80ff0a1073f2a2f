/**
 * States what our own code promises. Never asked about input: what a client can make false is a GantryError.
 * @throws Error when the invariant is broken; core and store let it stop the process.
 */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new InvariantError(invariant);
}

class InvariantError extends Error {
  constructor(invariant: string) {
    super(`broken invariant: ${invariant}`);
    this.name = 'InvariantError';
  }
}
