import { GantryError } from '../../model/errors.ts';
import type { SubscriptionView } from '../../server/admin/subscriptions.ts';
import type { TopicView } from '../../server/admin/topics.ts';
import type { AdminClient } from '../admin-client.ts';
import { nextPage } from '../next-page.ts';
import { pathPart } from '../path-part.ts';

/** Of a topic in the admin API. */
export function topicPath(name = ''): string {
  return `/topics/${pathPart(name)}`;
}

/** Every topic whose name begins with `prefix`, page by page. */
export async function* eachTopic(client: AdminClient, prefix: string): AsyncGenerator<TopicView> {
  let after: string | undefined;
  const seen = new Set<string>();
  do {
    const page: { readonly topics: readonly TopicView[]; readonly next?: string } = await client.call(
      ...(['GET', '/topics', { prefix, after }] as const),
    );
    yield* page.topics;
    after = nextPage(page.next, seen);
  } while (after !== undefined);
}

/** Every subscription of a topic, page by page. */
export async function* eachSubscription(client: AdminClient, topic: string): AsyncGenerator<SubscriptionView> {
  let after: string | undefined;
  const seen = new Set<string>();
  const path = `${topicPath(topic)}/subscriptions`;
  do {
    const page: { readonly subscriptions: readonly SubscriptionView[]; readonly next?: string } = await client.call(
      ...(['GET', path, { after }] as const),
    );
    yield* page.subscriptions;
    after = nextPage(page.next, seen);
  } while (after !== undefined);
}

/**
 * By its endpoint (`orders`, `https://example.org/hook`), its id or its ARN.
 * @throws GantryError `not-found`
 */
export async function subscriptionNamed(client: AdminClient, topic: string, named: string): Promise<SubscriptionView> {
  for await (const one of eachSubscription(client, topic))
    if (one.to === named || one.id === named || one.arn === named) return one;
  throw new GantryError('not-found', `topic "${topic}" has no subscription "${named}"`, {
    resource: named,
    hint: `gantry topic sub ls ${topic} lists them`,
  });
}

export function subscriptionPath({ topic, id }: Pick<SubscriptionView, 'topic' | 'id'>): string {
  return `${topicPath(topic)}/subscriptions/${pathPart(id)}`;
}

export function archivedWords(count: number): string {
  return `${count} archived message${count === 1 ? '' : 's'}`;
}

export function tagsOf({ settings: { tags } }: TopicView): Readonly<Record<string, string>> {
  return typeof tags === 'object' && tags !== null
    ? Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, String(value)]))
    : {};
}
