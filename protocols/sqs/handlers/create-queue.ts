import { GantryError } from '../../../src/model/errors.ts';
import type { Queue, QueueAddress, QueueKind } from '../../../src/model/queue.ts';
import type { Call } from '../../aws/service.ts';
import { checkWhole, isSameValue, readChange, withExtras } from '../attribute-change.ts';
import { sqsError } from '../errors.ts';
import { isFifoName, isQueueName } from '../names.ts';
import { hintAtPolicy } from '../policy-hint.ts';
import { attributeRows, defaultAttributes, unknownAttribute } from '../queue-attributes.ts';
import { checkRedrive } from '../redrive-policy.ts';
import { required, requireOwnAct, type Sqs, urlOf } from '../sqs.ts';
import { readTags } from '../tags.ts';

type Given = readonly (readonly [string, string])[];

/** Makes the queue, or finds it as it was asked for: asking twice is no mistake [SQS CreateQueue]. */
export async function createQueue(sqs: Sqs, call: Call) {
  const name = required(call.members, 'QueueName');
  const given = call.members.textMap('Attributes') ?? [];
  const tags = readTags(call.members.textMap('tags') ?? [], name);
  const kind = kindOf(name, given);
  const address = { ...call.namespace, name };
  requireOwnAct(sqs, call, address); // First: what follows tells of this queue, or of the dead-letter queue that it names.
  const known = sqs.broker.catalogue.find(address);
  if (known !== undefined) checkSame(known, given);
  const queue = known ?? (await make(sqs, call, { address, kind, given, tags }));
  hintAtPolicy(call, given);
  return { QueueUrl: urlOf(sqs, call, queue) };
}

async function make(
  sqs: Sqs,
  call: Call,
  asked: {
    readonly address: QueueAddress;
    readonly kind: QueueKind;
    readonly given: Given;
    readonly tags: Readonly<Record<string, string>>;
  },
): Promise<Queue> {
  const { address, kind, given, tags } = asked;
  const { catalogue } = sqs.broker;
  if (sqs.deletions.isTooSoon(deletionKey(address), sqs.clock.now())) {
    throw sqsError(
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    );
  }
  const change = readChange(given, kind);
  const attributes = { ...defaultAttributes, ...change.attributes };
  checkWhole(attributes);
  if (attributes.redrive !== undefined) checkRedrive(attributes.redrive, { address, kind }, catalogue);
  const extras = withExtras({}, change.extras);
  try {
    return await catalogue.create(call.principal, { address, kind, attributes, extras, tags });
  } catch (error) {
    // Another create was faster: then this one finds what that one made.
    const made = error instanceof GantryError && error.code === 'already-exists' ? catalogue.find(address) : undefined;
    if (made === undefined) throw error;
    checkSame(made, given);
    return made;
  }
}

export function deletionKey({ account, region, name }: QueueAddress): string {
  return `${account}/${region}/${name}`;
}

/** Name and FifoQueue have to agree [sqs-sns 1.2]. */
function kindOf(name: string, given: Given): QueueKind {
  const fifoText = new Map(given).get('FifoQueue');
  const isFifo = fifoText?.toLowerCase() === 'true';
  if (!isQueueName(name) || isFifo !== isFifoName(name)) {
    throw sqsError('InvalidParameterValueException', isFifo ? badFifoName : badName);
  }
  if (fifoText !== undefined && !isFifo) throw unknownAttribute('FifoQueue');
  return isFifo ? 'fifo' : 'standard';
}

const badName = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
const badFifoName =
  'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length';

/** Attributes that were not given are not compared; tags never are. */
function checkSame(queue: Queue, given: Given): void {
  readChange(given, queue.kind); // A value that makes no sense is an error of its own, not a difference.
  for (const [name, text] of given) {
    const row = attributeRows.get(name);
    if (row === undefined || isSameValue(row, text, row.show(queue))) continue;
    throw sqsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${name}`,
    );
  }
}
