import { GantryError } from '../../model/errors.ts';
import type { SendResult } from '../../server/admin/sending.ts';
import { type AdminClient, connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Format, formatOf, printJsonLine, printName, say } from '../output.ts';
import { createProgress } from '../progress.ts';
import { messagesText, queuePath } from '../queue/views.ts';
import { pause, wholeFlag } from '../values.ts';
import { type NewMessageBody, newMessages } from './new-messages.ts';

const batchMax = 500;
const batchCharactersMax = 512 * 1024;
const batchesASecond = 10;
const failuresShown = 5;

interface Counts {
  sent: number;
  duplicates: number;
  failed: number;
}

/** Where messages go, and what is said of it. */
interface Destination {
  /** In the admin API, of what takes messages. */
  readonly path: string;
  readonly name: string;
  readonly verb: 'sent' | 'published';
  /** Of one message, as that takes it. @throws GantryError `invalid-argument` */
  toBody?(message: NewMessageBody): object;
}

export async function sendMessages(input: CommandInput): Promise<number> {
  const [queue = ''] = input.args;
  return sendAll(input, { path: `${queuePath(queue)}/messages`, name: queue, verb: 'sent' });
}

/** All that `input` names, in batches. */
export async function sendAll(input: CommandInput, destination: Destination): Promise<number> {
  const { name, verb } = destination;
  const format = formatOf(input);
  const rate = wholeFlag(input, 'rate', { min: 1, max: 1_000_000 });
  // With a rate so few that they go evenly.
  const atOnce = rate === undefined ? batchMax : Math.min(batchMax, Math.ceil(rate / batchesASecond));
  const client = await connect(input);
  const counts: Counts = { sent: 0, duplicates: 0, failed: 0 };
  const progress = createProgress();
  const startedAt = performance.now();
  let last: string | undefined;
  try {
    for await (const batch of batchesOf(newMessages(input, atOnce), atOnce)) {
      requireBodies(batch);
      for (const result of await post(client, destination, batch)) last = (await tell(result, format, counts)) ?? last;
      progress.show(`${verb} ${messagesText(counts.sent)} to ${name}`, 0, 0);
      if (rate !== undefined) {
        const dueAt = startedAt + ((counts.sent + counts.failed) * 1_000) / rate;
        await pause(Math.max(0, dueAt - performance.now()));
      }
    }
  } finally {
    progress.end();
  }
  if (format === 'table') say(summary(counts, destination, last));
  return counts.failed === 0 ? exitCodes.ok : exitCodes.failed;
}

/** As SQS, which takes none: what is empty was hardly meant. @throws GantryError `invalid-argument` */
function requireBodies(batch: readonly NewMessageBody[]): void {
  if (batch.every(({ body }) => body !== '')) return;
  throw new GantryError('invalid-argument', 'a message with an empty body is not sent', {
    hint: 'name a body, --file, or pipe one in',
  });
}

/** As many as have arrived, up to `max` and what one request may hold. */
async function* batchesOf(
  source: AsyncIterable<readonly NewMessageBody[]>,
  max: number,
): AsyncGenerator<readonly NewMessageBody[]> {
  let batch: NewMessageBody[] = [];
  let characters = 0;
  for await (const messages of source) {
    for (const message of messages) {
      if (batch.length > 0 && characters + message.body.length > batchCharactersMax) yield take();
      batch.push(message);
      characters += message.body.length;
      if (batch.length >= max) yield take();
    }
    if (batch.length > 0) yield take(); // The next piece may be long in coming.
  }

  function take(): readonly NewMessageBody[] {
    const taken = batch;
    batch = [];
    characters = 0;
    return taken;
  }
}

async function post(
  client: AdminClient,
  { path, toBody = (message) => message }: Destination,
  batch: readonly NewMessageBody[],
): Promise<readonly SendResult[]> {
  const messages = batch.map(toBody);
  const { results }: { results: readonly SendResult[] } = await client.call('POST', path, {}, { messages });
  return results;
}

async function tell(result: SendResult, format: Format, counts: Counts): Promise<string | undefined> {
  if (format === 'json') await printJsonLine(result);
  if ('error' in result) {
    counts.failed++;
    const { message, hint } = result.error;
    if (format !== 'json' && counts.failed <= failuresShown)
      say(`gantry: ${message}${hint === undefined ? '' : ` (${hint})`}`);
    return undefined;
  }
  counts.sent++;
  if (result.isDuplicate) counts.duplicates++;
  if (format === 'name') printName(result.id);
  return result.id;
}

function summary({ sent, duplicates, failed }: Counts, { name, verb }: Destination, last: string | undefined): string {
  const known = duplicates === 0 ? '' : `, ${duplicates} of them known already`;
  const refused = failed === 0 ? '' : `, ${failed} refused`;
  if (sent === 1 && last !== undefined) return `${verb} to ${name}: ${last}${known}${refused}`;
  return `${verb} ${messagesText(sent)} to ${name}${known}${refused}`;
}
