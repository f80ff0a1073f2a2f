import { JsonError } from './json-error.ts';
import { JsonReader, type JsonToken } from './json-reader.ts';

/** A token of a policy, with what errors need to know of its place. */
export interface PolicyToken {
  readonly kind: JsonToken;
  readonly text: string;
  /** Where AWS's reader stands when it knows the kind: of a string it has read no more than the quote. */
  readonly seenAt: number;
  /** Where it stands when it has the value. */
  readonly readAt: number;
}

/** Moves through the tokens of a text that is known to be JSON, and says where AWS's reader would be. */
export class TokenCursor {
  readonly #tokens: readonly PolicyToken[];
  /** For each opener the index of its closer. */
  readonly #closers: ReadonlyMap<number, number>;
  #index = -1;
  #isRead = false;

  private constructor(tokens: readonly PolicyToken[], closers: ReadonlyMap<number, number>) {
    this.#tokens = tokens;
    this.#closers = closers;
  }

  /** @throws JsonError when the text is no JSON */
  static over(text: string): TokenCursor {
    const reader = new JsonReader(text);
    const tokens: PolicyToken[] = [];
    const closers = new Map<number, number>();
    const open: number[] = [];
    for (let kind = reader.next(); kind !== 'end'; kind = reader.next()) {
      if (kind === '{' || kind === '[') open.push(tokens.length);
      if (kind === '}' || kind === ']') closers.set(open.pop() ?? 0, tokens.length);
      const seenAt = kind === 'string' ? reader.start + 1 : reader.end;
      tokens.push({ kind, text: reader.text, seenAt, readAt: reader.end });
    }
    return new TokenCursor(tokens, closers);
  }

  next(): PolicyToken {
    this.#index += 1;
    this.#isRead = false;
    return this.#token(this.#index);
  }

  /** The value of the token that `next` answered last; the reader then stands behind it. */
  read(): string {
    this.#isRead = true;
    return this.#token(this.#index).text;
  }

  /** Offset at which AWS's reader stands: behind a name it has the colon and begun the value. */
  get offset(): number {
    const token = this.#token(this.#index);
    if (token.kind === 'name') return this.#token(this.#index + 1).seenAt;
    return this.#isRead ? token.readAt : token.seenAt;
  }

  /** What comes directly in the array whose opener is the next token, or undefined when that is no array. */
  peekArray(): { readonly kind: JsonToken; readonly names: readonly string[] }[] | undefined {
    const opener = this.#index + 1;
    if (this.#token(opener).kind !== '[') return undefined;
    const items = [];
    for (let at = opener + 1; this.#token(at).kind !== ']'; at = this.#behind(at)) {
      items.push({ kind: this.#token(at).kind, names: this.#namesOf(at) });
    }
    return items;
  }

  #namesOf(opener: number): string[] {
    const names: string[] = [];
    if (this.#token(opener).kind !== '{') return names;
    for (let at = opener + 1; this.#token(at).kind === 'name'; at = this.#behind(at + 1))
      names.push(this.#token(at).text);
    return names;
  }

  #behind(index: number): number {
    return (this.#closers.get(index) ?? index) + 1;
  }

  #token(index: number): PolicyToken {
    const token = this.#tokens[index];
    if (token === undefined) throw new JsonError('Unexpected end-of-input', 0);
    return token;
  }
}
