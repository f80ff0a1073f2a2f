import { expect, it } from 'vitest';
import { GantryError } from '../../../src/model/errors.ts';
import type { Action } from '../../../src/model/principal.ts';
import { call } from './call.ts';
import type { JsonObject } from './cases/case.ts';
import { withServer } from './with-server.ts';

const queue = { QueueUrl: 'orders' };
const entry = { Id: '1', ReceiptHandle: 'r', VisibilityTimeout: 1, MessageBody: 'm' };
const arn = 'arn:aws:sqs:us-east-1:000000000000:orders';
const handle = Buffer.from(JSON.stringify({ taskId: 't', sourceArn: arn })).toString('base64');
const rows: readonly (readonly [string, Action, JsonObject])[] = [
  ['CreateQueue', 'create', { QueueName: 'new' }],
  ['DeleteQueue', 'manage', queue],
  ['PurgeQueue', 'manage', queue],
  ['SetQueueAttributes', 'manage', { ...queue, Attributes: { DelaySeconds: '1' } }],
  ['AddPermission', 'manage', { ...queue, Label: 'l', AWSAccountIds: ['111111111111'], Actions: ['*'] }],
  ['RemovePermission', 'manage', { ...queue, Label: 'l' }],
  ['CancelMessageMoveTask', 'manage', { TaskHandle: handle }],
  ['ListMessageMoveTasks', 'browse', { SourceArn: arn }],
  ['TagQueue', 'manage', { ...queue, Tags: { a: 'b' } }],
  ['UntagQueue', 'manage', { ...queue, TagKeys: ['a'] }],
  ['GetQueueUrl', 'browse', { QueueName: 'orders' }],
  ['ListQueues', 'browse', {}],
  ['GetQueueAttributes', 'browse', { ...queue, AttributeNames: ['All'] }],
  ['ListQueueTags', 'browse', queue],
  ['ListDeadLetterSourceQueues', 'browse', queue],
  ['SendMessage', 'send', { ...queue, MessageBody: 'm' }],
  ['SendMessageBatch', 'send', { ...queue, Entries: [entry] }],
  ['ReceiveMessage', 'receive', queue],
  ['DeleteMessage', 'receive', { ...queue, ReceiptHandle: 'r' }],
  ['DeleteMessageBatch', 'receive', { ...queue, Entries: [entry] }],
  ['ChangeMessageVisibility', 'receive', { ...queue, ReceiptHandle: 'r', VisibilityTimeout: 1 }],
  ['ChangeMessageVisibilityBatch', 'receive', { ...queue, Entries: [entry] }],
];

it.each(rows)('%s asks for the permission %s and is refused without it', (operation, action, input) => {
  let isOpen = true;
  const asked: Action[] = [];
  const authorize = (_: unknown, wanted: Action) => {
    asked.push(wanted);
    return isOpen ? undefined : new GantryError('access-denied', 'not allowed');
  };
  return withServer(
    async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'orders' });
      asked.length = 0;
      isOpen = false;

      const answer = await call(server, operation, input);

      expect(answer.output).toMatchObject({ __type: 'com.amazonaws.sqs#AccessDeniedException' });
      expect(answer.status).toBe(403);
      expect(asked).toEqual([action]);
    },
    { authorize },
  );
});
