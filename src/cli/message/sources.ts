/** Where the bodies of `gantry send` come from, in pieces as they arrive. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { GantryError } from '../../model/errors.ts';
import { type CommandInput, flag, isSet } from '../command.ts';

export type Body = { readonly body: string; readonly isBase64?: true };

/** Of one message, and of one line; the broker takes less. */
const bytesMax = 16 * 1024 * 1024;
const newline = 0x0a;

/** @throws GantryError `invalid-argument` when there is nothing to send */
export function sourceOf(input: CommandInput): AsyncIterable<readonly Body[]> {
  const [, ...words] = input.args;
  const file = flag(input, 'file');
  if (words.length > 0 && file !== undefined) throw new GantryError('invalid-argument', 'a body or --file, not both');
  if (words.length > 0 && words[0] !== '-') return oneOf(Buffer.from(words.join(' ')));
  if (file === undefined && process.stdin.isTTY === true)
    throw new GantryError('invalid-argument', 'nothing to send: name a body, --file, or pipe it in');
  const stream = file === undefined ? process.stdin : createReadStream(file);
  return isSet(input, 'lines') ? linesOf(stream, file) : wholeOf(stream, file);
}

async function* oneOf(bytes: Buffer): AsyncGenerator<readonly Body[]> {
  yield [toBody(bytes)];
}

/** From a pipe without the line's end that `echo` puts there; from a file as it is. */
async function* wholeOf(stream: NodeJS.ReadableStream, file: string | undefined): AsyncGenerator<readonly Body[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(stream, file)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLong('a message', 'send its lines with --lines');
  }
  const all = Buffer.concat(chunks);
  const isEnded = file === undefined && all.at(-1) === newline;
  yield [toBody(isEnded ? all.subarray(0, all.at(-2) === 0x0d ? -2 : -1) : all)];
}

/** Those of each piece that arrived: `tail -f` is not waited for. Empty lines are none. */
async function* linesOf(stream: NodeJS.ReadableStream, file: string | undefined): AsyncGenerator<readonly Body[]> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunksOf(stream, file)) {
    const lines: Body[] = [];
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      const line = Buffer.concat([...rest, chunk.subarray(from, at)]);
      rest = [];
      restBytes = 0;
      from = at + 1;
      addLine(lines, line);
    }
    rest.push(chunk.subarray(from));
    restBytes += chunk.length - from;
    if (restBytes > bytesMax) throw tooLong('a line', 'split it');
    if (lines.length > 0) yield lines;
  }
  const last: Body[] = [];
  addLine(last, Buffer.concat(rest));
  if (last.length > 0) yield last;
}

function addLine(lines: Body[], line: Buffer): void {
  const text = line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
  if (text.length > 0) lines.push(toBody(text));
}

async function* chunksOf(stream: NodeJS.ReadableStream, file: string | undefined): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('invalid-argument', file === undefined ? why : `--file: ${why}`, { cause });
  }
}

/** What no text may hold goes as bytes. */
function toBody(bytes: Buffer): Body {
  const isText = isUtf8(bytes) && isSendable(bytes.toString());
  return isText ? { body: bytes.toString() } : { body: bytes.toString('base64'), isBase64: true };
}

/** False: it has characters that SQS takes in no text. */
export function isSendable(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  return !/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text);
}

function tooLong(what: string, wayOut: string): GantryError {
  return new GantryError('too-large', `${what} has over ${bytesMax} bytes: ${wayOut}`);
}
