import { readFileSync } from 'node:fs';
import type { Members, Shape } from '../../../protocols/sqs/shapes.ts';
import { AwsFailure, awsExitCodes } from './failure.ts';
import { optionWord } from './names.ts';
import { type Plain, parseShorthand, ShorthandError } from './shorthand.ts';

/** What is sent, as JSON has it; judged by `problemsOf`. */
export type Input = Readonly<Record<string, unknown>>;

/**
 * The input of an operation out of the words behind its options, and of `--cli-input-json` beneath them.
 * @throws AwsFailure
 */
export function readInput(
  members: Members,
  parameters: ReadonlyMap<string, readonly string[]>,
  inputJson: string | undefined,
): Input {
  const input: Record<string, unknown> = {};
  if (inputJson !== undefined) Object.assign(input, objectIn(inputJson));
  for (const [name, words] of parameters) {
    const shape = members[name];
    if (shape !== undefined) input[name] = wordsToValue(shape, words, `--${optionWord(name)}`);
  }
  return input;
}

function objectIn(word: string): object {
  const option = '--cli-input-json';
  const value = parseJson(fileOr(word, option).toString(), option);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw notParsed(option, 'Invalid type: expecting a JSON object');
}

function wordsToValue(shape: Shape, words: readonly string[], option: string): unknown {
  const isList = typeof shape === 'object' && 'of' in shape;
  const [only] = words;
  if (only === undefined || words.length > 1) return words.map((word) => elementOf(shape, word, option));
  const text = fileOr(only, option);
  if (Buffer.isBuffer(text)) return shape === 'bytes' ? text.toString('base64') : text.toString();
  if (!isList) return wordToValue(shape, text, option);
  return text.trimStart().startsWith('[') ? parseJson(text, option) : [elementOf(shape, text, option)];
}

function elementOf(shape: Shape, word: string, option: string): unknown {
  return typeof shape === 'object' && 'of' in shape ? wordToValue(shape.of, word, option) : word;
}

/** One word: a scalar as it stands, all else in JSON or in the short spelling. */
function wordToValue(shape: Shape, word: string, option: string): unknown {
  try {
    if (typeof shape !== 'object') return plainToValue(shape, word);
    return /^\s*[{[]/.test(word) ? parseJson(word, option) : plainToValue(shape, parseShorthand(word));
  } catch (error) {
    if (error instanceof ShorthandError) throw notParsed(option, error.message);
    throw error;
  }
}

/** In the short spelling everything is a text: the shape says what it stands for. What does not fit is left to `problemsOf`. */
function plainToValue(shape: Shape, plain: Plain): unknown {
  if (shape === 'integer') return typeof plain === 'string' ? integerOf(plain) : plain;
  if (shape === 'boolean') return plain === 'true' ? true : plain === 'false' ? false : plain;
  if (typeof shape === 'string') return plain;
  if ('of' in shape) {
    const values = Array.isArray(plain) ? plain : [plain];
    return values.map((each) => plainToValue(shape.of, each));
  }
  if (typeof plain !== 'object' || Array.isArray(plain)) return plain;
  const shapeAt = (name: string): Shape | undefined => ('to' in shape ? shape.to : memberOf(shape.members, name));
  const entries = Object.entries(plain).map(([name, each]) => {
    const inner = shapeAt(name);
    return [name, inner === undefined ? each : plainToValue(inner, each)] as const;
  });
  return Object.fromEntries(entries);
}

function integerOf(text: string): number {
  if (/^\s*[+-]?\d{1,15}\s*$/.test(text)) return Number(text);
  throw new ShorthandError(`invalid literal for int() with base 10: '${text}'`);
}

export function memberOf(members: Members, name: string): Shape | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

/** `file://` is the text of a file, `fileb://` its bytes. */
function fileOr(word: string, option: string): string | Buffer {
  const [, prefix, path] = /^(fileb?):\/\/(.*)$/s.exec(word) ?? [];
  if (path === undefined) return word;
  try {
    const bytes = readFileSync(path.replace(/^~(?=\/)/, process.env.HOME ?? '~'));
    return prefix === 'file' ? bytes.toString('utf8') : bytes;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw notParsed(option, `Unable to load paramfile ${word}: ${why}`);
  }
}

function parseJson(text: string, option: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw notParsed(option, `Invalid JSON: ${why}\nJSON received: ${text}`);
  }
}

function notParsed(option: string, why: string): AwsFailure {
  return new AwsFailure(awsExitCodes.usage, `Error parsing parameter '${option}': ${why}`);
}
