import type { Call } from '../../aws/service.ts';
import { documentPageOf, pageMaxOf } from '../document-pages.ts';
import { requireAccountAct } from '../sms/account-act.ts';
import { smsLimits } from '../sms/limits.ts';
import { sandboxNumbersOf, sandboxPrefix } from '../sms/sandbox.ts';
import type { Sns } from '../sns.ts';

export async function listSmsSandboxPhoneNumbers(sns: Sns, call: Call) {
  requireAccountAct(sns, call);
  const { members, namespace } = call;
  const prefix = sandboxPrefix(namespace);
  const max = pageMaxOf(members.integer('MaxResults'), smsLimits.sandboxPageMax);
  const page = { prefix, token: members.text('NextToken'), parameter: 'NextToken', max };
  const { items, next } = documentPageOf(sandboxNumbersOf(sns).list, page);
  return {
    PhoneNumbers: items.map(({ key, value }) => ({ PhoneNumber: key.slice(prefix.length), Status: value.status })),
    NextToken: next,
  };
}
