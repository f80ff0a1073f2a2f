import type { Call } from '../../aws/service.ts';
import { requireAccountAct } from '../sms/account-act.ts';
import { optIn } from '../sms/opt-outs.ts';
import { phoneNumberOf } from '../sms/phone-number.ts';
import type { Sns } from '../sns.ts';

export async function optInPhoneNumber(sns: Sns, call: Call) {
  requireAccountAct(sns, call);
  await optIn(sns.broker, call.namespace.account, phoneNumberOf(call, 'phoneNumber'));
  return {};
}
