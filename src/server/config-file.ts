import { GantryError } from '../model/errors.ts';
import { type FileEntry, type FileMap, type FileNode, failAt } from './file-node.ts';
import { readTextFile } from './text-file.ts';

const configBytesMax = 1 << 20;
/** Deeper than any key of ours goes. */
const levelsMax = 32;

/**
 * Reads a YAML file of `key: value`.
 * @returns undefined when there is no such file
 * @throws GantryError `invalid-argument` naming file, line and column
 */
export async function readConfigFile(path: string): Promise<readonly FileEntry[] | undefined> {
  const source = await readSource(path);
  if (source === undefined) return undefined;
  const { place, entries, text, items } = await parseYaml(source, path);
  if (entries !== undefined) return entries;
  return text === undefined && items === undefined ? [] : failAt(place, 'expected lines of "key: value"');
}

/**
 * A YAML document, JSON included, with the place of each part; an empty one is a node without content.
 * @param path that places name
 * @throws GantryError `invalid-argument` naming file, line and column
 */
export async function parseYaml(source: string, path: string): Promise<FileNode> {
  // Imported here, because a start without a file should not pay for the parser.
  const { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const fail = (offset: number, what: string): never => {
    throw new GantryError('invalid-argument', `${place(offset)}: ${what}`, { resource: path });
  };
  const textOf = (node: unknown): string | undefined => {
    if (!isScalar(node)) return undefined;
    if (typeof node.value === 'string' || typeof node.value === 'boolean') return String(node.value);
    return typeof node.value === 'number' ? (node.source ?? String(node.value)) : undefined;
  };
  const offsetOf = (node: unknown, parentOffset: number): number =>
    isNode(node) ? (node.range?.[0] ?? parentOffset) : parentOffset;
  const entriesOf = (map: { readonly items: readonly { key: unknown; value: unknown }[] }, level: number): FileMap =>
    map.items.map(({ key, value }) => {
      const offset = offsetOf(key, 0);
      const text = textOf(key) ?? fail(offset, 'expected the name of a key');
      return { key: text, keyPlace: place(offset), value: nodeOf(value, offset, level) };
    });
  const nodeOf = (node: unknown, parentOffset: number, level: number): FileNode => {
    const offset = offsetOf(node, parentOffset);
    if (level > levelsMax) return fail(offset, 'too many levels');
    const at = place(offset);
    if (isSeq(node)) return { place: at, items: node.items.map((item) => nodeOf(item, offset, level + 1)) };
    if (isMap(node)) return { place: at, entries: entriesOf(node, level + 1) };
    if (isAlias(node)) return { place: at, isAlias: true };
    const text = textOf(node);
    if (text === undefined) return { place: at };
    const value = isScalar(node) ? node.value : text;
    return typeof value === 'number' || typeof value === 'boolean' ? { place: at, text, value } : { place: at, text };
  };

  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error?.code === 'RESOURCE_EXHAUSTION') fail(error.pos[0], 'too many levels'); // The parser's stack has an end as well.
  if (error !== undefined) fail(error.pos[0], error.message);
  return nodeOf(document.contents, 0, 0);
}

async function readSource(path: string): Promise<string | undefined> {
  try {
    return await readTextFile(path, { bytesMax: configBytesMax });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('invalid-argument', `--config ${path}: ${why}`, { resource: path, cause });
  }
}
