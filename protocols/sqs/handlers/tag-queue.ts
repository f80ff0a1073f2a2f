import type { Call } from '../../aws/service.ts';
import { missing } from '../errors.ts';
import { queueOf, type Sqs } from '../sqs.ts';
import { readTags } from '../tags.ts';

export async function tagQueue(sqs: Sqs, call: Call): Promise<undefined> {
  const { address, tags } = queueOf(sqs, call);
  const given = call.members.textMap('Tags');
  if (given === undefined || given.length === 0) throw missing('Tags');
  const all = readTags([...Object.entries(tags), ...given], address.name);
  await sqs.broker.catalogue.alter(call.principal, address, { tags: all });
  return undefined;
}
