import type { FileEntry, FileNode } from '../../file-node.ts';
import { failAt } from '../../file-node.ts';
import { type Fields, type ObjectPart, type Part, parseHocon, type Value } from './hocon-parse.ts';

/** A file in HOCON, references put in, and what it would include. */
export interface HoconFile {
  readonly root: FileNode;
  readonly includes: readonly { readonly place: string; readonly text: string }[];
}

/** Values looked at, those of references anew each time: a few lines of them could mean gigabytes. */
const valuesMax = 1_000_000;

/**
 * Reads what configurations of ElasticMQ are written in: objects, lists, texts, comments, `a.b = c`, objects that go into
 * earlier ones, `${a.b}` and `${?NAME}` out of the file or the environment.
 * @param path that places name
 * @throws GantryError `invalid-argument` naming file, line and column
 */
export function readHocon(
  source: string,
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): HoconFile {
  const lineStarts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const placeOf = (at: number): string => {
    const line = lineAt(lineStarts, at);
    return `${path}:${line + 1}:${at - (lineStarts[line] ?? 0) + 1}`;
  };
  const fail = (at: number, what: string): never => failAt(placeOf(at), what);
  const { root, includes } = parseHocon(source, fail);
  const underWay = new Set<Value>();
  let values = 0;

  return {
    root: objectNode(root, 0),
    includes: includes.map(({ at, text }) => ({ place: placeOf(at), text })),
  };

  function objectNode({ fields, offsets }: ObjectPart, at: number): FileNode {
    const entries: FileEntry[] = [];
    for (const [key, written] of fields) {
      const value = together(written);
      if (value !== undefined) entries.push({ key, keyPlace: placeOf(offsets.get(key) ?? at), value });
    }
    return { place: placeOf(at), entries };
  }

  /** @returns undefined: references that name nothing are all there is */
  function together(written: readonly Value[]): FileNode | undefined {
    let all: FileNode | undefined;
    for (const value of written) all = merged(all, nodeOf(value));
    return all;
  }

  function nodeOf(value: Value): FileNode | undefined {
    if (underWay.has(value)) fail(value.at, 'a reference that leads back to itself');
    if (++values > valuesMax) fail(value.at, 'too many references');
    underWay.add(value);
    const nodes = value.parts.map((part) => partNode(part, value.at));
    underWay.delete(value);
    const found = nodes.filter((node) => node !== undefined);
    if (found.length <= 1) return found[0];
    if (found.every(({ entries }) => entries !== undefined))
      return found.reduce((one, other) => merged(one, other) ?? other);
    // Between an object and another there is only space.
    const objects = found.filter(({ entries, items, text }) => entries ?? items ?? text?.trim());
    if (objects.every(({ entries }) => entries !== undefined))
      return objects.reduce((one, other) => merged(one, other) ?? other);
    const texts = found.map(({ text }) => text ?? fail(value.at, 'a text beside a list or an object'));
    return { place: placeOf(value.at), text: texts.join('') };
  }

  function partNode(part: Part, at: number): FileNode | undefined {
    switch (part.type) {
      case 'text':
        return { place: placeOf(at), text: part.text };
      case 'object':
        return objectNode(part, at);
      case 'list':
        return { place: placeOf(at), items: part.values.flatMap((value) => nodeOf(value) ?? []) };
      case 'reference':
        return referred(part);
    }
  }

  function referred({ path: steps, isOptional, at }: Extract<Part, { type: 'reference' }>): FileNode | undefined {
    const found = lookUp(root.fields, steps);
    if (found !== undefined) return found;
    const text = environment[steps.join('.')];
    if (text !== undefined) return { place: placeOf(at), text };
    return isOptional
      ? undefined
      : fail(at, `"\${${steps.join('.')}}" is neither in this file nor a variable that is set`);
  }

  /** Only what lies on the path is looked at, so that one queue may refer to another. */
  function lookUp(fields: Fields, [step = '', ...rest]: readonly string[]): FileNode | undefined {
    const written = fields.get(step) ?? [];
    if (rest.length === 0) return together(written);
    let all: FileNode | undefined;
    for (const { parts } of written)
      for (const part of parts) {
        const found = part.type === 'object' ? lookUp(part.fields, rest) : undefined;
        const other = part.type === 'reference' ? inside(referred(part), rest) : undefined;
        all = merged(all, found ?? other);
      }
    return all;
  }
}

function inside(node: FileNode | undefined, steps: readonly string[]): FileNode | undefined {
  let found = node;
  for (const step of steps) found = found?.entries?.find(({ key }) => key === step)?.value;
  return found;
}

/** An object goes into an earlier one; everything else takes its place. */
function merged(before: FileNode | undefined, after: FileNode | undefined): FileNode | undefined {
  if (after === undefined || before?.entries === undefined || after.entries === undefined) return after ?? before;
  const entries = new Map(before.entries.map((entry) => [entry.key, entry]));
  for (const entry of after.entries) {
    const value = merged(entries.get(entry.key)?.value, entry.value) ?? entry.value;
    entries.set(entry.key, { ...entry, value });
  }
  return { place: after.place, entries: [...entries.values()] };
}

function lineAt(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
