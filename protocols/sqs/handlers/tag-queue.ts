import type { Call } from '../../aws/service.ts';
import { missing } from '../errors.ts';
import { queueOf, type Sqs } from '../sqs.ts';
import { readTags, withTags } from '../tags.ts';

export async function tagQueue(sqs: Sqs, call: Call): Promise<undefined> {
  const { address } = queueOf(sqs, call);
  const given = call.members.textMap('Tags');
  if (given === undefined || given.length === 0) throw missing('Tags');
  const tags = readTags(given, address.name);
  await sqs.broker.catalogue.alter(call.principal, address, (queue) => ({
    tags: withTags(queue.tags, tags, address.name),
  }));
  return undefined;
}
