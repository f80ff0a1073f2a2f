import { expect, test } from 'vitest';
import { actOf } from '../../../protocols/sqs/acts.ts';
import { call } from './call.ts';
import { withServer } from './with-server.ts';

/** The actions of SQS that IAM knows [Service Authorization Reference]. */
const actions = [
  ...[
    'AddPermission',
    'CancelMessageMoveTask',
    'ChangeMessageVisibility',
    'CreateQueue',
    'DeleteMessage',
    'DeleteQueue',
  ],
  ...['GetQueueAttributes', 'GetQueueUrl', 'ListDeadLetterSourceQueues', 'ListMessageMoveTasks', 'ListQueues'],
  ...['ListQueueTags', 'PurgeQueue', 'ReceiveMessage', 'RemovePermission', 'SendMessage', 'SetQueueAttributes'],
  ...['StartMessageMoveTask', 'TagQueue', 'UntagQueue'],
];

test('every action is its own, and a batch is what it is a batch of', () => {
  for (const action of actions) expect(actOf(action).name).toBe(`sqs:${action}`);
  for (const action of ['SendMessage', 'DeleteMessage', 'ChangeMessageVisibility'])
    expect(actOf(`${action}Batch`)).toEqual(actOf(action));
});

test('an operation that the table lacks is an admin’s', () => {
  expect(actOf('LaunchQueue').action).toBe('admin');
  expect(actions.filter((action) => actOf(action).action === 'admin')).toEqual([]);
});

test('a policy without a resource is kept as it is', () =>
  withServer(async (server) => {
    const Policy = '{"Version":"2012-10-17","Id":"test","Statement":[{"Effect":"Allow","Principal":"*","Action":"*"}]}';
    await call(server, 'CreateQueue', { QueueName: 'a', Attributes: { Policy } });
    const { output } = await call(server, 'GetQueueAttributes', { QueueUrl: 'a', AttributeNames: ['Policy'] });

    expect(output).toEqual({ Attributes: { Policy } });
  }));
