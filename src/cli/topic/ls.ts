import type { TopicView } from '../../server/admin/topics.ts';
import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, type Listing, printRows } from '../output.ts';
import { eachTopic } from './views.ts';

const listing: Listing<TopicView> = {
  name: ({ name }) => name,
  columns: [
    { title: 'name', of: ({ name }) => name },
    { title: 'kind', of: ({ kind }) => kind },
    { title: 'confirmed', of: ({ subscriptions }) => subscriptions.confirmed },
    { title: 'pending', of: ({ subscriptions }) => subscriptions.pending },
    { title: 'waiting', of: ({ waiting }) => waiting },
    { title: 'published', of: ({ totals }) => totals.published ?? 0 },
    { title: 'failed', of: ({ totals }) => totals.failed ?? 0 },
  ],
};

export async function listTopics(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const [prefix = ''] = input.args;
  const topics: TopicView[] = [];
  for await (const topic of eachTopic(client, prefix)) topics.push(topic);
  printRows(format, topics, listing);
  return exitCodes.ok;
}
