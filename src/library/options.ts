import { GantryError } from '../model/errors.ts';
import { didYouMean } from '../server/closest.ts';
import type { Config } from '../server/config.ts';
import type { Option } from '../server/option-kinds.ts';
import { options } from '../server/options.ts';
import { readUserOptions, type UserOptions } from './users.ts';

export type { AccessKeyOptions, UserOptions } from './users.ts';

/** `gantry serve` reads a file; nothing around a test is read. */
type TableKey = Exclude<keyof typeof options, 'config'>;
/** A number also as it is written elsewhere (`'8MiB'`, `'off'`), a list also as its only item. */
type Given<T> = T extends number
  ? number | string
  : T extends readonly (infer E)[]
    ? Given<E> | readonly Given<E>[]
    : T;

/**
 * Every option of the broker, named as in docs and `--help` but in camelCase. Other than for `gantry serve` the default
 * is a free port, nothing on disk, no log, and test endpoints.
 */
export type GantryOptions = { readonly [K in TableKey]?: Given<Config[K]> | undefined } & {
  /** Short for one `httpPort`; default 0: any free one. */
  readonly port?: number | undefined;
  /** With users every request has to be signed by one of them. Default: everybody is let in. */
  readonly users?: readonly UserOptions[] | undefined;
  /**
   * The store can no longer be trusted (its disk failed, say): no request is served any more. Stop the broker and look at why.
   * Default: nothing but the failure of the requests.
   */
  readonly onBroken?: ((error: GantryError) => void) | undefined;
};

const defaults: Readonly<Record<string, unknown>> = {
  httpPort: [0],
  dataDir: ':memory:',
  logLevel: 'off',
  testEndpoints: true,
};
const own = ['port', 'users', 'onBroken'];
const rows: readonly (readonly [string, Option<unknown>])[] = Object.entries(options);

/** @throws GantryError `invalid-argument` that names the option */
export async function readOptions(given: GantryOptions): Promise<Config> {
  if (!isRecord(given)) throw bad('expected an object of options');
  const { port, users = [], onBroken, ...table } = given;
  if (onBroken !== undefined && typeof onBroken !== 'function') throw bad('onBroken: expected a function');
  if (port !== undefined && table.httpPort !== undefined) throw bad('has both port and httpPort');
  const asked = new Map<string, unknown>(Object.entries(port === undefined ? table : { ...table, httpPort: port }));
  const known = rows.map(([key]) => key).filter((key) => key !== 'config');
  for (const key of asked.keys())
    if (!known.includes(key)) throw bad(`unknown option "${key}"${didYouMean(key, [...known, ...own])}`);
  const values: Record<string, unknown> = { users: await readUserOptions(users), inlineDefinitions: [] };
  for (const [key, option] of rows) {
    const value = asked.get(key);
    values[key] = value === undefined ? (defaults[key] ?? option.default) : parse(key, option, value);
  }
  if (!isConfig(values)) throw new GantryError('internal', 'the option table and Config differ');
  return values;
}

/** By way of its text, so that what may be written is the same everywhere. */
function parse(key: string, option: Option<unknown>, value: unknown): unknown {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.some((item) => typeof item === 'object' || typeof item === 'function'))
    throw bad(`${key} is an object: expected ${option.expected}`);
  const texts = items.map(String);
  const isOff = option.isList && texts.length === 0 && (key === 'httpPort' || key === 'httpsPort');
  const parsed = option.parse(isOff ? ['off'] : texts);
  if (parsed !== undefined) return parsed;
  throw bad(`${key} ${JSON.stringify(texts.join(',').slice(0, 200))}: expected ${option.expected}`);
}

/** Also of what no compiler looked at. */
function isRecord(given: unknown): boolean {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function isConfig(values: object): values is Config {
  return 'users' in values && 'inlineDefinitions' in values && rows.every(([key]) => key in values);
}

function bad(what: string): GantryError {
  return new GantryError('invalid-argument', `startGantry: ${what}`);
}
