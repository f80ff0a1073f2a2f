import { GantryError } from '../model/errors.ts';
import { didYouMean } from './closest.ts';

/** What stands in a configuration file, each with its place for errors: `gantry.yaml:12:5`. Without a content: nothing. */
export interface FileNode {
  readonly place: string;
  readonly text?: string;
  /** Of a text that YAML takes for a number or a switch. */
  readonly value?: number | boolean;
  readonly items?: readonly FileNode[];
  readonly entries?: FileMap;
  /** It names another part of the file (`*name`), which is not read: a few lines of them could mean gigabytes. */
  readonly isAlias?: true;
}
export interface FileEntry {
  readonly key: string;
  readonly keyPlace: string;
  readonly value: FileNode;
}
export type FileMap = readonly FileEntry[];

/** @throws GantryError `invalid-argument` */
export function failAt(place: string, what: string): never {
  throw new GantryError('invalid-argument', `${place}: ${what}`);
}

/** One value, or a list of them. @throws GantryError `invalid-argument` */
export function textsIn(node: FileNode): readonly string[] {
  return (node.items ?? [node]).map(({ text, place }) => text ?? failAt(place, 'expected a value or a list of values'));
}

/** The value of each key, all of them known. @throws GantryError `invalid-argument` */
export function keysIn(node: FileNode, known: readonly string[], what: string): ReadonlyMap<string, FileNode> {
  if (node.entries === undefined) return failAt(node.place, `expected ${what}`);
  for (const { key, keyPlace } of node.entries) {
    if (!known.includes(key)) failAt(keyPlace, `unknown key "${key}"${didYouMean(key, known)}`);
  }
  return new Map(node.entries.map(({ key, value }) => [key, value]));
}

/** As plain data, numbers and booleans as texts. */
export function plainOf(node: FileNode): unknown {
  if (node.items !== undefined) return node.items.map(plainOf);
  if (node.entries !== undefined)
    return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainOf(value)]));
  return node.text ?? null;
}

/** Where the part of a node is that a path of keys and positions leads to; as far as there is one. */
export function placeAt(node: FileNode, path: readonly (string | number)[]): string {
  let found = node;
  let { place } = node;
  for (const step of path) {
    const entry = found.entries?.find(({ key }) => key === step);
    const next = typeof step === 'number' ? found.items?.[step] : entry?.value;
    if (next === undefined) break;
    found = next;
    place = entry?.keyPlace ?? next.place;
  }
  return place;
}
