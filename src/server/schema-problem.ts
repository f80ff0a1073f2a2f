import type { BaseIssue } from 'valibot';
import { didYouMean } from './closest.ts';

/** What is wrong with a value that a schema judged: where in it, and in words. */
export interface SchemaProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * @param keysAt the keys that the schema knows at a path, for "did you mean"
 */
export function schemaProblem(
  issue: BaseIssue<unknown>,
  keysAt: (path: readonly (string | number)[]) => readonly string[],
): SchemaProblem {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  if (issue.type !== 'strict_object') return { path, message: issue.message };
  const key = String(path.at(-1) ?? '');
  const parent = path.slice(0, -1);
  if (issue.expected === 'never')
    return { path, message: `unknown key "${key.slice(0, 100)}"${didYouMean(key, keysAt(parent))}` };
  return issue.received === 'undefined'
    ? { path: parent, message: `lacks the key "${key}"` }
    : { path, message: 'expected keys and values' };
}

/** `deadLetter.after`, `queues[3].name`. */
export function pathText(path: SchemaProblem['path']): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');
}

/** The keys of the object that lies at `path` in a schema made of strict objects, arrays and optionals. */
export function keysOf(schema: unknown, path: readonly (string | number)[]): readonly string[] {
  let found = inner(schema);
  for (const step of path) found = inner(typeof step === 'number' ? fieldOf(found, 'item') : entryOf(found, step));
  return Object.keys(objectOf(fieldOf(found, 'entries')));
}

/** Past what wraps a schema: `optional(x)`, `pipe(x, ...)`. */
function inner(schema: unknown): unknown {
  const wrapped = fieldOf(schema, 'wrapped');
  return wrapped === undefined ? schema : inner(wrapped);
}

function entryOf(schema: unknown, key: string): unknown {
  const entries = objectOf(fieldOf(schema, 'entries'));
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}

function fieldOf(value: unknown, key: string): unknown {
  return objectOf(value)[key];
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
