import { setImmediate } from 'node:timers/promises';
import type { Broker } from '../core/broker.ts';
import type { Subscription, Topic } from '../model/topic.ts';

/** Endpoints that are asked about before others get their turn of the event loop. */
const sliceMax = 1_000;

/** How many messages of each topic wait for endpoints outside, in slices: one topic may have any number of those. */
export async function pushesWaiting(
  { subscriptions, push }: Pick<Broker['topics'], 'subscriptions' | 'push'>,
  topics: readonly Topic[],
): Promise<readonly number[]> {
  const counts = topics.map(() => 0);
  let slice: Subscription[] = [];
  let topicOfEach: number[] = [];

  for (const [at, topic] of topics.entries()) {
    let after: string | undefined;
    for (;;) {
      const wanted = sliceMax - slice.length;
      const page = subscriptions.pushedOf(topic, after, wanted);
      for (const each of page) {
        slice.push(each);
        topicOfEach.push(at);
      }
      if (page.length < wanted) break;
      after = page.at(-1)?.address.id;
      await flush();
    }
  }
  await flush();
  return counts;

  async function flush(): Promise<void> {
    if (slice.length === 0) return;
    const waiting = await push.waiting(slice);
    for (const [index, at] of topicOfEach.entries()) counts[at] = (counts[at] ?? 0) + (waiting[index] ?? 0);
    const isLast = slice.length < sliceMax;
    slice = [];
    topicOfEach = [];
    if (!isLast) await setImmediate();
  }
}
