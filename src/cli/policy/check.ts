import { GantryError } from '../../model/errors.ts';
import type { PolicyView } from '../../server/admin/policy.ts';
import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, printFields, printJson } from '../output.ts';

/** Exit code 0: allowed, 5: denied. */
export async function checkPolicy(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const [who = '', action = '', resource = ''] = input.args;
  const context = contextIn(input);
  const whoKey = who === 'anonymous' || who.startsWith('arn:') ? 'principal' : 'user';
  const client = await connect(input);
  const view: PolicyView = await client.call('POST', '/policy/check', {}, { [whoKey]: who, action, resource, context });
  if (format === 'json') printJson(view);
  else if (format === 'name') printFields([[view.allowed ? 'allowed' : 'denied', '']]);
  else
    printFields([
      ['who', view.principal],
      ['action', view.action],
      ['resource', view.resource],
      ['decision', view.why],
    ]);
  return view.allowed ? exitCodes.ok : exitCodes.denied;
}

/** `--context aws:SourceIp=10.0.0.1`, several times. */
function contextIn({ flags }: CommandInput): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (flags.context ?? []).map((text) => {
      const at = text.indexOf('=');
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw new GantryError('invalid-argument', `--context "${text}": expected key=value`);
    }),
  );
}
