import type { UserView } from '../../server/admin/users.ts';
import type { AdminClient } from '../admin-client.ts';
import { nextPage } from '../next-page.ts';
import { pathPart } from '../path-part.ts';

/** Every user, page by page. */
export async function* eachUser(client: AdminClient): AsyncGenerator<UserView> {
  let after: string | undefined;
  const seen = new Set<string>();
  do {
    const page: Page = await client.call('GET', '/users', { after });
    yield* page.users;
    after = nextPage(page.next, seen);
  } while (after !== undefined);
}

interface Page {
  readonly users: readonly UserView[];
  readonly next?: string;
}

export function userPath(name: string): string {
  return `/users/${pathPart(name)}`;
}
