import type { QueueKind } from '../../src/model/queue.ts';
import { invalid } from './errors.ts';
import { snsLimits } from './limits.ts';
import { topicNameHint } from './meant.ts';

const namePattern = /^[A-Za-z0-9_-]+(\.fifo)?$/;
const fifoSuffix = '.fifo';

export function isTopicName(name: string): boolean {
  return name.length <= snsLimits.topicNameCharactersMax && namePattern.test(name);
}

/** Name and FifoTopic have to agree; whatever is wrong with them, AWS says the same (verified) [sqs-sns 2.2]. */
export function topicKindOf(name: string, fifoText: string | undefined): QueueKind {
  const kind = fifoText?.toLowerCase() === 'true' ? 'fifo' : 'standard';
  if (!isTopicName(name) || (kind === 'fifo') !== name.endsWith(fifoSuffix))
    throw invalid('Topic Name', topicNameHint(name, kind === 'fifo'));
  return kind;
}
