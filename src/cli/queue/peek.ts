import type { PeekedView } from '../../server/admin/message-view.ts';
import { type AdminClient, connect } from '../admin-client.ts';
import { type CommandInput, flag, isSet } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { bytesOf, decodingOf, messageBlock } from '../message/text.ts';
import { nextPage } from '../next-page.ts';
import { formatOf, printBytes, printJson, printName, printText, say } from '../output.ts';
import { createProgress } from '../progress.ts';
import { wholeFlag } from '../values.ts';
import { queuePath } from './views.ts';

export interface PeekPage {
  readonly messages: readonly PeekedView[];
  readonly looked: number;
  readonly next?: string;
}
interface PeekQuery {
  readonly filter: string | undefined;
  readonly state: string | undefined;
  readonly after?: string | undefined;
}
const pageMax = 1_000;

export async function peekQueue(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const decoding = decodingOf(input);
  const max = wholeFlag(input, 'max', { min: 1, max: 1_000_000 }) ?? 10;
  const client = await connect(input);
  const [queue = ''] = input.args;
  const query = { filter: input.flags.filter?.join('\n'), state: flag(input, 'state'), after: flag(input, 'after') };
  const all: PeekedView[] = [];
  for await (const message of peekAll(client, queue, query, max)) {
    if (isSet(input, 'bodyOnly')) await printBytes(bytesOf(message));
    else if (format === 'json') all.push(message);
    else if (format === 'name') printName(message.id);
    else await printText(messageBlock(message, decoding));
  }
  if (format === 'json' && !isSet(input, 'bodyOnly')) printJson(all);
  return exitCodes.ok;
}

/** Page by page, until there are `max`, or the queue is at its end: each page is a bounded look. */
export async function* peekAll(
  client: AdminClient,
  queue: string,
  query: PeekQuery,
  max: number,
): AsyncGenerator<PeekedView> {
  const progress = createProgress();
  let { after } = query;
  let found = 0;
  let looked = 0;
  const seen = new Set<string>();
  try {
    do {
      const page: PeekPage = await client.call('GET', `${queuePath(queue)}/messages`, {
        ...{ ...query, after, max: Math.min(max - found, pageMax) },
      });
      looked += page.looked;
      found += page.messages.length;
      progress.show(`looked at ${looked} messages, found ${found}`, 0, 0);
      yield* page.messages;
      after = nextPage(page.next, seen);
    } while (after !== undefined && found < max);
  } finally {
    progress.end();
  }
  if (found === 0)
    say(looked === 0 ? `there is no such message in ${queue}` : `none of ${looked} messages is such a one`);
  else if (after !== undefined) say(`there may be more: --after ${after} goes on, --max shows more`);
}
