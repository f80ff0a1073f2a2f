import type { SubscriptionView } from '../../../server/admin/subscriptions.ts';
import { connect } from '../../admin-client.ts';
import { type CommandInput, isSet } from '../../command.ts';
import { exitCodes } from '../../exit-codes.ts';
import { formatOf, printJson, printName, say } from '../../output.ts';
import { subscriptionFlags } from '../setting-options.ts';
import { readSettings } from '../settings.ts';
import { topicPath } from '../views.ts';

export async function addSubscription(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const [topic = '', endpoint = ''] = input.args;
  const path = `${topicPath(topic)}/subscriptions`;
  const client = await connect(input);
  const settings = await readSettings(input, subscriptionFlags);
  const body = { [endpointKey(endpoint, isSet(input, 'json'))]: endpoint, ...settings };
  const made: SubscriptionView = await client.call('POST', path, {}, body);
  if (format === 'json') printJson(made);
  else if (format === 'name') printName(made.to);
  else if (made.state === 'confirmed') say(`${made.to} is subscribed to ${topic}`);
  else say(`${made.to} was asked to confirm that it is subscribed to ${topic}`);
  return exitCodes.ok;
}

/** What kind of endpoint a word is, as definitions name it. */
function endpointKey(text: string, isJson: boolean): string {
  if (/^https?:\/\//i.test(text)) return 'url';
  if (/^arn:[^:]*:lambda:/.test(text)) return 'function';
  if (/^arn:[^:]*:sns:/.test(text)) return 'application';
  if (text.includes('@')) return isJson ? 'emailJson' : 'email';
  return text.startsWith('+') ? 'phone' : 'queue';
}
