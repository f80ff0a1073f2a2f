import type { Call } from '../../aws/service.ts';
import { mustNotBeNull } from '../errors.ts';
import { requireAccountAct } from '../sms/account-act.ts';
import { phoneNumberOf } from '../sms/phone-number.ts';
import { verifySandboxNumber } from '../sms/sandbox.ts';
import type { Sns } from '../sns.ts';

export async function verifySmsSandboxPhoneNumber(sns: Sns, call: Call) {
  requireAccountAct(sns, call);
  const number = phoneNumberOf(call, 'PhoneNumber');
  const code = call.members.text('OneTimePassword');
  if (code === undefined) throw mustNotBeNull('oneTimePassword');
  await verifySandboxNumber(sns, call.namespace, number, code);
  return {};
}
