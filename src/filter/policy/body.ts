import { JsonError } from './json-error.ts';
import { JsonReader } from './json-reader.ts';
import { pathLengthMax } from './limits.ts';
import { parseNumeric } from './numeric.ts';
import type { Scalar } from './policy.ts';
import { ValueTree } from './value-tree.ts';

interface Level {
  readonly node: ValueTree;
  readonly depth: number;
  readonly isObject: boolean;
}

/**
 * Reads a body that is a JSON object, in one pass and without recursion. Keys are split at their dots: AWS takes
 * `{"a.b": 1}` and `{"a": {"b": 1}}` for the same. Each key is looked for over all elements of an array on its own:
 * that two conditions hold in the same element is not asked for.
 * @returns undefined for what is no JSON object, or has more levels than AWS's reader takes
 */
export function readBody(text: string): ValueTree | undefined {
  try {
    return readObject(new JsonReader(text));
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

function readObject(reader: JsonReader): ValueTree | undefined {
  if (reader.next() !== '{') return undefined;
  const root = new ValueTree();
  let level: Level = { node: root, depth: 0, isObject: true };
  // Where the next value goes: in an object the place of its name, in an array that of the array.
  let target: Omit<Level, 'isObject'> = level;
  const outer: Level[] = [];
  for (let token = reader.next(); token !== 'end'; token = reader.next()) {
    switch (token) {
      case 'name':
        target = descend(level, reader.text);
        break;
      case '{':
      case '[':
        outer.push(level);
        level = { ...target, isObject: token === '{' };
        break;
      case '}':
      case ']': {
        level = outer.pop() ?? level;
        if (!level.isObject) target = level;
        break;
      }
      default:
        target.node.add(scalarOf(token, reader.text));
    }
  }
  return root;
}

/** No policy has longer paths, so what is deeper may go anywhere that none looks at. */
function descend({ node, depth }: Level, key: string): { node: ValueTree; depth: number } {
  if (depth >= pathLengthMax) return { node: new ValueTree(), depth };
  if (!key.includes('.')) return { node: node.grow(key), depth: depth + 1 };
  let deeper = node;
  const parts = key.split('.', pathLengthMax + 1 - depth);
  if (parts.length > pathLengthMax - depth) return { node: new ValueTree(), depth: pathLengthMax };
  for (const part of parts) deeper = deeper.grow(part);
  return { node: deeper, depth: depth + parts.length };
}

/** The values of a text that is a JSON list of plain values, or one of them alone; undefined for anything else. */
export function readList(text: string): Scalar[] | undefined {
  const values: Scalar[] = [];
  try {
    const reader = new JsonReader(text);
    const first = reader.next();
    if (first === '{') return undefined;
    if (first !== '[') {
      values.push(scalarOf(first, reader.text));
      return reader.next() === 'end' ? values : undefined;
    }
    for (let token = reader.next(); token !== ']'; token = reader.next()) {
      if (token === '[' || token === '{') return undefined;
      values.push(scalarOf(token, reader.text));
    }
    return reader.next() === 'end' ? values : undefined;
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

function scalarOf(token: string, text: string): Scalar {
  if (token === 'string') return text;
  if (token === 'number') return parseNumeric(text) ?? text;
  return text === 'null' ? null : text === 'true';
}
