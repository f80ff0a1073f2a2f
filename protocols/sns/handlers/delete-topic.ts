import { GantryError } from '../../../src/model/errors.ts';
import type { Call } from '../../aws/service.ts';
import { type Sns, topicAddressOf } from '../sns.ts';

/** A topic that is not there is as good as deleted (verified) [sqs-sns 2.2]. */
export async function deleteTopic(sns: Sns, call: Call): Promise<undefined> {
  try {
    await sns.broker.topics.catalogue.drop(call.principal, topicAddressOf(call));
  } catch (error) {
    if (!(error instanceof GantryError && error.code === 'not-found')) throw error;
  }
}
