/** HOCON as it is written: what stands under each key, in order; what it comes to is hocon.ts's to say. */

/** Each key with all that it is set to, for a later object goes into an earlier one. */
export type Fields = Map<string, Value[]>;
export interface Value {
  readonly at: number;
  /** `10 seconds`, `${base} { delay = 1 s }`: what stands beside each other is put together. */
  readonly parts: readonly Part[];
}
export type Part =
  | { readonly type: 'text'; readonly text: string; readonly isQuoted: boolean }
  | { readonly type: 'object'; readonly fields: Fields; readonly offsets: ReadonlyMap<string, number> }
  | { readonly type: 'list'; readonly values: readonly Value[] }
  | { readonly type: 'reference'; readonly path: readonly string[]; readonly isOptional: boolean; readonly at: number };
export type ObjectPart = Extract<Part, { type: 'object' }>;

export interface ParsedHocon {
  readonly root: ObjectPart;
  /** Files that it wants to be read with it. */
  readonly includes: readonly { readonly at: number; readonly text: string }[];
}

/** Deeper than any configuration goes. */
const levelsMax = 32;
/** A pattern that goes over all of it must not run out of stack. */
const charactersMax = 8 * 1024 * 1024;

/** @param fail with the offset of the mistake */
export function parseHocon(source: string, fail: (at: number, what: string) => never): ParsedHocon {
  let at = source.startsWith('\ufeff') ? 1 : 0;
  const includes: { at: number; text: string }[] = [];
  if (source.length > charactersMax) fail(0, `larger than ${charactersMax} characters`);

  skip(/(?:\s|,|#.*|\/\/.*)*/y);
  const isBraced = source[at] === '{';
  if (isBraced) at++;
  const root = fieldsUntil(isBraced ? '}' : '', 0);
  skip(/(?:\s|#.*|\/\/.*)*/y);
  if (at < source.length) fail(at, `"${source[at]}" closes nothing`);
  return { root, includes };

  /** Reads past its end as well. */
  function fieldsUntil(end: '}' | '', level: number): ObjectPart {
    if (level > levelsMax) fail(at, 'too many levels');
    const fields: Fields = new Map();
    const offsets = new Map<string, number>();
    for (;;) {
      skip(/(?:\s|,|#.*|\/\/.*)*/y);
      if (at >= source.length && end !== '') fail(at, 'a "}" is missing');
      if (at >= source.length || source[at] === end) {
        at += end.length;
        return { type: 'object', fields, offsets };
      }
      const include = taken(/include(?=[\s"(])[ \t]*("[^"\n]*"|[a-z]+\([^\n]*\))/y);
      if (include === undefined) field(fields, offsets, level);
      else includes.push({ at: at - include.length, text: include });
    }
  }

  function field(fields: Fields, offsets: Map<string, number>, level: number): void {
    const begin = at;
    const path = keyPath();
    skip(/\s*/y);
    if (source.startsWith('+=', at)) fail(at, '"+=" is not read here: write the whole list');
    if (source[at] === '=' || source[at] === ':') at++;
    else if (source[at] !== '{') fail(at, 'expected "=", ":" or "{" after the key');
    skip(/(?:\s|#.*|\/\/.*)*/y);
    let value = valueAt(level);
    for (const key of path.slice(1).toReversed())
      value = {
        at: begin,
        parts: [{ type: 'object', fields: new Map([[key, [value]]]), offsets: new Map([[key, begin]]) }],
      };
    const [first = ''] = path;
    fields.set(first, [...(fields.get(first) ?? []), value]);
    if (!offsets.has(first)) offsets.set(first, begin);
  }

  function keyPath(): readonly string[] {
    const path: string[] = [];
    do {
      const quoted = taken(/"(?:[^"\\\n]|\\.)*"/y);
      const key = quoted === undefined ? taken(/[^\s"{}[\]:=,+#`^?!@*&\\.$]+/y) : unquoted(quoted);
      path.push(key ?? fail(at, 'expected the name of a key'));
    } while (taken(/\./y) !== undefined);
    return path;
  }

  function valueAt(level: number): Value {
    const begin = at;
    const parts: Part[] = [];
    while (at < source.length) {
      const space = taken(/[ \t\r]+/y);
      if (space !== undefined) parts.push({ type: 'text', text: space, isQuoted: false });
      const part = partAt(level);
      if (part === undefined) break;
      parts.push(part);
    }
    const trimmed = withoutSpace(parts);
    if (trimmed.length === 0) fail(begin, 'a value is missing');
    return { at: begin, parts: trimmed };
  }

  function partAt(level: number): Part | undefined {
    if (taken(/\{/y) !== undefined) return fieldsUntil('}', level + 1);
    if (taken(/\[/y) !== undefined) return { type: 'list', values: valuesUntilBracket(level + 1) };
    const triple = taken(/"""[\s\S]*?"""+/y);
    if (triple !== undefined) return { type: 'text', text: triple.slice(3, -3), isQuoted: true };
    const quoted = taken(/"(?:[^"\\\n]|\\.)*"/y);
    if (quoted !== undefined) return { type: 'text', text: unquoted(quoted), isQuoted: true };
    if (source[at] === '"') fail(at, 'a closing quote is missing');
    const begin = at;
    const reference = taken(/\$\{\??[^}\n]*\}/y);
    if (reference !== undefined) return referenceOf(reference, begin);
    const text = taken(/(?:(?!\/\/|\$\{)[^\s,{}[\]"#])+/y);
    return text === undefined ? undefined : { type: 'text', text, isQuoted: false };
  }

  function valuesUntilBracket(level: number): readonly Value[] {
    if (level > levelsMax) fail(at, 'too many levels');
    const values: Value[] = [];
    for (;;) {
      skip(/(?:\s|,|#.*|\/\/.*)*/y);
      if (at >= source.length) fail(at, 'a "]" is missing');
      if (taken(/\]/y) !== undefined) return values;
      values.push(valueAt(level));
    }
  }

  function referenceOf(text: string, begin: number): Part {
    const [, optional = '', words = ''] = /^\$\{(\??)\s*(.*?)\s*\}$/s.exec(text) ?? [];
    const path = words.split('.').map((word) => word.replace(/^"(.*)"$/, '$1'));
    if (path.includes('')) fail(begin, `${text} names nothing`);
    return { type: 'reference', path, isOptional: optional !== '', at: begin };
  }

  function unquoted(text: string): string {
    try {
      return String(JSON.parse(text));
    } catch {
      return fail(at - text.length, 'a text with a wrong escape');
    }
  }

  function skip(pattern: RegExp): void {
    taken(pattern);
  }

  /** @param pattern sticky */
  function taken(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    at += found?.length ?? 0;
    return found;
  }
}

/** Space at both ends means nothing, between two parts it is text. */
function withoutSpace(parts: readonly Part[]): readonly Part[] {
  const isSpace = (part: Part | undefined) => part?.type === 'text' && !part.isQuoted && part.text.trim() === '';
  const from = parts.findIndex((part) => !isSpace(part));
  if (from < 0) return [];
  return parts.slice(from, parts.findLastIndex((part) => !isSpace(part)) + 1);
}
