import type { QueueView } from '../../server/admin/queues.ts';
import type { AdminClient } from '../admin-client.ts';
import { nextPage } from '../next-page.ts';
import { pathPart } from '../path-part.ts';

/** Of a queue in the admin API. */
export function queuePath(name = ''): string {
  return `/queues/${pathPart(name)}`;
}

/** Every queue whose name begins with `prefix`, page by page. */
export async function* eachQueue(client: AdminClient, prefix: string): AsyncGenerator<QueueView> {
  let after: string | undefined;
  const seen = new Set<string>();
  do {
    const page: Page = await client.call('GET', '/queues', { prefix, after });
    yield* page.queues;
    after = nextPage(page.next, seen);
  } while (after !== undefined);
}

interface Page {
  readonly queues: readonly QueueView[];
  readonly next?: string;
}

/** `3 s`, `2 h`: as old as a person wants to know. */
export function ageText(ms: number | null): string {
  if (ms === null) return '-';
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const;
  const [unit, factor] = units.find(([, one]) => ms >= one) ?? ['s', 1_000];
  return `${Math.floor(ms / factor)}${unit}`;
}

export function messagesText(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}
