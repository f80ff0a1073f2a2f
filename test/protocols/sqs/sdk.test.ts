import * as sdk from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import type { SqsServer } from './serve-sqs.ts';
import { withServer } from './with-server.ts';

/** The real client judges: it signs, checks digests, and turns errors into its own classes. */
async function withClient(test: (client: sdk.SQSClient, server: SqsServer) => Promise<void>): Promise<void> {
  await withServer(async (server) => {
    const client = new sdk.SQSClient({
      endpoint: server.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: '123456789012', secretAccessKey: 'secret' },
      maxAttempts: 1,
    });
    try {
      await test(client, server);
    } finally {
      client.destroy();
    }
  });
}

async function makeQueue(client: sdk.SQSClient, name: string, attributes: Record<string, string> = {}) {
  const made = await client.send(new sdk.CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  return String(made.QueueUrl);
}

it('a message with everything comes back as it was sent, its digests checked by the client', () =>
  withClient(async (client) => {
    const QueueUrl = await makeQueue(client, 'orders');
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'é "😀" \n' },
      number: { DataType: 'Number.int', StringValue: '42' },
      bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 1, 255) },
    };
    const MessageBody = 'hello "you" \\ \r\n\t é 😀 </Body>';

    const sent = await client.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
    const { Messages } = await client.send(
      new sdk.ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] }),
    );

    expect(Messages).toMatchObject([
      {
        MessageId: sent.MessageId,
        MD5OfBody: sent.MD5OfMessageBody,
        MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
        Body: MessageBody,
        MessageAttributes,
        Attributes: { SenderId: '123456789012', ApproximateReceiveCount: '1' },
      },
    ]);
    expect(sent.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  }));

it('the life of ten messages in batches', () =>
  withClient(async (client) => {
    const QueueUrl = await makeQueue(client, 'orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: `${i}`, MessageBody: `m${i}`, MessageGroupId: 'g' }));

    const sent = await client.send(new sdk.SendMessageBatchCommand({ QueueUrl, Entries }));
    const { Messages = [] } = await client.send(new sdk.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    const handles = Messages.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle }));
    const changed = await client.send(
      new sdk.ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: handles.map((handle) => ({ ...handle, VisibilityTimeout: 60 })),
      }),
    );
    const deleted = await client.send(new sdk.DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
    const { Attributes } = await client.send(
      new sdk.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessagesNotVisible'] }),
    );

    expect(Messages.map(({ Body }) => Body)).toEqual(Entries.map(({ MessageBody }) => MessageBody));
    expect(sent.Successful?.map(({ SequenceNumber }) => SequenceNumber?.length)).toEqual(Entries.map(() => 20));
    expect([changed.Successful?.length, deleted.Successful?.length]).toEqual([10, 10]);
    expect([sent.Failed, changed.Failed, deleted.Failed]).toEqual([undefined, undefined, undefined]);
    expect(Attributes).toEqual({ ApproximateNumberOfMessagesNotVisible: '0' });
  }));

it('queues are made, found, listed page by page, described, purged and deleted', () =>
  withClient(async (client, server) => {
    const QueueUrl = await makeQueue(client, 'a1', { DelaySeconds: '3' });
    await makeQueue(client, 'a2');
    await makeQueue(client, 'b');
    await client.send(new sdk.SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '77' } }));
    await client.send(new sdk.TagQueueCommand({ QueueUrl, Tags: { team: 'blue' } }));

    const found = await client.send(new sdk.GetQueueUrlCommand({ QueueName: 'a1' }));
    const pages: (readonly string[] | undefined)[] = [];
    for await (const page of sdk.paginateListQueues({ client, pageSize: 1 }, { QueueNamePrefix: 'a' }))
      pages.push(page.QueueUrls);
    const { Attributes } = await client.send(new sdk.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    const { Tags } = await client.send(new sdk.ListQueueTagsCommand({ QueueUrl }));
    await client.send(new sdk.PurgeQueueCommand({ QueueUrl }));
    await client.send(new sdk.DeleteQueueCommand({ QueueUrl }));

    expect(QueueUrl).toBe(`${server.url}/123456789012/a1`);
    expect(found.QueueUrl).toBe(QueueUrl);
    expect(pages).toEqual([[QueueUrl], [`${server.url}/123456789012/a2`]]);
    expect(Attributes).toMatchObject({
      DelaySeconds: '3',
      VisibilityTimeout: '77',
      QueueArn: 'arn:aws:sqs:eu-central-1:123456789012:a1',
    });
    expect(Tags).toEqual({ team: 'blue' });
    await expect(client.send(new sdk.PurgeQueueCommand({ QueueUrl }))).rejects.toThrow(sdk.QueueDoesNotExist);
  }));

type Ask = (client: sdk.SQSClient, QueueUrl: string) => Promise<unknown>;
const refused: readonly (readonly [name: string, errorClass: abstract new (...rest: never[]) => Error, ask: Ask])[] = [
  ['QueueDoesNotExist', sdk.QueueDoesNotExist, (client) => client.send(new sdk.PurgeQueueCommand({ QueueUrl: 'x' }))],
  [
    'ReceiptHandleIsInvalid',
    sdk.ReceiptHandleIsInvalid,
    (client, QueueUrl) => client.send(new sdk.DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'x' })),
  ],
  [
    'EmptyBatchRequest',
    sdk.EmptyBatchRequest,
    (client, QueueUrl) => client.send(new sdk.DeleteMessageBatchCommand({ QueueUrl, Entries: [] })),
  ],
  [
    'InvalidAttributeName',
    sdk.InvalidAttributeName,
    (client, QueueUrl) => client.send(new sdk.SetQueueAttributesCommand({ QueueUrl, Attributes: { QueueArn: '1' } })),
  ],
  [
    'InvalidMessageContents',
    sdk.InvalidMessageContents,
    (client, QueueUrl) => client.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody: '\u0000' })),
  ],
  [
    'QueueNameExists',
    sdk.QueueNameExists,
    (client) => client.send(new sdk.CreateQueueCommand({ QueueName: 'q', Attributes: { DelaySeconds: '1' } })),
  ],
  [
    'UnsupportedOperation',
    sdk.UnsupportedOperation,
    (client, QueueUrl) => {
      const MessageAttributes = { a: { DataType: 'String', StringListValues: ['v'] } };
      return client.send(new sdk.SendMessageCommand({ QueueUrl, MessageBody: 'm', MessageAttributes }));
    },
  ],
];

it.each(refused)('the client knows the error %s', (_, errorClass, ask) =>
  withClient(async (client) => {
    const QueueUrl = await makeQueue(client, 'q');

    await expect(ask(client, QueueUrl)).rejects.toThrow(errorClass);
  }),
);
