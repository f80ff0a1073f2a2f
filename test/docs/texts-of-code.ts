import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './pages.ts';

/** A text of the code, as a page writes it: what is put in is `...`. */
function asShown(text: string): string {
  return text
    .replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '...')
    .replace(/\\(.)/g, '$1')
    .replace(/(?:\.\.\.)+/g, '...')
    .trim();
}

const literal = /'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/.source;
/** A text, or several put together with `+`. */
const sum = `(?:${literal})(?:\\s*\\+\\s*(?:${literal}))*`;

function plain(texts: string): string {
  return asShown([...texts.matchAll(new RegExp(literal, 'g'))].map(([one]) => one.slice(1, -1)).join(''));
}

/** What the failures say that files of the code make: all but failures of the program itself (`internal`). */
export function failureTexts(path: string): readonly string[] {
  const made = new RegExp(`new GantryError\\(\\s*'(?!internal')[a-z-]+',\\s*(${sum})`, 'g');
  const named = new RegExp(`\\bconst message =\\s*(${sum})`, 'g');
  const placed = new RegExp(`\\b(?:failAt|fail)\\([^'"\`;]*?,\\s*(${sum})`, 'g');
  const text = readFileSync(join(root, path), 'utf8');
  return [
    ...[made, named].flatMap((one) => [...text.matchAll(one)].flatMap(([, said = '']) => plain(said))),
    ...[...text.matchAll(placed)].flatMap(([, said = '']) => `...: ${plain(said)}`),
  ];
}

/** The names of the log's lines, wherever the code writes one. */
export function logEvents(): ReadonlyMap<string, string> {
  const events = new Map<string, string>();
  const call = new RegExp(`\\b\\w*[lL]og(?:\\(\\))?\\??\\s*\\.(fatal|error|warn|info|debug)\\(\\s*(${literal})`, 'g');
  for (const path of ['src', 'protocols', 'storage'].flatMap(sourcesBelow)) {
    for (const [, level = '', name = ''] of readFileSync(join(root, path), 'utf8').matchAll(call)) {
      for (const event of eventNames(plain(name))) events.set(event, level);
    }
  }
  return events;
}

/** One name is made of the store's state. */
function eventNames(name: string): readonly string[] {
  return name === 'store-...' ? ['store-broken', 'store-lost'] : [name];
}

function sourcesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${folder}/${path}`)
    .sort();
}
