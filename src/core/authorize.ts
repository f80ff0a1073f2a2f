import type { GantryError } from '../model/errors.ts';
import type { Action, Principal, Resource } from '../model/principal.ts';
import type { QueueAddress } from '../model/queue.ts';
import type { TopicAddress } from '../model/topic.ts';

/** May `principal` do `action` to `resource`? Undefined: yes; else the error to answer. Security supplies it; it never waits. */
export type Authorize = (principal: Principal, action: Action, resource: Resource) => GantryError | undefined;

export function findRefusal(
  authorize: Authorize,
  principal: Principal,
  action: Action,
  { account, region, name }: QueueAddress,
): GantryError | undefined {
  return authorize(principal, action, { type: 'queue', account, region, name });
}

/** @throws GantryError what `authorize` answers, `access-denied` */
export function requireAllowed(authorize: Authorize, principal: Principal, action: Action, queue: QueueAddress): void {
  const refusal = findRefusal(authorize, principal, action, queue);
  if (refusal !== undefined) throw refusal;
}

/** The same for a topic. @throws GantryError what `authorize` answers, `access-denied` */
export function requireAllowedTopic(
  authorize: Authorize,
  principal: Principal,
  action: Action,
  { account, region, name }: TopicAddress,
): void {
  const refusal = authorize(principal, action, { type: 'topic', account, region, name });
  if (refusal !== undefined) throw refusal;
}

/** The same for what is about nothing that the broker has. @throws GantryError what `authorize` answers, `access-denied` */
export function requireAllowedAtLarge(authorize: Authorize, principal: Principal, action: Action): void {
  const refusal = authorize(principal, action, { type: 'broker' });
  if (refusal !== undefined) throw refusal;
}
