import type { Call } from '../../aws/service.ts';
import { requireAccountAct } from '../sms/account-act.ts';
import { isOptedOut } from '../sms/opt-outs.ts';
import { phoneNumberOf } from '../sms/phone-number.ts';
import type { Sns } from '../sns.ts';

export async function checkIfPhoneNumberIsOptedOut(sns: Sns, call: Call) {
  requireAccountAct(sns, call);
  const number = phoneNumberOf(call, 'phoneNumber');
  return { isOptedOut: isOptedOut(sns.broker, call.namespace.account, number) };
}
