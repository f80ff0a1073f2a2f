import type { Call } from '../../aws/service.ts';
import { mustNotBeNull } from '../errors.ts';
import { requireAccountAct } from '../sms/account-act.ts';
import { checkSmsAttributes, setSmsAttributesOf } from '../sms/sms-attributes.ts';
import type { Sns } from '../sns.ts';

export async function setSmsAttributes(sns: Sns, call: Call) {
  requireAccountAct(sns, call);
  const given = call.members.textMap('attributes');
  if (given === undefined) throw mustNotBeNull('attributes');
  checkSmsAttributes(given);
  await setSmsAttributesOf(sns, call.namespace, Object.fromEntries(given));
  return {};
}
