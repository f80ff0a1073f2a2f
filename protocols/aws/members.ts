import { commonError } from './errors.ts';

/**
 * The members of one request structure, by their names in the service's model. Handlers read a request through this and
 * never learn which protocol spelt it. An absent member and `null` are the same: undefined.
 * Every method throws when a member has the wrong type: `isMalformed` of errors.ts knows these errors.
 */
export interface Members {
  /**
   * Every text that was asked for has but the characters U+0020 to U+007F; false when it is not known. Known for nothing of
   * JSON that is ASCII without a backslash: its strings cannot hold a control character then.
   */
  readonly isPlainText: boolean;
  text(name: string): string | undefined;
  /** A whole number of any size; its range is the handler's to judge. */
  integer(name: string): number | undefined;
  boolean(name: string): boolean | undefined;
  bytes(name: string): Buffer | undefined;
  texts(name: string): readonly string[] | undefined;
  textMap(name: string): readonly (readonly [string, string])[] | undefined;
  structures(name: string): readonly Members[] | undefined;
  structureMap(name: string): readonly (readonly [string, Members])[] | undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Members of an AWS JSON structure. Only own keys are read by name lists of ours or by `Object.entries`, so `__proto__` is a name like any other. */
class JsonMembers implements Members {
  readonly isPlainText: boolean;
  private readonly values: JsonObject;

  constructor(values: JsonObject, isPlainText: boolean) {
    this.values = values;
    this.isPlainText = isPlainText;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    if (typeof value === 'string') return value;
    if (value === undefined || value === null) return undefined;
    throw wrongType(name, value, 'String');
  }

  integer(name: string): number | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw wrongType(name, value, 'Integer');
  }

  boolean(name: string): boolean | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'boolean') return value;
    throw wrongType(name, value, 'Boolean');
  }

  bytes(name: string): Buffer | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const bytes = base64Bytes(text);
    if (bytes === undefined) throw wrongType(name, text, 'Blob: it is not valid base64');
    return bytes;
  }

  texts(name: string): readonly string[] | undefined {
    const list = this.list(name);
    if (list === undefined) return undefined;
    const texts: string[] = [];
    for (const value of list) {
      if (typeof value !== 'string') throw wrongType(name, value, 'String');
      texts.push(value);
    }
    return texts;
  }

  textMap(name: string): readonly (readonly [string, string])[] | undefined {
    const values = this.object(name);
    if (values === undefined) return undefined;
    const entries: (readonly [string, string])[] = [];
    for (const [key, value] of Object.entries(values)) {
      if (typeof value !== 'string') throw wrongType(`${name}.${key}`, value, 'String');
      entries.push([key, value]);
    }
    return entries;
  }

  structures(name: string): readonly Members[] | undefined {
    return this.list(name)?.map((value) => structure(name, value, this.isPlainText));
  }

  structureMap(name: string): readonly (readonly [string, Members])[] | undefined {
    const values = this.object(name);
    if (values === undefined) return undefined;
    const { isPlainText } = this;
    return Object.entries(values).map(
      ([key, value]) => [key, structure(`${name}.${key}`, value, isPlainText)] as const,
    );
  }

  private list(name: string): readonly unknown[] | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value)) return value;
    throw wrongType(name, value, 'List');
  }

  private object(name: string): JsonObject | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (isJsonObject(value)) return value;
    throw wrongType(name, value, 'Map');
  }
}

/** @returns undefined when the text is not base64 */
export function base64Bytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what is not base64; a length that disagrees shows that something was skipped.
  const digits = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  return bytes.length === Math.floor((digits * 3) / 4) ? bytes : undefined;
}

/**
 * @param isPlainText the text is ASCII without a backslash
 * @throws AwsError `SerializationException` when it is no JSON object
 */
export function parseMembers(text: string, isPlainText: boolean): Members {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the input, which may be a secret or a megabyte.
    throw commonError('SerializationException', 'The request body is not valid JSON.');
  }
  return structure('The request body', value, isPlainText);
}

function structure(name: string, value: unknown, isPlainText: boolean): Members {
  if (isJsonObject(value)) return new JsonMembers(value, isPlainText);
  throw wrongType(name, value, 'Structure');
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(name: string, value: unknown, wanted: string): Error {
  const found = value === null ? 'NULL' : Array.isArray(value) ? 'LIST' : typeof value;
  const shown = name.length <= 300 ? name : `${name.slice(0, 300)}...`;
  return commonError(
    'SerializationException',
    `${shown}: ${found.toUpperCase()}_VALUE can not be converted to a ${wanted}`,
  );
}
