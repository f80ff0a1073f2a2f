import type { Call } from '../../aws/service.ts';
import { snsError } from '../errors.ts';
import { requireAccountAct } from '../sms/account-act.ts';
import { isOptedOut } from '../sms/opt-outs.ts';
import { phoneNumberOf } from '../sms/phone-number.ts';
import { addSandboxNumber } from '../sms/sandbox.ts';
import type { Sns } from '../sns.ts';

/** Sends the code that VerifySMSSandboxPhoneNumber wants. */
export async function createSmsSandboxPhoneNumber(sns: Sns, call: Call) {
  requireAccountAct(sns, call);
  const number = phoneNumberOf(call, 'PhoneNumber');
  if (isOptedOut(sns.broker, call.namespace.account, number)) {
    throw snsError('OptedOutException', `Phone number ${number} is opted out.`);
  }
  const code = await addSandboxNumber(sns, call.namespace, number);
  if (code !== undefined) {
    const text = `Your verification code is ${code}`;
    await sns.destinations.toPhone(call, number, { text, texts: undefined, subject: undefined, properties: [] });
  }
  return {};
}
