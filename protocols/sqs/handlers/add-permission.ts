import type { Members } from '../../aws/members.ts';
import type { Call } from '../../aws/service.ts';
import { invalidValue, missing } from '../errors.ts';
import { sqsLimits } from '../limits.ts';
import { tooMany, withPermission } from '../policy-statements.ts';
import { queueOf, required, type Sqs } from '../sqs.ts';

const labelPattern = /^[A-Za-z0-9_-]+$/;
const accountPattern = /^\d{12}$/;

/** What a queue's owner can allow to others; for batches the action of one message stands. */
const grantable = new Set([
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
]);
/** Actions that no policy gives to another account [SQS AddPermission]. */
const ownerOnly = new Set([
  'AddPermission',
  'CancelMessageMoveTask',
  'CreateQueue',
  'DeleteQueue',
  'ListMessageMoveTasks',
  'ListQueueTags',
  'ListQueues',
  'RemovePermission',
  'SetQueueAttributes',
  'StartMessageMoveTask',
  'TagQueue',
  'UntagQueue',
]);

/** Adds a statement to the queue's Policy [sqs-sns 1.17]. */
export async function addPermission(sqs: Sqs, call: Call): Promise<undefined> {
  const { address } = queueOf(sqs, call);
  const permission = {
    label: readLabel(call.members),
    actions: readActions(call.members),
    accounts: readAccounts(call.members),
  };
  await sqs.broker.catalogue.alter(call.principal, address, (queue) => ({
    attributes: { policy: withPermission(queue, permission) },
  }));
  return undefined;
}

function readLabel(members: Members): string {
  const label = required(members, 'Label');
  if (label.length <= sqsLimits.permissionLabelCharactersMax && labelPattern.test(label)) return label;
  const reason = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.';
  throw invalidValue('Label', label, reason);
}

function readActions(members: Members): readonly string[] {
  const actions = members.texts('Actions') ?? [];
  if (actions.length === 0) throw missing('Actions');
  if (actions.length > sqsLimits.permissionActionsMax) {
    throw tooMany('Actions', actions.length, sqsLimits.permissionActionsMax);
  }
  for (const action of actions) {
    const shown = `SQS:${action}`;
    if (ownerOnly.has(action)) {
      throw invalidValue('ActionName', shown, 'Only the queue owner is allowed to invoke this action.');
    }
    if (grantable.has(action)) continue;
    // With the space at its end, as AWS has it.
    throw invalidValue('ActionName', shown, 'Please refer to the appropriate WSDL for a list of valid actions. ');
  }
  return actions;
}

function readAccounts(members: Members): readonly string[] {
  const accounts = members.texts('AWSAccountIds') ?? [];
  if (accounts.length > sqsLimits.policyPrincipalsMax) {
    throw tooMany('Principals', accounts.length, sqsLimits.policyPrincipalsMax);
  }
  if (accounts.length > 0 && accounts.every((account) => accountPattern.test(account))) return accounts;
  throw invalidValue('PrincipalId', `[${accounts.join(', ')}]`, 'Unable to verify.');
}
