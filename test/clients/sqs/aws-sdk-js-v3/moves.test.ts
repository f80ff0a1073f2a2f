import {
  AddPermissionCommand,
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  OverLimit,
  RemovePermissionCommand,
  ResourceNotFoundException,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { given, receive, receiveOne, type SdkWorld, withBroker } from '../sdk-world.ts';

const setup = withBroker();

async function arnOf({ sqs }: SdkWorld, QueueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return given(Attributes?.QueueArn, 'an ARN');
}

/** A queue whose messages have all gone to its dead-letter queue. */
async function makeDeadLetters(world: SdkWorld, bodies: readonly string[]) {
  const dead = await world.makeQueue();
  const SourceArn = await arnOf(world, dead);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: SourceArn, maxReceiveCount: 1 });
  const source = await world.makeQueue({ RedrivePolicy });
  for (const MessageBody of bodies) await world.sqs.send(new SendMessageCommand({ QueueUrl: source, MessageBody }));
  for (const isThere of [true, false]) {
    const received = await receive(world.sqs, source, { MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
    expect(received.length > 0).toBe(isThere);
  }
  return { source, dead, SourceArn };
}

async function untilStatus({ sqs }: SdkWorld, SourceArn: string, status: string) {
  let task: ListMessageMoveTasksResultEntry | undefined;
  for (let asked = 0; asked < 1_000; asked++) {
    [task] = (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }))).Results ?? [];
    if (task?.Status === status) return task;
  }
  throw new Error(`the task does not become ${status}: ${JSON.stringify(task)}`);
}

test('dead letters go back to their source, and the task shows what it did', async () => {
  const world = setup();
  const { source, SourceArn } = await makeDeadLetters(world, ['a', 'b']);

  const { TaskHandle } = await world.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));

  expect(TaskHandle).toEqual(expect.any(String));
  expect(await untilStatus(world, SourceArn, 'COMPLETED')).toEqual({
    Status: 'COMPLETED',
    SourceArn,
    ApproximateNumberOfMessagesMoved: 2,
    ApproximateNumberOfMessagesToMove: 2,
    StartedTimestamp: expect.any(Number),
  });
  const back = await receive(world.sqs, source, { MaxNumberOfMessages: 10 });
  expect(back.map(({ Body }) => Body)).toEqual(['a', 'b']);
});

test('a task with a rate can be cancelled, and what it moved stays moved', async () => {
  const world = setup();
  const { dead, SourceArn } = await makeDeadLetters(world, ['a', 'b', 'c']);
  const other = await world.makeQueue();
  const DestinationArn = await arnOf(world, other);
  const input = { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: 1 };
  const { TaskHandle } = await world.sqs.send(new StartMessageMoveTaskCommand(input));
  await receiveOne(world.sqs, other, { WaitTimeSeconds: 20 });

  await world.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));

  const task = await untilStatus(world, SourceArn, 'CANCELLED');
  expect(task.TaskHandle).toBeUndefined();
  const left = await receive(world.sqs, dead, { MaxNumberOfMessages: 10 });
  expect(left).toHaveLength(3 - given(task.ApproximateNumberOfMessagesMoved, 'a count'));
});

test('a destination that is not there is an error that the client knows', async () => {
  const world = setup();
  const { SourceArn } = await makeDeadLetters(world, ['a']);

  const started = world.sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn: `${SourceArn}-none` }));

  await expect(started).rejects.toThrow(ResourceNotFoundException);
  await expect(started).rejects.toThrow(
    "The resource that you specified for the DestinationArn parameter doesn't exist.",
  );
});

test('permissions are given and taken away', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  const permission = { QueueUrl, Label: 'l', AWSAccountIds: ['111111111111'], Actions: ['SendMessage'] };
  const policy = async () =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }))).Attributes;

  await sqs.send(new AddPermissionCommand(permission));

  expect(JSON.parse(given((await policy())?.Policy, 'a policy'))).toMatchObject({ Statement: [{ Sid: 'l' }] });
  const eight = Array<string>(8).fill('SendMessage');
  await expect(sqs.send(new AddPermissionCommand({ ...permission, Actions: eight }))).rejects.toThrow(OverLimit);
  await sqs.send(new RemovePermissionCommand({ QueueUrl, Label: 'l' }));
  expect(await policy()).toBeUndefined();
});
