import { GantryError } from '../model/errors.ts';
import type { UserRecord } from '../security/users.ts';
import { didYouMean } from './closest.ts';
import { readConfigFile } from './config-file.ts';
import { type FileEntry, type FileMap, textsIn } from './file-node.ts';
import type { Option } from './option-kinds.ts';
import { type OptionKey, optionName, options, variableName } from './options.ts';
import { withoutPasswords } from './outward-option-kinds.ts';
import { fileVariableName, readVariableFile } from './variable-file.ts';

/** What the options say, each from the strongest place that names it: flag, environment, file, default. */
export type Config = {
  readonly [K in OptionKey]: (typeof options)[K] extends Option<infer T> ? T : never;
} & {
  /** Of the file alone; empty: there is no access control. */
  readonly users: readonly UserRecord[];
  /** Of the file alone: definitions that stand in it, as lists under their keys. */
  readonly inlineDefinitions: FileMap;
};
type Origin = 'flag' | 'environment' | 'file' | 'default';
export interface LoadedConfig {
  readonly config: Config;
  readonly origins: ReadonlyMap<string, Origin>;
  /** The file that was read. */
  readonly file: string | undefined;
}
export interface ConfigSources {
  /** By key of the option table, as written: `{ httpPort: ['0'] }`. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** One value as somebody wrote it, and how an error names its place. */
interface Written {
  readonly texts: readonly string[];
  readonly place: string;
  readonly origin: Origin;
  /** What an error shows in place of the value, which is perhaps a secret. */
  readonly shown?: string;
}

const rows: readonly (readonly [string, Option<unknown>])[] = Object.entries(options);
const defaultFile = 'gantry.yaml';

/** @throws GantryError `invalid-argument`, one line that names the flag, variable or `file:line:column` */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const written = new Map<string, Written>();
  for (const found of [fromFlags(sources.flags), await fromEnvironment(sources.environment)])
    for (const [key, value] of found) if (!written.has(key)) written.set(key, value);
  const file = await fromFile(written.get('config'), sources.environment);
  for (const [key, value] of file.written) if (!written.has(key)) written.set(key, value);

  const values: Record<string, unknown> = { users: file.users, inlineDefinitions: file.inlineDefinitions };
  const origins = new Map<string, Origin>(file.users.length > 0 ? [['users', 'file']] : []);
  for (const [key, option] of rows) {
    const value = written.get(key);
    values[key] = value === undefined ? option.default : parse(option, value);
    origins.set(key, value?.origin ?? 'default');
  }
  if (!isConfig(values)) throw new GantryError('internal', 'the option table and Config differ');
  return { config: values, origins, file: file.path };
}

function isConfig(values: object): values is Config {
  return 'users' in values && 'inlineDefinitions' in values && rows.every(([key]) => key in values);
}

function parse(option: Option<unknown>, written: Written): unknown {
  const value = option.parse(written.texts);
  if (value !== undefined) return value;
  const what = shown(written.shown === undefined ? written.texts : [written.shown]);
  throw new GantryError('invalid-argument', `${written.place} ${what}: expected ${option.expected}`);
}

function shown(texts: readonly string[]): string {
  return JSON.stringify(withoutPasswords(texts.join(',')).slice(0, 200));
}

function fromFlags(flags: ConfigSources['flags']): ReadonlyMap<string, Written> {
  const found = new Map<string, Written>();
  for (const [key, option] of rows) {
    const texts = flags[key];
    if (texts === undefined) continue;
    found.set(key, { texts: items(option, texts), place: `--${optionName(key)}`, origin: 'flag' });
  }
  return found;
}

/**
 * What Kubernetes and container links put there for a service named "gantry" (GANTRY_SERVICE_HOST,
 * GANTRY_PORT_4566_TCP=tcp://...) is nobody's spelling mistake: refusing it would keep a pod from starting.
 */
const serviceLink = /_SERVICE_(HOST|PORT(_.*)?)$|_PORT_\d+_(TCP|UDP)(_.*)?$/;
const serviceLinkValue = /^(tcp|udp):\/\//;
/** For commands that ask a running broker, and for client suites that start one: not the broker's. */
const otherVariables = new Set([
  ...['GANTRY_ENDPOINT', 'GANTRY_USER', 'GANTRY_PASSWORD', 'GANTRY_ACCOUNT', 'GANTRY_REGION'],
  ...['GANTRY_MAIN', 'GANTRY_ROOT'],
]);

async function fromEnvironment(environment: ConfigSources['environment']): Promise<ReadonlyMap<string, Written>> {
  const keys = new Map(rows.map(([key]) => [variableName(key), key]));
  const fileKeys = new Map(rows.map(([key]) => [fileVariableName(key), key]));
  const found = new Map<string, Written>();
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith('GANTRY_') || text === undefined || otherVariables.has(name)) continue;
    const key = keys.get(name) ?? fileKeys.get(name);
    const option = rows.find(([one]) => one === key)?.[1];
    if (key !== undefined && option !== undefined) {
      const value = await readVariable(option, name, text, keys.has(name));
      const other = found.get(key);
      if (other !== undefined) throw bothSet(other.place, name);
      found.set(key, value);
    } else if (!serviceLink.test(name) && !serviceLinkValue.test(text)) {
      throw new GantryError('invalid-argument', `unknown variable "${name}"${didYouMean(name, keys.keys())}`);
    }
  }
  return found;
}

async function readVariable(option: Option<unknown>, name: string, text: string, isValue: boolean): Promise<Written> {
  if (isValue) return { texts: items(option, [text]), place: name, origin: 'environment' };
  const value = await readVariableFile(name, text);
  return { texts: items(option, [value]), place: name, origin: 'environment', shown: text };
}

function bothSet(...names: readonly string[]): GantryError {
  const [one = '', other = ''] = [...names].sort((a, b) => a.length - b.length);
  return new GantryError('invalid-argument', `${one} and ${other} are both set: unset one of them`);
}

interface FileContent {
  readonly path: string | undefined;
  readonly written: ReadonlyMap<string, Written>;
  readonly users: readonly UserRecord[];
  readonly inlineDefinitions: FileMap;
}

/** Keys of the kinds of definitions, which are judged when the broker starts. */
const definitionKeys: readonly string[] = ['queues', 'topics'];

async function fromFile(asked: Written | undefined, environment: ConfigSources['environment']): Promise<FileContent> {
  const path = asked?.texts[0] ?? defaultFile;
  const entries = await readConfigFile(path);
  const written = new Map<string, Written>();
  const inlineDefinitions: FileEntry[] = [];
  let users: readonly UserRecord[] = [];
  if (entries === undefined) {
    if (asked === undefined) return { path: undefined, written, users, inlineDefinitions };
    throw new GantryError('invalid-argument', `${asked.place} ${shown(asked.texts)}: no such file`);
  }
  const keys = new Map(
    rows.filter(([, option]) => option.isOutsideFile !== true).map(([key]) => [optionName(key), key]),
  );
  for (const entry of entries) {
    if (entry.key === 'users') {
      // Imported here, because a start without users should not pay for policies.
      const { readUsers } = await import('./users-file.ts');
      users = await readUsers(entry.value, environment);
      continue;
    }
    if (definitionKeys.includes(entry.key)) {
      inlineDefinitions.push(entry);
      continue;
    }
    const key = keys.get(entry.key);
    const option = rows.find(([one]) => one === key)?.[1];
    if (key === undefined || option === undefined) {
      const hint = didYouMean(entry.key, [...keys.keys(), 'users', ...definitionKeys]);
      throw new GantryError('invalid-argument', `${entry.keyPlace}: unknown key "${entry.key}"${hint}`);
    }
    const { place } = entry.value;
    written.set(key, { texts: items(option, textsIn(entry.value)), place: `${place}: ${entry.key}`, origin: 'file' });
  }
  return { path, written, users, inlineDefinitions };
}

function items(option: Option<unknown>, texts: readonly string[]): readonly string[] {
  return option.isList ? texts.flatMap((text) => text.split(',')).map((text) => text.trim()) : texts;
}
