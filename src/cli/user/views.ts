import type { UserView } from '../../server/admin/users.ts';
import type { AdminClient } from '../admin-client.ts';

/** Every user, page by page. */
export async function* eachUser(client: AdminClient): AsyncGenerator<UserView> {
  let after: string | undefined;
  do {
    const page: Page = await client.call('GET', '/users', { after });
    yield* page.users;
    after = page.next;
  } while (after !== undefined);
}

interface Page {
  readonly users: readonly UserView[];
  readonly next?: string;
}

export function userPath(name: string): string {
  return `/users/${encodeURIComponent(name)}`;
}
