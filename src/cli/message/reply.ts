import { spawn } from 'node:child_process';
import { GantryError } from '../../model/errors.ts';
import type { ReceivedView } from '../../server/admin/message-view.ts';
import type { SendResult } from '../../server/admin/sending.ts';
import { type AdminClient, connect } from '../admin-client.ts';
import { type CommandInput, flag, isSet } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../output.ts';
import { queuePath } from '../queue/views.ts';
import { wholeFlag } from '../values.ts';
import { acknowledge, receive } from './receive.ts';
import { isSendable } from './sources.ts';
import { fillTemplate } from './template.ts';
import { bytesOf } from './text.ts';

const waitMs = 20_000;
const answerBytesMax = 1024 * 1024;
type Answerer = (request: ReceivedView, n: number) => Promise<Buffer>;

/**
 * Answers requests: sends to the queue that each names in replyTo, with its correlation id, and then acknowledges it. What
 * cannot be answered stays in the queue, for its dead letter to take.
 */
export async function replyToMessages(input: CommandInput): Promise<number> {
  const answer = answererOf(input);
  const max = wholeFlag(input, 'max', { min: 1, max: 1_000_000_000 }) ?? Number.POSITIVE_INFINITY;
  const client = await connect(input);
  const [queue = ''] = input.args;
  let answered = 0;
  let failed = 0;
  for (let n = 1; answered + failed < max; n++) {
    const [request] = await receive(client, queue, { max: 1, waitMs, lease: flag(input, 'visibilityTimeout') });
    if (request === undefined) continue;
    try {
      const to = await reply(client, request, await answer(request, n));
      await acknowledge(client, queue, [request]);
      answered++;
      say(`answered ${request.id} to ${to}`);
    } catch (error) {
      if (!(error instanceof GantryError) || error.code === 'unavailable') throw error;
      failed++;
      say(`gantry: ${request.id} stays unanswered: ${error.message}`);
    }
  }
  return failed === 0 ? exitCodes.ok : exitCodes.failed;
}

function answererOf(input: CommandInput): Answerer {
  const [, ...words] = input.args;
  const command = flag(input, 'command');
  const ways = [words.length > 0, command !== undefined, isSet(input, 'echo')].filter((one) => one);
  if (ways.length !== 1)
    throw new GantryError('invalid-argument', 'say what to answer: a body, --command, or --echo, one of them');
  if (command !== undefined) return (request, n) => run(command, request, n);
  if (words.length === 0) return async (request) => bytesOf(request);
  return async (request, n) => Buffer.from(fillTemplate(words.join(' '), n, { body: request.body, id: request.id }));
}

/** @returns the queue @throws GantryError */
async function reply(client: AdminClient, request: ReceivedView, body: Buffer): Promise<string> {
  const to = queueNameIn(request.replyTo ?? textProperty(request, 'JMSReplyTo') ?? textProperty(request, 'replyTo'));
  if (to === undefined) throw new GantryError('invalid-argument', 'it names no queue in replyTo');
  const correlationId =
    request.correlationId ??
    textProperty(request, 'JMSCorrelationID') ??
    textProperty(request, 'correlationId') ??
    request.id;
  const text = body.toString();
  const message = {
    ...(Buffer.from(text).equals(body) ? { body: text } : { body: body.toString('base64'), isBase64: true }),
    correlationId,
    // Where requesters that speak SQS look, which could not have sent others.
    properties: isSendable(correlationId) ? { JMSCorrelationID: correlationId } : {},
  };
  const { results }: { results: readonly SendResult[] } = await client.call(
    'POST',
    `${queuePath(to)}/messages`,
    {},
    {
      messages: [message],
    },
  );
  const [result] = results;
  if (result !== undefined && 'error' in result) throw new GantryError(result.error.code, result.error.message);
  return to;
}

/** Out of a name, `queue://name`, a queue's URL or its ARN. */
function queueNameIn(text: string | undefined): string | undefined {
  const name = text
    ?.replace(/[?#].*$/s, '')
    .split(/[/:]/)
    .at(-1);
  return name === '' ? undefined : name;
}

function textProperty({ properties }: ReceivedView, name: string): string | undefined {
  const value = properties[name]?.value;
  return typeof value === 'string' ? value : undefined;
}

/** The request's body comes on its standard input, the answer is what it prints. @throws GantryError when it fails */
function run(command: string, request: ReceivedView, n: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, GANTRY_MESSAGE_ID: request.id, GANTRY_MESSAGE_N: String(n) };
    const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'], env });
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= answerBytesMax) chunks.push(chunk);
      else child.kill();
    });
    child.stdin.on('error', () => undefined); // It need not read.
    child.stdin.end(bytesOf(request));
    child.on('error', (error) => reject(new GantryError('internal', `--command: ${error.message}`)));
    child.on('close', (code) => {
      if (bytes > answerBytesMax) reject(new GantryError('too-large', 'the command printed over 1 MiB'));
      else if (code === 0) resolve(Buffer.concat(chunks));
      else reject(new GantryError('internal', `the command ended with ${code}`));
    });
  });
}
