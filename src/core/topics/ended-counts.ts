import type { Subscription } from '../../model/topic.ts';
import type { TopicIndex } from './topic-index.ts';

/** How many subscriptions of each topic have ended while this process has known it; of no weight, so on no disk. */
export class EndedCounts {
  private readonly byTopicId = new Map<string, number>();
  private readonly topics: TopicIndex;

  constructor(topics: TopicIndex) {
    this.topics = topics;
  }

  /** `after` is undefined where it is gone, `before` where there was none. */
  change(before: Subscription | undefined, after: Subscription | undefined): void {
    if (before === undefined || isOver(before) === isOver(after)) return;
    const { topicId, address } = before;
    if (this.topics.find(address.topic)?.id !== topicId) return; // Swept: nobody asks for its topic any more.
    this.byTopicId.set(topicId, Math.max(0, this.of(topicId) + (isOver(after) ? 1 : -1)));
  }

  of(topicId: string): number {
    return this.byTopicId.get(topicId) ?? 0;
  }

  forgetTopic(topicId: string): void {
    this.byTopicId.delete(topicId);
  }
}

/** Gone, or as good as gone. */
function isOver(subscription: Subscription | undefined): boolean {
  return subscription === undefined || subscription.state === 'ended';
}
