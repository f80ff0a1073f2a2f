import type { Catalogue } from '../../src/core/catalogue.ts';
import type { QueueAddress } from '../../src/model/queue.ts';
import { nameHint } from '../aws/name-hint.ts';
import { ownLimits } from './limits.ts';
import { isQueueName } from './names.ts';

/** @param mayKnow whether who asks may learn of that other queue */
export function hintFor(
  address: QueueAddress,
  catalogue: Catalogue,
  mayKnow: (other: QueueAddress) => boolean,
): string | undefined {
  return nameHint(address, {
    ...{ others: catalogue.all(), isName: isQueueName, mayKnow },
    ...{ looksMax: ownLimits.hintQueuesMax, questionsMax: ownLimits.hintQuestionsMax },
  });
}
