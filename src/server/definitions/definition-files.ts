import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GantryError } from '../../model/errors.ts';
import { didYouMean } from '../closest.ts';
import { parseYaml } from '../config-file.ts';
import { type FileMap, type FileNode, failAt, placeAt } from '../file-node.ts';
import { readTextFile } from '../text-file.ts';
import { definitionKinds } from './kinds.ts';
import type { PlainDefinitions } from './plan.ts';
import { type Environment, expandedItem } from './variables.ts';

/** Definitions out of files, and the way from an error about them to its place in one. */
export interface WrittenDefinitions {
  readonly plain: PlainDefinitions;
  /** With `definitions.yaml:12:5` in the place of `queues[3].delay`. */
  placed(error: GantryError): GantryError;
}

/** A list under the key of a kind, with the places of its parts. */
export interface WrittenItems {
  readonly key: string;
  readonly items: readonly FileNode[];
}

/** What came of one file. */
export interface ReadDefinitions {
  readonly items: readonly WrittenItems[];
  /** A line for each thing that was left out. */
  readonly remarks: readonly string[];
}

const fileBytesMax = 64 * 1024 * 1024;
const filesMax = 10_000;
const fileNames = /^[^.].*\.(ya?ml|json)$/;
/** Beside the kinds: what tells an editor the schema of a JSON file. */
const schemaKey = '$schema';

/**
 * The files, and of a folder those that end in .yaml, .yml or .json, by name.
 * @throws GantryError `invalid-argument`
 */
export async function listDefinitionFiles(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await statOf(path);
    if (!found.isDirectory()) files.push(path);
    else
      files.push(
        ...(await readdir(path))
          .filter((name) => fileNames.test(name))
          .toSorted()
          .map((name) => join(path, name)),
      );
    if (files.length > filesMax)
      throw new GantryError('invalid-argument', `${path}: more than ${filesMax} files of definitions`);
  }
  return files;
}

/** @throws GantryError `invalid-argument` naming file, line and column */
export async function readDefinitionFile(path: string): Promise<readonly WrittenItems[]> {
  return definitionsIn(await parseYaml(await readDefinitionText(path, false), path));
}

/** @param mayBePipe see TextFileLimits @throws GantryError `invalid-argument` naming the file */
export async function readDefinitionText(path: string, mayBePipe: boolean): Promise<string> {
  await statOf(path); // Which says in plain words that there is none.
  try {
    return await readTextFile(path, { bytesMax: fileBytesMax, mayBePipe });
  } catch (cause) {
    throw unreadable(path, messageOf(cause));
  }
}

/** @throws GantryError `invalid-argument` naming file, line and column */
export function definitionsIn({ entries, place, text, items }: FileNode): readonly WrittenItems[] {
  if (entries !== undefined) return itemsIn(entries.filter(({ key }) => key !== schemaKey));
  return text === undefined && items === undefined ? [] : failAt(place, `expected ${expectedKeys()}`);
}

/** @throws GantryError `invalid-argument` naming file, line and column */
export function itemsIn(entries: FileMap): readonly WrittenItems[] {
  const keys = definitionKinds.map(({ key }) => key);
  return entries.map(({ key, keyPlace, value }) => {
    if (!keys.includes(key)) failAt(keyPlace, `unknown key "${key.slice(0, 100)}"${didYouMean(key, keys)}`);
    if (value.items === undefined) return failAt(value.place, `expected a list of ${key}: "- name: ..."`);
    return { key, items: value.items };
  });
}

/**
 * All of them together, every `${NAME}` as the environment has it; `$${NAME}` stays as `${NAME}`.
 * @throws GantryError `invalid-argument` naming file, line and column
 */
export function gatherDefinitions(written: readonly WrittenItems[], environment: Environment): WrittenDefinitions {
  const nodes = new Map<string, readonly FileNode[]>();
  for (const { key, items } of written) nodes.set(key, [...(nodes.get(key) ?? []), ...items]);
  const plain = [...nodes].map(([key, items]) => {
    const kind = definitionKinds.find((one) => one.key === key);
    return [key, items.map((node) => expandedItem(node, kind, environment))] as const;
  });
  return { plain: Object.fromEntries(plain), placed: (error) => withPlaces(error, nodes) };
}

function expectedKeys(): string {
  return `lists under ${definitionKinds.map(({ key }) => `"${key}:"`).join(', ')}`;
}

/** `queues[3].deadLetter.queue`, as errors about definitions name a part of them. */
const pathPattern = /\b([a-zA-Z]+)\[(\d+)\]((?:\.[\w-]+|\[\d+\])*)/g;

function withPlaces(error: GantryError, nodes: ReadonlyMap<string, readonly FileNode[]>): GantryError {
  const message = error.message.replace(pathPattern, (whole, key: string, at: string, rest: string) => {
    const node = nodes.get(key)?.[Number(at)];
    return node === undefined ? whole : placeAt(node, stepsOf(rest));
  });
  const { code, resource, hint } = error;
  return new GantryError(code, message, {
    ...(resource === undefined ? {} : { resource }),
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)].map(([, name, at]) => name ?? Number(at));
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw unreadable(path, isMissing ? 'no such file or folder' : messageOf(cause));
  }
}

function unreadable(path: string, why: string): GantryError {
  return new GantryError('invalid-argument', `definitions ${path}: ${why}`, { resource: path });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
