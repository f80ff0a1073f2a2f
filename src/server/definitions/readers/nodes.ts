import type { FileEntry, FileNode } from '../../file-node.ts';

/** Pieces of which readers make definitions, with the places of what they are made of. */

export function entryOf(node: FileNode | undefined, key: string): FileNode | undefined {
  return node?.entries?.find((entry) => entry.key === key)?.value;
}

export function textEntry(key: string, text: string, place: string): FileEntry {
  return { key, keyPlace: place, value: { place, text } };
}
