import type { Call } from '../../aws/service.ts';
import { browsedQueue, type Sqs } from '../sqs.ts';

export async function listQueueTags(sqs: Sqs, call: Call) {
  const { tags } = browsedQueue(sqs, call);
  return { Tags: Object.keys(tags).length === 0 ? undefined : tags };
}
