import type { Call } from '../../aws/service.ts';
import { pageMaxOf } from '../document-pages.ts';
import { requireAccountAct } from '../sms/account-act.ts';
import { smsLimits } from '../sms/limits.ts';
import type { Sns } from '../sns.ts';

/** Nobody has rented any. */
export async function listOriginationNumbers(sns: Sns, call: Call) {
  requireAccountAct(sns, call);
  pageMaxOf(call.members.integer('MaxResults'), smsLimits.originationPageMax);
  return { PhoneNumbers: [] };
}
