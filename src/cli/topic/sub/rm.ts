import { connect } from '../../admin-client.ts';
import type { CommandInput } from '../../command.ts';
import { confirm } from '../../confirm.ts';
import { exitCodes } from '../../exit-codes.ts';
import { say } from '../../output.ts';
import { subscriptionNamed, subscriptionPath } from '../views.ts';

export async function removeSubscriptions(input: CommandInput): Promise<number> {
  const [topic = '', ...named] = input.args;
  const client = await connect(input);
  const found = [];
  for (const each of named) found.push(await subscriptionNamed(client, topic, each));
  if (!(await confirm(input, `end ${named.join(', ')} of ${topic}, and drop what waits for them`)))
    return exitCodes.failed;
  for (const one of found) {
    await client.call('DELETE', subscriptionPath(one));
    say(`ended ${topic} -> ${one.to}`);
  }
  return exitCodes.ok;
}
