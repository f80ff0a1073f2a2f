import type { Principal } from '../model/principal.ts';
import { defaultNamespace } from '../model/queue.ts';

/**
 * Who does what the options of the broker say, at its start: may everything. It is known by being this very object, never
 * by its name, so that no request can be it.
 */
export const operator: Principal = { name: ':definitions', account: defaultNamespace.account, isAnonymous: false };
