import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { GantryError } from '../model/errors.ts';
import type { MissedRecord, TailRecord } from '../server/tail/record.ts';
import { type AdminClient, connect } from './admin-client.ts';
import { type CommandInput, flag } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { type Format, formatOf, printable, say } from './output.ts';

const retryMs = 1_000;

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
  const first = await client.open('GET', '/tail', query);
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
      if (!signal.aborted) return await client.open('GET', '/tail', query);
    } catch (error) {
      if (!(error instanceof GantryError && error.code === 'unavailable')) throw error;
    }
  }
  return undefined;
}

/** To the end of the answer, whether it comes by itself or not. */
async function printAll(answer: IncomingMessage, format: Format, signal: AbortSignal): Promise<void> {
  const end = (): void => void answer.destroy();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  answer.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of answer) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      await write(lines.filter((line) => line !== '').flatMap((line) => shown(line, format)));
    }
  } catch {
    // Cut off: what is to be said is said by the caller.
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Not faster than its reader takes it: the broker then counts what is missed, and nothing grows here. */
async function write(lines: readonly string[]): Promise<void> {
  if (lines.length === 0 || process.stdout.write(`${lines.join('\n')}\n`)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}

function shown(line: string, format: Format): readonly string[] {
  if (format === 'json') return [line];
  // The broker is of our version or a near one: what it answers is not judged again.
  const record: TailRecord | MissedRecord = JSON.parse(line);
  if (record.kind === 'missed') {
    say(`gantry: ${record.count} events were not shown: they came faster than they could be read`);
    return [];
  }
  if (format === 'name') return record.id === undefined ? [] : [record.id];
  return [textOf(record)];
}

/** `12:03:04.512  orders  appended  <id>  the body`. */
function textOf({ at, queue, kind, id = '-', body, isBase64, isCut, bytes = 0, deliveries = 1 }: TailRecord): string {
  const again = deliveries > 1 ? ` (delivery ${deliveries})` : '';
  const cut = isCut === true ? ` ... (${bytes} bytes)` : '';
  const text = body === undefined ? '' : `${isBase64 === true ? 'base64:' : ''}${printable(body)}`;
  return [localTime(at), printable(queue), `${kind}${again}`, id, `${text}${cut}`].join('  ').trimEnd();
}

function localTime(instant: string): string {
  const time = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  const ms = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${ms}`;
}
