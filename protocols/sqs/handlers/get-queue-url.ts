import type { Call } from '../../aws/service.ts';
import { hintFor } from '../hint.ts';
import { noSuchQueue, required, requireOwnAct, type Sqs, urlOf } from '../sqs.ts';

export async function getQueueUrl(sqs: Sqs, call: Call) {
  const name = required(call.members, 'QueueName');
  const account = call.members.text('QueueOwnerAWSAccountId') ?? call.namespace.account;
  const address = { account, region: call.namespace.region, name };
  const queue = sqs.broker.catalogue.find(address);
  if (queue === undefined) requireOwnAct(sqs, call, address);
  if (queue === undefined) throw noSuchQueue(hintFor(address, sqs.broker, call.principal));
  sqs.broker.requireAllowed(call.principal, 'browse', queue.address);
  return { QueueUrl: urlOf(sqs, call, queue) };
}
