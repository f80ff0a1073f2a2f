import type { Call } from '../../aws/service.ts';
import { requireOwnAct, type Sns } from '../sns.ts';

/** Of an operation that is about no resource: policies allow it on `*`. @throws GantryError `access-denied` */
export function requireAccountAct(sns: Sns, call: Call): void {
  requireOwnAct(sns, call, { ...call.namespace, name: '*' });
}
