import { GantryError } from '../../../src/model/errors.ts';
import type { Topic } from '../../../src/model/topic.ts';
import type { Call } from '../../aws/service.ts';
import { snsError } from '../errors.ts';
import { type Sns, topicAddressOf } from '../sns.ts';

/** A topic that is not there is as good as deleted (verified) [sqs-sns 2.2]. */
export async function deleteTopic(sns: Sns, call: Call): Promise<undefined> {
  try {
    await sns.broker.topics.catalogue.drop(call.principal, topicAddressOf(call), requireNoArchive);
  } catch (error) {
    if (!(error instanceof GantryError && error.code === 'not-found')) throw error;
  }
}

/** [SNS developer guide, message archiving] */
function requireNoArchive({ attributes }: Topic): void {
  if (attributes.archiveMs === undefined) return;
  const hint = 'Set the attribute ArchivePolicy to {} first: that throws the archive away.';
  throw snsError('InvalidStateException', 'Cannot delete a topic with an active ArchivePolicy', hint);
}
