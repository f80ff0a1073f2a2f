import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { counts, receive, withBroker } from '../sdk-world.ts';
import { attributesMd5 } from './attributes-md5.ts';

const setup = withBroker();
const ten = Array.from({ length: 10 }, (_, index) => ({ Id: `id-${index}`, MessageBody: `body ${index} 😀` }));

test('ten messages go, come and are deleted in three requests', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();

  const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: ten }));
  const messages = await receive(sqs, QueueUrl, { MaxNumberOfMessages: 10 });
  const handles = messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
  const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));

  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(ten.map(({ Id }) => Id));
  expect(messages.map(({ Body }) => Body)).toEqual(ten.map(({ MessageBody }) => MessageBody));
  expect(messages.map(({ MessageId }) => MessageId)).toEqual(sent.Successful?.map(({ MessageId }) => MessageId));
  expect(deleted.Successful).toHaveLength(10);
  expect([sent.Failed, deleted.Failed]).toEqual([undefined, undefined]);
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '0', '0']);
});

test('entries have their own attributes and delays', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  const MessageAttributes = { raw: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) } };

  const { Successful } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'now', MessageBody: 'x', MessageAttributes },
        { Id: 'late', MessageBody: 'y', DelaySeconds: 600 },
      ],
    }),
  );

  expect(Successful?.map(({ MD5OfMessageAttributes }) => MD5OfMessageAttributes)).toEqual([
    attributesMd5(MessageAttributes),
    undefined,
  ]);
  expect(await counts(sqs, QueueUrl)).toEqual(['1', '0', '1']);
});

test('a bad entry fails alone, the others are sent', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue({ MaximumMessageSize: '1024' });

  const { Successful, Failed } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'good-1', MessageBody: 'x' },
        { Id: 'control', MessageBody: '\u0001' },
        { Id: 'long', MessageBody: 'x'.repeat(1025) },
        { Id: 'good-2', MessageBody: 'y' },
      ],
    }),
  );

  expect(Successful?.map(({ Id }) => Id)).toEqual(['good-1', 'good-2']);
  expect(Failed).toMatchObject([
    { Id: 'control', Code: 'InvalidMessageContents', SenderFault: true },
    {
      Id: 'long',
      Code: 'InvalidParameterValue',
      SenderFault: true,
      Message: 'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
    },
  ]);
  expect(await counts(sqs, QueueUrl)).toEqual(['2', '0', '0']);
});

test('a handle that is none fails alone in a delete and in a change of visibility', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: ten.slice(0, 2) }));
  const messages = await receive(sqs, QueueUrl, { MaxNumberOfMessages: 2 });
  const Entries = [
    ...messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle })),
    { Id: 'none', ReceiptHandle: 'garbage' },
  ];

  const changed = await sqs.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: Entries.map((entry) => ({ ...entry, VisibilityTimeout: 90 })),
    }),
  );
  const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));

  for (const { Successful, Failed } of [changed, deleted]) {
    expect(Successful?.map(({ Id }) => Id)).toEqual(['0', '1']);
    expect(Failed).toMatchObject([{ Id: 'none', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
  }
});

test('one batch carries 1 MiB in all', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  const entries = (bytes: number) =>
    ['a', 'b', 'c', 'd'].map((Id, index) => ({ Id, MessageBody: 'x'.repeat(262_144 + (index === 3 ? bytes : 0)) }));

  const tooLong = sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries(1) }));
  await expect(tooLong).rejects.toMatchObject({ name: 'BatchRequestTooLong' });
  const { Successful } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries(0) }));
  const messages = await receive(sqs, QueueUrl, { MaxNumberOfMessages: 10 });

  expect(Successful).toHaveLength(4);
  expect(messages.map(({ Body }) => Body?.length)).toEqual([262_144, 262_144, 262_144, 262_144]);
});
