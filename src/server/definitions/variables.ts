import { type FileNode, failAt } from '../file-node.ts';
import type { DefinitionKind } from './kind.ts';

/** `${NAME}` in definitions: what it stands for when they are read, and what keeps a text from being one. */

export type Environment = Readonly<Record<string, string | undefined>>;
type Rules = Pick<DefinitionKind, 'foreignKeys' | 'placeholders'>;

const variablePattern = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Every `${NAME}` as the environment has it; `$${NAME}` becomes `${NAME}`.
 * @throws GantryError `invalid-argument` naming file, line and column
 */
export function expandedItem(item: FileNode, kind: Rules | undefined, environment: Environment): unknown {
  return dataOf(item, { environment, rules: kind ?? { foreignKeys: [], placeholders: {} }, key: '' });
}

/** What `expandedItem` makes the same of again: what looks like a variable and is none is escaped. */
export function escapedItem(value: unknown, rules: Rules | undefined, key = ''): unknown {
  if (typeof value === 'string') return isPlaceholder(value, key, rules) ? value : escapedText(value);
  if (Array.isArray(value)) return value.map((one) => escapedItem(one, rules, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      return [name, escapedItem(one, rules?.foreignKeys.includes(name) ? undefined : rules, name)];
    }),
  );
}

export function escapedText(text: string): string {
  return text.replace(/\$\{(?=[A-Za-z_][A-Za-z0-9_]*\})/g, '$$$${');
}

interface Reading {
  readonly environment: Environment;
  /** Undefined: below a foreign key, where numbers and switches stay. */
  readonly rules: Rules | undefined;
  /** Of the entry that this is in. */
  readonly key: string;
}

function dataOf({ place, text, value, items, entries, isAlias }: FileNode, reading: Reading): unknown {
  const { environment, rules, key } = reading;
  if (isAlias === true) return failAt(place, 'an alias is not read here: write out what it stands for');
  if (items !== undefined) return items.map((one) => dataOf(one, reading));
  if (entries !== undefined)
    return Object.fromEntries(
      entries.map((entry) => {
        const below = rules?.foreignKeys.includes(entry.key) ? undefined : rules;
        return [entry.key, dataOf(entry.value, { environment, rules: below, key: entry.key })];
      }),
    );
  if (rules === undefined && value !== undefined) return value;
  if (text === undefined) return null;
  // Whether it is needed only the broker knows: it may have what this stands for.
  if (isPlaceholder(text, key, rules) && (environment[text.slice(2, -1)] ?? '') === '') return text;
  return expanded(text, place, environment);
}

/** @param key of the entry, which may be called as what every object has */
function isPlaceholder(text: string, key: string, rules: Rules | undefined): boolean {
  return rules !== undefined && Object.hasOwn(rules.placeholders, key) && rules.placeholders[key]?.test(text) === true;
}

/** Only what can be the name of a variable is one: policies have `${aws:username}`. */
function expanded(text: string, place: string, environment: Environment): string {
  return text.replace(variablePattern, (whole, dollar: string, name: string) => {
    if (dollar !== '') return whole.slice(1);
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    return value ?? failAt(place, `"${whole}" names a variable that is not set`);
  });
}
