import type { Queue } from '../../../src/model/queue.ts';
import type { Call } from '../../aws/service.ts';
import { checkWhole, readChange, withExtras } from '../attribute-change.ts';
import { missing } from '../errors.ts';
import { hintAtPolicy } from '../policy-hint.ts';
import { invalidAttribute, unknownAttribute } from '../queue-attributes.ts';
import { checkRedrive } from '../redrive-policy.ts';
import { queueOf, type Sqs } from '../sqs.ts';

export async function setQueueAttributes(sqs: Sqs, call: Call): Promise<undefined> {
  const { address } = queueOf(sqs, call);
  const given = call.members.textMap('Attributes');
  if (given === undefined) throw missing('Attributes');
  const { catalogue } = sqs.broker;
  await catalogue.alter(call.principal, address, (queue) => {
    checkKind(queue, new Map(given).get('FifoQueue'));
    const { attributes, extras } = readChange(given, queue.kind);
    checkWhole({ ...queue.attributes, ...attributes });
    if (attributes.redrive !== undefined) checkRedrive(attributes.redrive, queue, catalogue);
    return { attributes, extras: withExtras(queue.extras, extras) };
  });
  hintAtPolicy(call, given);
  return undefined;
}

/** A queue's kind is for life; saying again what it is harms nobody. */
function checkKind(queue: Queue, fifoText: string | undefined): void {
  if (fifoText === undefined) return;
  if (queue.kind === 'standard') throw unknownAttribute('FifoQueue');
  if (fifoText.toLowerCase() !== 'true') {
    throw invalidAttribute('FifoQueue', 'Modifying queue type is not supported.');
  }
}
