import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { GantryError } from '../model/errors.ts';
import type { MissedRecord, TailRecord } from '../server/tail/record.ts';
import { type AdminClient, connect } from './admin-client.ts';
import { type CommandInput, flag } from './command.ts';
import { exitCodes, Unreachable } from './exit-codes.ts';
import { type Format, formatOf, say } from './output.ts';
import { jsonText, printable } from './printable.ts';

const retryMs = 1_000;
/** It may be long until something happens. */
const patience = { idleMs: 0 };
/** The broker shows less of a body. */
const lineCharactersMax = 16 * 1024 * 1024;

/** Prints what the broker tells until Ctrl-C; when the broker goes away it waits for the next one, and says so. */
export async function tail(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const query = {
    queue: input.args[0],
    kinds: flag(input, 'kinds'),
    filter: flag(input, 'filter'),
    bodyBytes: flag(input, 'bodyBytes'),
  };
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  const first = await client.open('GET', '/tail', query, undefined, patience);
  say(`gantry: showing what happens at ${client.endpoint} until Ctrl-C`);
  let answer: IncomingMessage | undefined = first;
  while (answer !== undefined) {
    await printAll(answer, format, ending.signal);
    if (ending.signal.aborted) break;
    say(`gantry: ${client.endpoint} has ended the tail; waiting for it`);
    answer = await reopen(client, query, ending.signal);
    if (answer !== undefined) say('gantry: the tail goes on; what happened meanwhile was not seen');
  }
  return exitCodes.ok;
}

/** @returns undefined: the person had enough @throws GantryError when a broker answers, and refuses */
async function reopen(
  client: AdminClient,
  query: Parameters<AdminClient['open']>[2],
  signal: AbortSignal,
): Promise<IncomingMessage | undefined> {
  while (!signal.aborted) {
    await pause(retryMs, undefined, { signal }).catch(() => undefined);
    try {
      if (!signal.aborted) return await client.open('GET', '/tail', query, undefined, patience);
    } catch (error) {
      if (!(error instanceof GantryError && error.code === 'unavailable')) throw error;
    }
  }
  return undefined;
}

/** To the end of the answer, whether it comes by itself or not. @throws Unreachable when what comes is no tail */
async function printAll(answer: IncomingMessage, format: Format, signal: AbortSignal): Promise<void> {
  const end = (): void => void answer.destroy();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  let rest = '';
  try {
    for await (const chunk of chunksOf(answer)) {
      if (rest.length + chunk.length > lineCharactersMax) throw noTail('a line has no end');
      if (!chunk.includes('\n')) {
        rest += chunk; // Not looked through again.
        continue;
      }
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      await write(lines.filter((line) => line !== '').flatMap((line) => shown(line, format)));
    }
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Also to where it is cut off: what is to be said of that is said by the caller. */
async function* chunksOf(answer: IncomingMessage): AsyncGenerator<string> {
  answer.setEncoding('utf8');
  const chunks: AsyncIterator<unknown> = answer[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await chunks.next().catch(() => ({ done: true, value: undefined }));
      if (done === true) return;
      yield String(value);
    }
  } finally {
    answer.destroy();
  }
}

function noTail(why: string): GantryError {
  return new Unreachable('internal', `what answers is no Gantry: ${why}`);
}

/** Not faster than its reader takes it: the broker then counts what is missed, and nothing grows here. */
async function write(lines: readonly string[]): Promise<void> {
  if (lines.length === 0 || process.stdout.write(`${lines.join('\n')}\n`)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}

function shown(line: string, format: Format): readonly string[] {
  const record = recordIn(line);
  if (format === 'json') return [jsonText(record)];
  if (record.kind === 'missed') {
    say(`gantry: ${record.count} events were not shown: they came faster than they could be read`);
    return [];
  }
  if (format === 'name') return record.id === undefined ? [] : [printable(String(record.id))];
  return [printable(textOf(record))];
}

function recordIn(line: string): TailRecord | MissedRecord {
  try {
    // The broker is of our version or a near one: more is not judged.
    const record: TailRecord | MissedRecord = JSON.parse(line);
    if (typeof record === 'object' && record !== null && typeof record.kind === 'string') return record;
  } catch {
    // Said below.
  }
  throw noTail(`"${line.slice(0, 100)}" is no event`);
}

/** `12:03:04.512  orders  appended  <id>  the body`. */
function textOf({ at, queue, kind, id = '-', body, isBase64, isCut, bytes = 0, deliveries = 1 }: TailRecord): string {
  const again = deliveries > 1 ? ` (delivery ${deliveries})` : '';
  const cut = isCut === true ? ` ... (${bytes} bytes)` : '';
  const text = body === undefined ? '' : `${isBase64 === true ? 'base64:' : ''}${body}`;
  return [localTime(at), queue, `${kind}${again}`, id, `${text}${cut}`].join('  ').trimEnd();
}

function localTime(instant: string): string {
  const time = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  const ms = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${ms}`;
}
