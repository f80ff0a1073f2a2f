import type { Call } from '../../aws/service.ts';
import { requireAccountAct } from '../sms/account-act.ts';
import type { Sns } from '../sns.ts';

/** No account is in it: every number can be sent to. */
export async function getSmsSandboxAccountStatus(sns: Sns, call: Call) {
  requireAccountAct(sns, call);
  return { IsInSandbox: false };
}
