import { GantryError } from '../../../src/model/errors.ts';

export type Members = ReadonlyMap<string, unknown>;

/** @param what what is wrong, in AWS's words behind "DeliveryPolicy: " */
export function refusedPolicy(what: string): GantryError {
  return new GantryError('invalid-argument', `DeliveryPolicy: ${what}`, { resource: 'DeliveryPolicy' });
}

/** One object of a DeliveryPolicy: typed members, refused by their whole path. A member that is null counts as left out. */
export class PolicyReader {
  private readonly members: Members;
  private readonly path: string;

  constructor(members: Members, path: string, known: readonly string[]) {
    this.members = members;
    this.path = path;
    for (const name of members.keys()) {
      if (!known.includes(name)) throw refusedPolicy(`Unexpected JSON member: ${this.pathOf(name)}`);
    }
  }

  /** How a message calls a member: `http.defaultHealthyRetryPolicy.numRetries`. */
  pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  section(name: string, known: readonly string[]): PolicyReader | undefined {
    const value = this.members.get(name) ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.refused(name, 'a JSON object');
    return new PolicyReader(new Map(Object.entries(value)), this.pathOf(name), known);
  }

  /** @throws GantryError where it is no whole number within the range, bounds included */
  integer(name: string, range: { readonly min: number; readonly max: number }): number | undefined {
    const value = this.members.get(name) ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw this.refused(name, 'an integer');
    if (value < range.min) throw this.refused(name, `greater than or equal to ${range.min}`);
    if (value > range.max) throw this.refused(name, `less than or equal to ${range.max}`);
    return value;
  }

  boolean(name: string): boolean | undefined {
    const value = this.members.get(name) ?? undefined;
    if (value !== undefined && typeof value !== 'boolean') throw this.refused(name, 'a boolean');
    return value;
  }

  text(name: string): string | undefined {
    const value = this.members.get(name) ?? undefined;
    if (value !== undefined && typeof value !== 'string') throw this.refused(name, 'a string');
    return value;
  }

  refused(name: string, mustBe: string): GantryError {
    return refusedPolicy(`${this.pathOf(name)} must be ${mustBe}`);
  }
}
