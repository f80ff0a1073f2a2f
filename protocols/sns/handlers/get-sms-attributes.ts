import type { Call } from '../../aws/service.ts';
import { requireAccountAct } from '../sms/account-act.ts';
import { smsAttributesOf } from '../sms/sms-attributes.ts';
import type { Sns } from '../sns.ts';

export async function getSmsAttributes(sns: Sns, call: Call) {
  requireAccountAct(sns, call);
  const wanted = call.members.texts('attributes') ?? [];
  const all = Object.entries(smsAttributesOf(sns, call.namespace));
  const shown = wanted.length === 0 ? all : all.filter(([name]) => wanted.includes(name));
  return { attributes: Object.fromEntries(shown) };
}
