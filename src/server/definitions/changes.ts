/** What is other in a thing, setting by setting, in words for a person. */
import { canonicalJson } from '../../../protocols/sqs/json-text.ts';

/** One setting in words: `visibilityTimeout`, `30s`, `1m`. */
export interface Change {
  readonly setting: string;
  readonly before: string;
  readonly after: string;
}
/** Settings that are not as by default, each as one comparable word. */
export type Words = ReadonlyMap<string, string>;

/** @param fallbacks what a setting without a word is; `none` where nothing is said */
export function changesBetween(before: Words, after: Words, fallbacks: Readonly<Record<string, string>>) {
  const settings = new Set([...before.keys(), ...after.keys()]);
  return [...settings].flatMap((setting): readonly Change[] => {
    const fallback = fallbacks[setting] ?? 'none';
    const change = { setting, before: before.get(setting) ?? fallback, after: after.get(setting) ?? fallback };
    return change.before === change.after ? [] : [change];
  });
}

/** Out of settings as a file shows them; each tag is one of its own. */
export function wordsOf(settings: Readonly<Record<string, unknown>>): Map<string, string> {
  const words = new Map<string, string>();
  for (const [setting, value] of Object.entries(settings)) {
    if (setting !== 'tags') words.set(setting, wordOf(value));
    else for (const [key, text] of Object.entries(Object(value))) words.set(`tags.${key}`, String(text));
  }
  return words;
}

function wordOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).toSorted().join(' ');
  return typeof value === 'object' ? canonicalJson(JSON.stringify(value)) : String(value);
}

const wordCharactersMax = 60;

/** Two long words that differ at their end would look the same. */
export function changeText({ setting, before, after }: Change): string {
  if (before.length > wordCharactersMax && after.length > wordCharactersMax) return `${setting} is another`;
  return `${setting} ${short(before)} -> ${short(after)}`;
}

/** ` (visibilityTimeout 1m, tags.team shop)` */
export function wordsInBrackets(words: Words): string {
  const texts = [...words].map(([setting, word]) => `${setting} ${short(word)}`);
  return texts.length === 0 ? '' : ` (${texts.join(', ')})`;
}

/** Whether two policies, as texts, say the same. */
export function isSameJson(one: string | undefined, other: string | undefined): boolean {
  if (one === other) return true;
  return one !== undefined && other !== undefined && canonicalJson(one) === canonicalJson(other);
}

function short(word: string): string {
  return word.length > wordCharactersMax ? `${word.slice(0, wordCharactersMax - 1)}…` : word;
}
