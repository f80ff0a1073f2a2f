/**
 * The AWS CLI's short spelling of maps and structures: `K=V,K2=V2`, `K=a,b` (a list), `K=[a,b]`, `K={L=w,M=x}`, values in
 * single or double quotes. What a value is to become is the shape's matter.
 */
export type Plain = string | readonly Plain[] | PlainObject;
export type PlainObject = { readonly [key: string]: Plain };

const depthMax = 32;
const keyPattern = /[A-Za-z0-9\-_.#/:]*/y;
const quotedPattern = /'((?:\\'|[^'])*)'|"((?:\\"|[^"])*)"/y;
/** A bare value ends at a comma that no backslash precedes, at a quote or a closing bracket; it may hold `=` and `[`. */
const barePattern = /(?:\\,|[^\s"',=[{}\]]|\])(?:\\,|[^"',\]}])*/y;
/** One that goes on a list holds no `=`, for that would begin the next key. */
const furtherPattern = /(?:\\,|[^\s"',=[{}\]]|\])(?:\\,|[^"',=])*/y;

export class ShorthandError extends Error {}

export function parseShorthand(text: string): PlainObject {
  return new Reader(text).pairs();
}

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  pairs(): PlainObject {
    const found = new Map<string, Plain>();
    for (;;) {
      const key = this.key();
      if (found.has(key))
        throw new ShorthandError(`Second instance of key "${key}" encountered for input:\n${this.text}`);
      found.set(key, this.pairValue());
      if (this.isAtEnd()) return Object.fromEntries(found);
      this.expect(',');
    }
  }

  private key(): string {
    const key = this.take(keyPattern) ?? '';
    this.expect('=');
    return key;
  }

  private pairValue(): Plain {
    if (this.peek() === '[' || this.peek() === '{') return this.nested(1);
    const first = this.quoted() ?? this.take(barePattern) ?? '';
    const values = [bare(first)];
    this.skipBlanks();
    while (this.peek() === ',') {
      const comma = this.at;
      this.expect(',');
      const further = this.quoted() ?? this.take(furtherPattern);
      this.skipBlanks();
      if (further !== undefined && (this.isAtEnd() || this.peek() === ',')) values.push(bare(further));
      else if (this.isAtEnd()) throw this.unexpected('a value');
      else {
        this.at = comma; // It was the next key.
        break;
      }
    }
    return values.length === 1 ? (values[0] ?? '') : values;
  }

  /** Inside brackets nothing is a list that does not say so. */
  private nested(depth: number): Plain {
    if (depth > depthMax) throw new ShorthandError(`More than ${depthMax} brackets within each other`);
    if (this.peek() === '[') {
      const values: Plain[] = [];
      this.untilClosed('[', ']', () => values.push(this.nested(depth + 1)));
      return values;
    }
    if (this.peek() === '{') {
      const pairs: [string, Plain][] = [];
      this.untilClosed('{', '}', () => pairs.push([this.key(), this.nested(depth + 1)]));
      return Object.fromEntries(pairs);
    }
    return bare(this.quoted() ?? this.take(barePattern) ?? '');
  }

  private untilClosed(open: string, close: string, readOne: () => void): void {
    this.expect(open);
    while (this.peek() !== close) {
      readOne();
      this.skipBlanks();
      if (this.peek() !== close) this.expect(',');
    }
    this.at++;
  }

  private quoted(): Quoted | undefined {
    quotedPattern.lastIndex = this.at;
    const match = quotedPattern.exec(this.text);
    if (match === null) {
      if (this.peek() === "'" || this.peek() === '"') throw this.unexpected('a closing quote');
      return undefined;
    }
    this.at = quotedPattern.lastIndex;
    const [, single, double] = match;
    const text = single === undefined ? (double ?? '').replaceAll('\\"', '"') : single.replaceAll("\\'", "'");
    return { text: text.replaceAll('\\\\', '\\') };
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.at = pattern.lastIndex;
    return match[0];
  }

  private expect(character: string): void {
    this.skipBlanks();
    if (this.peek() !== character) throw this.unexpected(`'${character}'`);
    this.at++;
    this.skipBlanks();
  }

  private unexpected(wanted: string): ShorthandError {
    const got = this.isAtEnd() ? 'EOF' : this.peek();
    const caret = `${' '.repeat(Math.min(this.at, 200))}^`;
    return new ShorthandError(`Expected: ${wanted}, received: '${got}' for input:\n${this.text}\n${caret}`);
  }

  private skipBlanks(): void {
    while (/\s/.test(this.peek())) this.at++;
  }

  private peek(): string {
    return this.text.charAt(this.at);
  }

  private isAtEnd(): boolean {
    return this.at >= this.text.length;
  }
}

interface Quoted {
  readonly text: string;
}

function bare(value: string | Quoted): string {
  return typeof value === 'string' ? value.replaceAll('\\,', ',').trimEnd() : value.text;
}
