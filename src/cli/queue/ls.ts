import type { QueueView } from '../../server/admin/queues.ts';
import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, type Listing, printRows } from '../output.ts';
import { ageText, eachQueue } from './views.ts';

const listing: Listing<QueueView> = {
  name: ({ name }) => name,
  columns: [
    { title: 'name', of: ({ name }) => name },
    { title: 'kind', of: ({ kind }) => kind },
    { title: 'waiting', of: ({ waiting }) => waiting },
    { title: 'in flight', of: ({ inFlight }) => inFlight },
    { title: 'delayed', of: ({ delayed }) => delayed },
    { title: 'oldest', of: ({ oldestAgeMs }) => ageText(oldestAgeMs) },
  ],
};

export async function listQueues(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const [prefix = ''] = input.args;
  const queues: QueueView[] = [];
  for await (const queue of eachQueue(client, prefix)) queues.push(queue);
  printRows(format, queues, listing);
  return exitCodes.ok;
}
