import type { ReceivedView } from '../../server/admin/message-view.ts';
import { type AdminClient, connect } from '../admin-client.ts';
import { whenBack } from '../come-back.ts';
import { type CommandInput, flag, isSet } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Format, formatOf, printBytes, printJsonLine, printText, say } from '../output.ts';
import { printable } from '../printable.ts';
import { queuePath } from '../queue/views.ts';
import { durationFlag, wholeFlag } from '../values.ts';
import { bytesOf, type Decoding, decodingOf, messageBlock } from './text.ts';

const batchMax = 10;
/** The longest that the broker waits at once; longer waits ask again. */
const waitMsMax = 20_000;
/** Beyond what the broker was asked to wait. */
const answerMsMax = 60_000;

/** Prints and then acknowledges, so that what was not printed is not lost; `--keep` leaves it in the queue. */
export async function receiveMessages(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const decoding = decodingOf(input);
  const isFollowing = isSet(input, 'follow');
  const max = wholeFlag(input, 'max', { min: 1, max: 1_000_000_000 }) ?? (isFollowing ? Number.POSITIVE_INFINITY : 1);
  const endAt = isFollowing ? Number.POSITIVE_INFINITY : performance.now() + durationFlag(input, 'wait', 0);
  const client = await connect(input);
  const [queue = ''] = input.args;
  let received = 0;
  let hasAnswered = false;
  for (;;) {
    const waitMs = Math.max(0, Math.min(waitMsMax, endAt - performance.now()));
    const ask = () =>
      receive(client, queue, {
        max: Math.min(batchMax, max - received),
        waitMs,
        lease: flag(input, 'visibilityTimeout'),
      });
    const messages = (isFollowing && hasAnswered ? await whenBack(client, ask) : await ask()) ?? [];
    hasAnswered = true;
    for (const message of messages) await show(message, isSet(input, 'bodyOnly'), format, decoding);
    const settle = () => acknowledge(client, queue, messages);
    if (!isSet(input, 'keep')) await (isFollowing ? whenBack(client, settle) : settle());
    received += messages.length;
    if (received >= max || (messages.length === 0 && performance.now() >= endAt)) break;
  }
  if (received === 0) say(`no message in ${queue}`);
  return exitCodes.ok;
}

interface Asking {
  readonly max: number;
  readonly waitMs: number;
  /** A duration; undefined: the queue says. */
  readonly lease: string | undefined;
}

export async function receive(client: AdminClient, queue: string, { max, waitMs, lease }: Asking) {
  const body = { max, wait: `${Math.ceil(waitMs)}ms`, ...(lease === undefined ? {} : { visibilityTimeout: lease }) };
  const path = `${queuePath(queue)}/receive`;
  const { messages }: { messages: readonly ReceivedView[] } = await client.call('POST', path, {}, body, {
    answerMs: waitMs + answerMsMax,
  });
  return messages;
}

export async function acknowledge(
  client: AdminClient,
  queue: string,
  messages: readonly ReceivedView[],
): Promise<void> {
  if (messages.length === 0) return;
  const settlements = messages.map(({ receipt }) => ({ receipt, as: 'ack' }));
  await client.call('POST', `${queuePath(queue)}/settle`, {}, { settlements });
}

/** JSON one message a line: it may go on for ever. */
async function show(message: ReceivedView, isBodyOnly: boolean, format: Format, decoding: Decoding): Promise<void> {
  if (isBodyOnly) await printBytes(bytesOf(message));
  else if (format === 'json') await printJsonLine(message);
  else if (format === 'name') await printText(printable(message.id));
  else await printText(messageBlock(message, decoding));
}
