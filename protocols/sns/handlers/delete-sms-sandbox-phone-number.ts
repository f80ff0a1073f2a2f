import type { Call } from '../../aws/service.ts';
import { requireAccountAct } from '../sms/account-act.ts';
import { phoneNumberOf } from '../sms/phone-number.ts';
import { removeSandboxNumber } from '../sms/sandbox.ts';
import type { Sns } from '../sns.ts';

export async function deleteSmsSandboxPhoneNumber(sns: Sns, call: Call) {
  requireAccountAct(sns, call);
  await removeSandboxNumber(sns, call.namespace, phoneNumberOf(call, 'PhoneNumber'));
  return {};
}
