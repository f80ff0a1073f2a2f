import type { Authorize } from '../core/authorize.ts';
import type { Clock } from '../model/clock.ts';
import type { Queue, QueueAddress } from '../model/queue.ts';
import type { UserRecord, Users } from '../security/users.ts';

/** Who there is, and who of them may. */
export interface Access {
  readonly users: Users;
  readonly authorize: Authorize;
  /** The wall's, for signatures and policies: their authors look at their own clocks, and time passes while a machine sleeps. */
  readonly clock: Pick<Clock, 'now'>;
}

/** @returns undefined: there are no users, and a start does not pay for policies */
export async function createAccess(
  records: readonly UserRecord[],
  findQueue: (address: QueueAddress) => Queue | undefined,
): Promise<Access | undefined> {
  if (records.length === 0) return undefined;
  const [{ createUsers }, { createAuthorize }] = await Promise.all([
    import('../security/users.ts'),
    import('../security/authorize.ts'),
  ]);
  const users = createUsers(records);
  const clock = { now: () => Date.now() };
  return { users, clock, authorize: createAuthorize({ users, clock, findQueue }) };
}
