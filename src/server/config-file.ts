import { readFile } from 'node:fs/promises';
import { GantryError } from '../model/errors.ts';

/** One key of the file, each with its place for errors: `gantry.yaml:12:5`. */
export interface FileEntry {
  readonly key: string;
  readonly keyPlace: string;
  readonly texts: readonly string[];
  readonly valuePlace: string;
}

const fileBytesMax = 1 << 20;

/**
 * Reads a YAML file of `key: value` and `key: [values]`.
 * @returns undefined when there is no such file
 * @throws GantryError `invalid-argument` naming file, line and column
 */
export async function readConfigFile(path: string): Promise<readonly FileEntry[] | undefined> {
  const source = await readSource(path);
  if (source === undefined) return undefined;
  // Imported here, because a start without a file should not pay for the parser.
  const { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const fail = (offset: number, what: string): never => {
    throw new GantryError('invalid-argument', `${place(offset)}: ${what}`, { resource: path });
  };
  const scalarText = (node: unknown, parentOffset: number): string => {
    if (isScalar(node) && (typeof node.value === 'string' || typeof node.value === 'boolean'))
      return String(node.value);
    if (isScalar(node) && typeof node.value === 'number') return node.source ?? String(node.value);
    return fail(
      isNode(node) ? (node.range?.[0] ?? parentOffset) : parentOffset,
      'expected a value or a list of values',
    );
  };

  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) fail(error.pos[0], error.message);
  const root = document.contents;
  if (root === null) return [];
  if (!isMap(root)) return fail(root.range?.[0] ?? 0, 'expected lines of "key: value"');
  return root.items.map(({ key, value }) => {
    const keyOffset = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
    const valueOffset = isNode(value) ? (value.range?.[0] ?? keyOffset) : keyOffset;
    const texts = isSeq(value)
      ? value.items.map((item) => scalarText(item, valueOffset))
      : [scalarText(value, valueOffset)];
    return { key: scalarText(key, keyOffset), keyPlace: place(keyOffset), texts, valuePlace: place(valueOffset) };
  });
}

async function readSource(path: string): Promise<string | undefined> {
  try {
    const source = await readFile(path, 'utf8');
    if (source.length <= fileBytesMax) return source;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('invalid-argument', `--config ${path}: ${why}`, { resource: path, cause });
  }
  throw new GantryError('invalid-argument', `--config ${path}: larger than ${fileBytesMax} bytes`, { resource: path });
}
