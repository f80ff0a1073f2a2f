import type { Authorize } from '../core/authorize.ts';
import type { Principal } from '../model/principal.ts';
import { defaultNamespace } from '../model/queue.ts';

/** Who has not said who it is, and asks for what belongs to no account: metrics, administration. */
export const anonymous: Principal = { name: 'anonymous', account: defaultNamespace.account, isAnonymous: true };

/** Without users everybody may do everything: the server then listens on loopback alone, or was told to let all in. */
export const allowAll: Authorize = () => undefined;
