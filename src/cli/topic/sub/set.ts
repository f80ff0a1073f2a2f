import { GantryError } from '../../../model/errors.ts';
import type { SubscriptionView } from '../../../server/admin/subscriptions.ts';
import { connect } from '../../admin-client.ts';
import { type CommandInput, isSet } from '../../command.ts';
import { exitCodes } from '../../exit-codes.ts';
import { formatOf, printJson, printName, say } from '../../output.ts';
import { subscriptionFlags } from '../setting-options.ts';
import { readSettings, settingText } from '../settings.ts';
import { subscriptionNamed, subscriptionPath } from '../views.ts';

export async function changeSubscription(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const [topic = '', named = ''] = input.args;
  const client = await connect(input);
  const before = await subscriptionNamed(client, topic, named);
  const change = await readSettings(input, subscriptionFlags);
  const isConfirming = isSet(input, 'confirm');
  if (Object.keys(change).length === 0 && !isConfirming)
    throw new GantryError('invalid-argument', 'name what to change: `gantry topic sub set --help` lists the settings');
  const path = subscriptionPath(before);
  let after: SubscriptionView = before;
  if (Object.keys(change).length > 0) after = await client.call('PATCH', path, {}, change);
  if (isConfirming) after = await client.call('POST', `${path}/confirm`);
  if (format === 'json') printJson(after);
  else if (format === 'name') printName(after.to);
  else {
    for (const key of Object.keys(change))
      say(`${key}: ${settingText(before.settings[key])} -> ${settingText(after.settings[key])}`);
    if (isConfirming) say(`state: ${before.state} -> ${after.state}`);
  }
  return exitCodes.ok;
}
