import { expect, it } from 'vitest';
import type { Headers, Property } from '../../../src/model/message.ts';
import { call } from './call.ts';
import { withServer } from './with-server.ts';

const sender = { name: 'device', account: '000000000000', isAnonymous: true };

/** What an SQS consumer is shown of a message that another protocol has sent. */
async function shown(message: {
  readonly body: Uint8Array;
  readonly headers?: Headers;
  readonly properties?: readonly Property[];
}): Promise<unknown> {
  let messages: unknown;
  await withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'a' });
    const queue = server.broker.catalogue.find({ account: '000000000000', region: 'us-east-1', name: 'a' });
    if (queue === undefined) throw new Error('the queue was made');
    const { body, headers = {}, properties = [] } = message;
    await server.broker.publish(sender, queue, [{ headers, properties, body, delayMs: undefined }], 'disk');

    const { output } = await call(server, 'ReceiveMessage', { QueueUrl: 'a', MessageAttributeNames: ['All'] });

    messages = output.Messages;
  });
  return messages;
}

const base64 = { 'Gantry.BodyEncoding': { DataType: 'String', StringValue: 'base64' } };

it.each([
  ['bytes that are no UTF-8', Uint8Array.of(0xff, 0xfe), '//4='],
  ['characters that SQS has not', Buffer.from('a\u0000b'), 'YQBi'],
  ['nothing at all', new Uint8Array(0), ''],
])('a body of %s is shown in base64, and says so', async (_, body, text) => {
  const messages = await shown({ body, headers: { bodyKind: 'bytes' } });

  expect(messages).toMatchObject([{ Body: text, MessageAttributes: base64 }]);
});

it('bytes that are text are shown as they are, with the digest of what is shown', async () => {
  const messages = await shown({ body: Buffer.from('test'), headers: { bodyKind: 'bytes' } });

  expect(messages).toMatchObject([{ Body: 'test', MD5OfBody: '098f6bcd4621d373cade4e832627b4f6' }]);
  expect(messages).not.toHaveProperty('0.MessageAttributes');
});

it('properties of every type are attributes [crossing 2]', async () => {
  const properties: readonly Property[] = [
    { name: 'int', type: 'int', value: -7 },
    { name: 'long', type: 'long', value: 2n ** 62n },
    { name: 'double', type: 'double', value: 1.5 },
    { name: 'yes', type: 'boolean', value: true },
    { name: 'bytes', type: 'binary', value: Uint8Array.of(1) },
    { name: 'text', type: 'string', value: 'é' },
  ];

  const messages = await shown({ body: Buffer.from('m'), properties });

  expect(messages).toMatchObject([
    {
      MessageAttributes: {
        int: { DataType: 'Number.int', StringValue: '-7' },
        long: { DataType: 'Number.long', StringValue: '4611686018427387904' },
        double: { DataType: 'Number.double', StringValue: '1.5' },
        yes: { DataType: 'String.boolean', StringValue: 'true' },
        bytes: { DataType: 'Binary', BinaryValue: 'AQ==' },
        text: { DataType: 'String', StringValue: 'é' },
      },
    },
  ]);
});

it('of a name that stands there twice the last one is shown', async () => {
  const properties: readonly Property[] = [
    { name: 'n', type: 'string', value: '1' },
    { name: 'n', type: 'string', value: '2' },
  ];

  const messages = await shown({ body: Buffer.from('m'), properties });

  expect(messages).toMatchObject([{ MessageAttributes: { n: { StringValue: '2' } } }]);
});
