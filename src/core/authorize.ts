import type { GantryError } from '../model/errors.ts';
import type { Action, Principal, Resource } from '../model/principal.ts';

/** May `principal` do `action` to `resource`? Undefined: yes; else the error to answer. Security supplies it; it never waits. */
export type Authorize = (principal: Principal, action: Action, resource: Resource) => GantryError | undefined;
