import { commonError } from './errors.ts';
import type { Form } from './form.ts';
import { base64Bytes, type Members } from './members.ts';
import {
  defaultKey,
  defaultValue,
  type InputSpelling,
  listInput,
  mapInput,
  type QuerySpelling,
} from './query-spelling.ts';

/** Parameters of one structure: their names within it, and where each stands in the form. */
interface Group {
  readonly names: string[];
  readonly positions: number[];
}

/** From here on a map of the names is cheaper than looking through them, whatever is asked how often. */
const scannedNamesMax = 24;
const wholeNumber = /^[+-]?\d{1,15}$/;

/**
 * Members of a structure that the Query protocol spells out in parameters: `Entry.2.Attribute.1.Value`. Each list or map
 * costs one pass over the parameters of its own structure, whatever their numbers are: no number is an index.
 * A wrong type is AWS's `MalformedInput`.
 */
export class QueryMembers implements Members {
  private readonly form: Form;
  private readonly spelling: QuerySpelling;
  private readonly group: { readonly names: readonly string[]; readonly positions?: readonly number[] };
  private indices: ReadonlyMap<string, number> | undefined;

  /** @param group default: the whole form */
  constructor(form: Form, spelling: QuerySpelling, group: QueryMembers['group'] = form) {
    this.form = form;
    this.spelling = spelling;
    this.group = group;
  }

  get isPlainText(): boolean {
    return this.form.isPlainText;
  }

  text(name: string): string | undefined {
    const index = this.find(name);
    return index < 0 ? undefined : this.valueAt(index);
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (wholeNumber.test(text)) return Number(text);
    throw malformed(name, 'an integer');
  }

  boolean(name: string): boolean | undefined {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined) return undefined;
    if (text === 'true' || text === 'false') return text === 'true';
    throw malformed(name, 'true or false');
  }

  bytes(name: string): Buffer | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const bytes = base64Bytes(text);
    if (bytes === undefined) throw malformed(name, 'valid base64');
    return bytes;
  }

  texts(name: string): readonly string[] | undefined {
    return this.elements(listInput(this.spelling, name))?.map((element) => this.inside(element, '', name));
  }

  textMap(name: string): readonly (readonly [string, string])[] | undefined {
    const spelling = mapInput(this.spelling, name);
    return this.mapped(name, spelling, (element) => this.inside(element, spelling.value ?? defaultValue, name));
  }

  structures(name: string): readonly Members[] | undefined {
    return this.elements(listInput(this.spelling, name))?.map((element) => this.structure(element));
  }

  structureMap(name: string): readonly (readonly [string, Members])[] | undefined {
    const spelling = mapInput(this.spelling, name);
    const prefix = `${spelling.value ?? defaultValue}.`;
    return this.mapped(name, spelling, (element) => this.structure(below(element, prefix)));
  }

  /** A key that stands twice counts as it stands last, like in JSON. */
  private mapped<T>(name: string, spelling: InputSpelling, read: (element: Group) => T) {
    const elements = this.elements(spelling);
    if (elements === undefined) return undefined;
    const entries = new Map<string, T>();
    for (const element of elements) entries.set(this.inside(element, spelling.key ?? defaultKey, name), read(element));
    return [...entries];
  }

  private structure(group: Group): Members {
    return new QueryMembers(this.form, this.spelling, group);
  }

  /** @throws AwsError `MalformedInput` when the element has no such part */
  private inside(element: Group, part: string, name: string): string {
    const position = element.positions[element.names.indexOf(part)];
    if (position !== undefined) return this.form.value(position);
    throw commonError('MalformedInput', `An element of ${name} has no ${part === '' ? 'value' : part}.`);
  }

  /**
   * The elements of a list or map by their numbers, gaps or not. What has no number is one element more, for AWS's own
   * pages leave it out where there is one. @returns undefined when there are none; a name alone is an empty list
   */
  private elements({ prefixes }: InputSpelling): readonly Group[] | undefined {
    const { names, positions } = this.group;
    const groups = new Map<number, Group>();
    let isThere = false;
    let last = -1;
    let isSorted = true;
    for (let index = 0; index < names.length; index++) {
      const rest = restOf(names[index] ?? '', prefixes);
      if (rest === undefined) continue;
      isThere = true;
      const position = positions?.[index] ?? index;
      if (rest === '' && this.form.value(position) === '') continue; // An empty list, as SDKs spell it.
      const digits = digitsIn(rest);
      const number = digits === 0 ? 0 : Number(rest.slice(0, digits));
      const group = groups.get(number) ?? addTo(groups, number);
      if (number < last) isSorted = false;
      last = number;
      group.names.push(digits === 0 ? rest : rest.slice(digits + 1));
      group.positions.push(position);
    }
    if (!isThere) return undefined;
    if (isSorted) return [...groups.values()];
    return [...groups].toSorted(([left], [right]) => left - right).map(([, group]) => group);
  }

  private find(name: string): number {
    const { names } = this.group;
    if (names.length <= scannedNamesMax) return names.indexOf(name);
    this.indices ??= indicesOf(names);
    return this.indices.get(name) ?? -1;
  }

  private valueAt(index: number): string {
    return this.form.value(this.group.positions?.[index] ?? index);
  }
}

/** What follows the prefix and its dot; `''` for the prefix alone. */
function restOf(name: string, prefixes: readonly string[]): string | undefined {
  for (const prefix of prefixes) {
    if (!name.startsWith(prefix)) continue;
    if (name.length === prefix.length) return '';
    if (name.charCodeAt(prefix.length) === dot) return name.slice(prefix.length + 1);
  }
  return undefined;
}

/** How many digits the number at the beginning has; 0: there is none. */
function digitsIn(rest: string): number {
  let digits = 0;
  while (isDigit(rest.charCodeAt(digits))) digits++;
  const isWhole = digits === rest.length || rest.charCodeAt(digits) === dot;
  return isWhole && digits <= numberDigitsMax ? digits : 0;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function below(element: Group, prefix: string): Group {
  const group: Group = { names: [], positions: [] };
  for (const [index, name] of element.names.entries()) {
    if (!name.startsWith(prefix)) continue;
    group.names.push(name.slice(prefix.length));
    group.positions.push(element.positions[index] ?? 0);
  }
  return group;
}

function addTo(groups: Map<number, Group>, number: number): Group {
  const group: Group = { names: [], positions: [] };
  groups.set(number, group);
  return group;
}

function indicesOf(names: readonly string[]): ReadonlyMap<string, number> {
  const indices = new Map<string, number>();
  for (const [index, name] of names.entries()) if (!indices.has(name)) indices.set(name, index);
  return indices;
}

const dot = 0x2e;
const numberDigitsMax = 15;

function malformed(name: string, wanted: string): Error {
  return commonError('MalformedInput', `The value of ${name} is not ${wanted}.`);
}
