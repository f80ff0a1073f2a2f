import type { Broker } from '../../src/core/broker.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { TopicAddress } from '../../src/model/topic.ts';
import { nameHint } from '../aws/name-hint.ts';
import { snsLimits } from './limits.ts';
import { isTopicName } from './names.ts';

/** What the developer may have meant by a topic that is not there. */
export function topicHint(address: TopicAddress, { topics }: Broker, principal: Principal): string | undefined {
  const fifo = topics.catalogue.find({ ...address, name: `${address.name}.fifo` });
  if (fifo !== undefined && mayKnow(fifo.address)) return `did you mean "${fifo.address.name}"?`;
  return nameHint(address, {
    ...{ others: topics.catalogue.all(), isName: isTopicName, mayKnow },
    ...{ looksMax: snsLimits.hintTopicsMax, questionsMax: snsLimits.hintQuestionsMax },
  });

  function mayKnow(other: TopicAddress): boolean {
    try {
      topics.requireAllowed(principal, 'browse', other);
      return true;
    } catch (error) {
      if (error instanceof GantryError) return false;
      throw error;
    }
  }
}
