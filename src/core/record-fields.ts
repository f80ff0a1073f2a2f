import { GantryError } from '../model/errors.ts';

/**
 * A record of ours is JSON, so that a person with the database's shell can read it.
 * @param what for errors: `queue "orders"`
 * @throws GantryError `internal` when it is none
 */
export function readRecord(value: Uint8Array, what: string, resource: string): RecordFields {
  try {
    const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
    return new RecordFields(JSON.parse(text), what, resource);
  } catch (cause) {
    if (cause instanceof GantryError) throw cause;
    throw new GantryError('internal', `the record of ${what} is no JSON`, { resource, cause });
  }
}

const noTexts: Readonly<Record<string, string>> = Object.freeze({});

/** Reads the fields of one object of a record, each as what it must be. */
export class RecordFields {
  private readonly values: Readonly<Record<string, unknown>>;
  private readonly what: string;
  private readonly resource: string;

  constructor(value: unknown, what: string, resource: string) {
    this.what = what;
    this.resource = resource;
    if (!isObject(value)) throw this.malformed('an object');
    this.values = value;
  }
  /** Of a record as a whole, so that a later Gantry can tell it from its own. @throws GantryError `internal` */
  requireVersion(version: number): void {
    const found = this.number('v');
    if (found === version) return;
    throw new GantryError('internal', `${this.what} has a record of version ${found}, ${version} expected`, {
      resource: this.resource,
      hint: 'Start the version of Gantry that wrote this data, or a later one.',
    });
  }
  has(name: string): boolean {
    return this.values[name] !== undefined;
  }
  number(name: string): number {
    const value = this.values[name];
    if (typeof value === 'number') return value;
    throw this.malformed(name);
  }
  boolean(name: string): boolean {
    const value = this.values[name];
    if (typeof value === 'boolean') return value;
    throw this.malformed(name);
  }
  text(name: string): string {
    const value = this.values[name];
    if (typeof value === 'string') return value;
    throw this.malformed(name);
  }
  oneOf<T extends string>(name: string, choices: readonly T[]): T {
    const choice = choices.find((each) => each === this.values[name]);
    if (choice !== undefined) return choice;
    throw this.malformed(name);
  }
  fields(name: string): RecordFields {
    return new RecordFields(this.values[name], this.what, this.resource);
  }
  /** As it is, to be read later. */
  object(name: string): object {
    const value = this.values[name];
    if (isObject(value)) return value;
    throw this.malformed(name);
  }
  list(name: string): readonly RecordFields[] {
    const value = this.values[name];
    if (!Array.isArray(value)) throw this.malformed(name);
    return value.map((each: unknown) => new RecordFields(each, this.what, this.resource));
  }
  texts(name: string): Readonly<Record<string, string>> {
    const value = this.values[name];
    if (!isObject(value)) throw this.malformed(name);
    const names = Object.keys(value);
    if (names.length === 0) return noTexts;
    const fields = new RecordFields(value, this.what, this.resource);
    return Object.fromEntries(names.map((each) => [each, fields.text(each)]));
  }
  private malformed(where: string): GantryError {
    return new GantryError('internal', `the record of ${this.what} is malformed at ${where}`, {
      resource: this.resource,
    });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
