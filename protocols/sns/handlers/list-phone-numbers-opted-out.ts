import type { Call } from '../../aws/service.ts';
import { documentPageOf } from '../document-pages.ts';
import { snsLimits } from '../limits.ts';
import { requireAccountAct } from '../sms/account-act.ts';
import { optOutPrefix, optOutsOf } from '../sms/opt-outs.ts';
import type { Sns } from '../sns.ts';

export async function listPhoneNumbersOptedOut(sns: Sns, call: Call) {
  requireAccountAct(sns, call);
  const prefix = optOutPrefix(call.namespace.account);
  const page = { prefix, token: call.members.text('nextToken'), parameter: 'nextToken', max: snsLimits.listPageMax };
  const { items, next } = documentPageOf(optOutsOf(sns.broker).list, page);
  return { phoneNumbers: items.map(({ key }) => key.slice(prefix.length)), nextToken: next };
}
