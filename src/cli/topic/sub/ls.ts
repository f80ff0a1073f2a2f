import type { SubscriptionView } from '../../../server/admin/subscriptions.ts';
import { connect } from '../../admin-client.ts';
import type { CommandInput } from '../../command.ts';
import { exitCodes } from '../../exit-codes.ts';
import { formatOf, type Listing, printRows } from '../../output.ts';
import { eachSubscription } from '../views.ts';

const listing: Listing<SubscriptionView> = {
  name: ({ to }) => to,
  columns: [
    { title: 'to', of: ({ to }) => to },
    { title: 'protocol', of: ({ protocol }) => protocol },
    { title: 'state', of: ({ state }) => state },
    { title: 'waiting', of: ({ waiting }) => waiting },
    { title: 'last error', of: ({ lastError }) => lastError?.reason ?? '-' },
    { title: 'settings', of: ({ settings }) => settingsText(settings) },
    { title: 'id', of: ({ id }) => id },
  ],
};

export async function listSubscriptions(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const [topic = ''] = input.args;
  const subscriptions: SubscriptionView[] = [];
  for await (const one of eachSubscription(client, topic)) subscriptions.push(one);
  printRows(format, subscriptions, listing);
  return exitCodes.ok;
}

/** Besides the endpoint, which has a column of its own. */
function settingsText(settings: SubscriptionView['settings']): string {
  const shown = ['raw', 'filter', 'filterScope', 'deadLetter'].filter((key) => settings[key] !== undefined);
  return shown.length === 0 ? '-' : shown.join(',');
}
