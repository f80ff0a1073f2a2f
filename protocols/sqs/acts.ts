import type { Action } from '../../src/model/principal.ts';

/** An operation as policies name it, and what it is to core. */
export interface ActName {
  readonly name: string;
  readonly action: Action;
}

/** A batch has no name of its own: it is allowed with what it is a batch of [IAM, actions of Amazon SQS]. */
const rows: readonly (readonly [Action, string, ...(readonly string[])])[] = [
  ['create', 'CreateQueue'],
  ['send', 'SendMessage', 'SendMessageBatch'],
  ['receive', 'ReceiveMessage'],
  ['receive', 'DeleteMessage', 'DeleteMessageBatch'],
  ['receive', 'ChangeMessageVisibility', 'ChangeMessageVisibilityBatch'],
  ['browse', 'GetQueueUrl'],
  ['browse', 'GetQueueAttributes'],
  ['browse', 'ListQueues'],
  ['browse', 'ListQueueTags'],
  ['browse', 'ListDeadLetterSourceQueues'],
  ['browse', 'ListMessageMoveTasks'],
  ['manage', 'DeleteQueue'],
  ['manage', 'PurgeQueue'],
  ['manage', 'SetQueueAttributes'],
  ['manage', 'TagQueue'],
  ['manage', 'UntagQueue'],
  ['manage', 'AddPermission'],
  ['manage', 'RemovePermission'],
  ['manage', 'StartMessageMoveTask'],
  ['manage', 'CancelMessageMoveTask'],
];

const acts: ReadonlyMap<string, ActName> = new Map(
  rows.flatMap(([action, base, ...batches]) =>
    [base, ...batches].map((operation) => [operation, { name: `sqs:${base}`, action }] as const),
  ),
);

/** As policies may name them. A batch's own name gives nothing, but stands in policies that were written long ago. */
export const actNames: ReadonlyMap<string, string> = new Map(
  [...acts.keys()].map((operation) => [`sqs:${operation}`.toLowerCase(), `sqs:${operation}`]),
);

/** An operation that is not in the table may be done by nobody but an admin. */
export function actOf(operation: string): ActName {
  return acts.get(operation) ?? { name: `sqs:${operation}`, action: 'admin' };
}
