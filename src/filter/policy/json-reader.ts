import { describeCharacter, JsonError, locationOf, redactedSource, wordAt } from './json-error.ts';
import { jsonDepthMax, numberLengthMax } from './limits.ts';

/** `end` comes when the one value is complete and nothing follows it. */
export type JsonToken = '{' | '}' | '[' | ']' | 'name' | 'string' | 'number' | 'literal' | 'end';

type Expected = 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'comma-or-end' | 'nothing';

const anyValue = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const numberText = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const literals = ['true', 'false', 'null'];
const escapes = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }),
);

/**
 * Reads JSON token by token: no recursion, nothing kept but the levels that are open, and errors in the words of
 * Jackson, which AWS shows to its clients. `start`, `end` and `text` tell of the token that `next` has just answered.
 */
export class JsonReader {
  /** Offset of the token's first character. */
  start = 0;
  /** Offset behind its last. */
  end = 0;
  /** The value of a name or string, the spelling of a number or literal. */
  text = '';
  readonly #source: string;
  /** Where the next token is looked for. */
  #at = 0;
  #expected: Expected = 'value';
  /** Offsets of the openers of the levels that are open. */
  readonly #open: number[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** @throws JsonError */
  next(): JsonToken {
    let code = this.#skipSpace();
    if (this.#expected === 'comma-or-end') {
      if (code === 0x7d || code === 0x5d) return this.#close(code);
      if (code !== 0x2c) this.#unexpected(this.#at, `was expecting comma to separate ${this.#level()} entries`);
      this.#expected = this.#isInObject() ? 'name' : 'value';
      this.#at += 1;
      code = this.#skipSpace();
    }
    this.start = this.#at;
    if (this.#expected === 'nothing') {
      if (this.#at < this.#source.length) this.#oddValue();
      return 'end';
    }
    if (this.#expected === 'name-or-end' && code === 0x7d) return this.#close(code);
    if (this.#expected === 'value-or-end' && code === 0x5d) return this.#close(code);
    return this.#expected === 'name' || this.#expected === 'name-or-end' ? this.#name(code) : this.#value(code);
  }

  #value(code: number): JsonToken {
    if (code === 0x22) {
      this.#readString('string value');
      this.#valueEnds();
      return 'string';
    }
    if (code === 0x7b) return this.#openLevel('{');
    if (code === 0x5b) return this.#openLevel('[');
    if (code === 0x2d || isDigit(code)) return this.#number();
    const word = wordAt(this.#source, this.#at);
    const literal = literals.find((known) => known === word);
    if (literal === undefined) this.#oddValue();
    this.#take(literal);
    this.#valueEnds();
    return 'literal';
  }

  #name(code: number): JsonToken {
    if (code !== 0x22) this.#unexpected(this.#at, 'was expecting double-quote to start field name');
    this.#readString('name');
    if (this.#skipSpace() !== 0x3a) {
      this.#unexpected(this.#at, 'was expecting a colon to separate field name and value');
    }
    this.#at += 1;
    this.#expected = 'value';
    return 'name';
  }

  #number(): JsonToken {
    const number = this.#whole() ?? this.#decimal();
    if (number.length > numberLengthMax) {
      const limit = `(${numberLengthMax}, from \`StreamReadConstraints.getMaxNumberLength()\`)`;
      throw new JsonError(`Number value length (${number.length}) exceeds the maximum allowed ${limit}`, this.#at);
    }
    this.#take(number);
    const behind = this.#source.charCodeAt(this.#at);
    // Every other number has taken all digits that follow.
    if (isDigit(behind)) {
      throw new JsonError('Invalid numeric value: Leading zeroes not allowed', this.#at);
    }
    this.#valueEnds();
    return 'number';
  }

  /** Most numbers are nothing but digits. */
  #whole(): string | undefined {
    let at = this.#at;
    while (isDigit(this.#source.charCodeAt(at))) at += 1;
    const isMore = /[.eE]/.test(this.#source.charAt(at));
    const hasZero = this.#source.charCodeAt(this.#at) === 0x30;
    return at === this.#at || isMore || hasZero ? undefined : this.#source.slice(this.#at, at);
  }

  #decimal(): string {
    numberText.lastIndex = this.#at;
    const match = numberText.exec(this.#source);
    if (match !== null) return match[0];
    return this.#unexpected(this.#at + 1, 'expected digit (0-9) to follow minus sign, for valid numeric value');
  }

  /** Leaves the value in `text`. Most strings have no escape and are one slice of the source. */
  #readString(what: 'string value' | 'name'): void {
    const source = this.#source;
    let value = '';
    let from = this.#at + 1;
    for (let at = from; ; at += 1) {
      const code = source.charCodeAt(at);
      if (code === 0x22) {
        this.text = value + source.slice(from, at);
        this.#at = at + 1;
        this.end = this.#at;
        return;
      }
      if (code === 0x5c) {
        value += source.slice(from, at) + this.#escaped(at + 1);
        if (source.charCodeAt(at + 1) === 0x75) at += 4;
        at += 1;
        from = at + 1;
      } else if (!(code >= 0x20)) {
        this.#badInString(at, what);
      }
    }
  }

  #escaped(at: number): string {
    const letter = this.#source.charAt(at);
    if (letter === 'u') {
      const hex = this.#source.slice(at + 1, at + 5);
      if (/^[0-9a-fA-F]{4}$/.test(hex)) return String.fromCharCode(Number.parseInt(hex, 16));
      const goodLength = /^[0-9a-fA-F]*/.exec(hex)?.[0].length ?? 0;
      this.#unexpected(at + 1 + goodLength, 'expected a hex-digit for character escape sequence');
    }
    const value = escapes.get(letter);
    if (value !== undefined) return value;
    if (letter === '') throw new JsonError('Unexpected end-of-input in character escape sequence', at);
    throw new JsonError(`Unrecognized character escape ${describeCharacter(this.#source, at)}`, at + 1);
  }

  #badInString(at: number, what: 'string value' | 'name'): never {
    if (at < this.#source.length) {
      const character = describeCharacter(this.#source, at);
      throw new JsonError(
        `Illegal unquoted character (${character}): has to be escaped using backslash to be included in ${what}`,
        at + 1,
      );
    }
    const expected = what === 'name' ? "closing '\"' for name" : 'closing quote for a string value';
    throw new JsonError(`Unexpected end-of-input: was expecting ${expected}`, at);
  }

  #openLevel(token: '{' | '['): JsonToken {
    this.#open.push(this.#at);
    this.#take(token);
    if (this.#open.length > jsonDepthMax) {
      const limit = `(${jsonDepthMax}, from \`StreamReadConstraints.getMaxNestingDepth()\`)`;
      throw new JsonError(
        `Document nesting depth (${this.#open.length}) exceeds the maximum allowed ${limit}`,
        this.end,
      );
    }
    this.#expected = token === '{' ? 'name-or-end' : 'value-or-end';
    return token;
  }

  #close(code: number): JsonToken {
    this.start = this.#at;
    const token = code === 0x7d ? '}' : ']';
    const expected = this.#isInObject() ? '}' : ']';
    if (token !== expected) {
      const opened = `${this.#level()} starting at ${this.#openedAt()}`;
      throw new JsonError(`Unexpected close marker '${token}': expected '${expected}' (for ${opened})`, this.#at);
    }
    this.#open.pop();
    this.#take(token);
    this.#valueEnds();
    return token;
  }

  #valueEnds(): void {
    this.#expected = this.#open.length === 0 ? 'nothing' : 'comma-or-end';
  }

  #take(spelling: string): void {
    this.text = spelling;
    this.#at += spelling.length;
    this.end = this.#at;
  }

  /** @returns the next character that is no space; NaN at the end */
  #skipSpace(): number {
    for (;;) {
      const code = this.#source.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
      this.#at += 1;
    }
  }

  #isInObject(): boolean {
    const opener = this.#open.at(-1);
    return opener !== undefined && this.#source.charCodeAt(opener) === 0x7b;
  }

  #level(): 'Object' | 'Array' {
    return this.#isInObject() ? 'Object' : 'Array';
  }

  #openedAt(): string {
    return locationOf(this.#source, this.#open.at(-1) ?? 0, redactedSource);
  }

  #oddValue(): never {
    const word = wordAt(this.#source, this.#at);
    if (word === '' || isDigit(word.charCodeAt(0))) this.#unexpected(this.#at, `expected a valid value ${anyValue}`);
    throw new JsonError(`Unrecognized token '${word}': was expecting ${anyValue}`, this.#at + word.length);
  }

  #unexpected(offset: number, why: string): never {
    if (offset < this.#source.length) {
      throw new JsonError(`Unexpected character (${describeCharacter(this.#source, offset)}): ${why}`, offset);
    }
    if (this.#open.length === 0) throw new JsonError('No content to map due to end-of-input', offset);
    const expected = `expected close marker for ${this.#level()} (start marker at ${this.#openedAt()})`;
    throw new JsonError(`Unexpected end-of-input: ${expected}`, offset);
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
