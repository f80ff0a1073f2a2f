import type { SentView } from '../../server/admin/sent-to-people.ts';
import { connect } from '../admin-client.ts';
import { type CommandInput, flag, isSet } from '../command.ts';
import { confirm } from '../confirm.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, type Listing, printRows, printText, say } from '../output.ts';

const listing: Listing<SentView> = {
  name: ({ messageId }) => messageId,
  columns: [
    { title: 'sent', of: ({ sentAt }) => sentAt },
    { title: 'kind', of: ({ kind }) => kind },
    { title: 'to', of: ({ to }) => to },
    { title: 'subject', of: ({ subject }) => subject ?? '-' },
    { title: 'text', of: ({ body }) => firstLine(body) },
  ],
};
const shownCharacters = 60;

export async function showOutbox(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const query = { kind: flag(input, 'kind'), to: flag(input, 'to') };
  const client = await connect(input);
  if (isSet(input, 'clear')) {
    if (!(await confirm(input, 'forget what went to people'))) return exitCodes.failed;
    await client.call('DELETE', '/outbox', query);
    say('forgotten');
    return exitCodes.ok;
  }
  const { sent }: { sent: readonly SentView[] } = await client.call('GET', '/outbox', query);
  if (isSet(input, 'bodyOnly')) for (const { body } of sent) await printText(body);
  else printRows(format, sent, listing);
  return exitCodes.ok;
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return line.length > shownCharacters ? `${line.slice(0, shownCharacters - 1)}…` : line;
}
