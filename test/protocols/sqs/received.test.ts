import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { attributesMd5 } from '../../../protocols/sqs/attribute-md5.ts';
import type { Headers, Property } from '../../../src/model/message.ts';
import { call } from './call.ts';
import { callQuery } from './query/call.ts';
import { withServer } from './with-server.ts';

const sender = { name: 'device', account: '000000000000', isAnonymous: true };

interface Sent {
  readonly body: Uint8Array;
  readonly headers?: Headers;
  readonly properties?: readonly Property[];
}

/** What an SQS consumer is shown of a message that another protocol has sent. */
async function shown(
  message: Sent,
  ask: typeof call | typeof callQuery = call,
  wanted: readonly string[] = ['All'],
): Promise<unknown> {
  let messages: unknown;
  await withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'a' });
    const queue = server.broker.catalogue.find({ account: '000000000000', region: 'us-east-1', name: 'a' });
    if (queue === undefined) throw new Error('the queue was made');
    const { body, headers = {}, properties = [] } = message;
    await server.broker.publish(sender, queue, [{ headers, properties, body, delayMs: undefined }], 'disk');

    const names = { AttributeNames: ['All'], MessageAttributeNames: wanted };
    const { output } = await ask(server, 'ReceiveMessage', { QueueUrl: 'a', ...names });

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

it.each(['a\u0001b', '\u0000', '\ufffe', 'a\uffff', '\u001f\r'])(
  'a text that XML cannot carry, %j, is shown in base64 by Query',
  async (text) => {
    const body = Buffer.from(text);
    const messages = await shown({ body, headers: { bodyKind: 'text' } }, callQuery);
    const inJson = await shown({ body, headers: { bodyKind: 'text' } });

    const MD5OfBody = createHash('md5').update(body.toString('base64')).digest('hex');
    expect(messages).toMatchObject([{ Body: body.toString('base64'), MD5OfBody, MessageAttributes: base64 }]);
    expect(inJson).toMatchObject([{ Body: text }]);
  },
);

it('what XML cannot carry in an attribute is replaced, and the digest is of what is shown', async () => {
  const properties: readonly Property[] = [
    { name: 'a\u0001', type: 'string', value: 'b\u0002\r\uffff<' },
    { name: 'n', type: 'string', value: 'v', label: 'String.\u0003' },
  ];
  const headers = { bodyKind: 'text', groupId: 'g\u0004&', traceHeader: '\ufffe"' } as const;
  const messages = await shown({ body: Buffer.from('m'), headers, properties }, callQuery);

  const attributes = [
    { name: 'a\ufffd', dataType: 'String', value: 'b\ufffd\r\ufffd<' },
    { name: 'n', dataType: 'String.\ufffd', value: 'v' },
  ];
  expect(messages).toMatchObject([
    {
      MessageAttributes: {
        'a\ufffd': { StringValue: 'b\ufffd\r\ufffd<' },
        n: { DataType: 'String.\ufffd', StringValue: 'v' },
      },
      MD5OfMessageAttributes: attributesMd5(attributes),
      Attributes: { MessageGroupId: 'g\ufffd&', AWSTraceHeader: '\ufffd"' },
    },
  ]);
});

it.each([
  ['shown to who asks for it by its name', ['traceparent'], '00-carried'],
  ['not shown to who asks for all', ['All'], undefined],
  ['not shown to who asks by a prefix', ['trace.*'], undefined],
])('the trace that the broker put into a message is %s', async (_, names, value) => {
  await withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'a' });
    const queue = server.broker.catalogue.find({ account: '000000000000', region: 'us-east-1', name: 'a' });
    if (queue === undefined) throw new Error('the queue was made');
    const message = { headers: { traceparent: '00-carried' }, properties: [], body: Buffer.from('m'), delayMs: 0 };
    await server.broker.publish(sender, queue, [message], 'disk');

    const { output } = await call(server, 'ReceiveMessage', { QueueUrl: 'a', MessageAttributeNames: names });

    const shownValue = { traceparent: { StringValue: value, DataType: 'String' } };
    const md5 = attributesMd5([{ name: 'traceparent', dataType: 'String', value: value ?? '' }]);
    const expected = value === undefined ? {} : { MessageAttributes: shownValue, MD5OfMessageAttributes: md5 };
    expect(output.Messages).toMatchObject([{ Body: 'm', ...expected }]);
    if (value === undefined) expect(output).not.toHaveProperty('Messages.0.MessageAttributes');
  });
});

it("a sender's own traceparent stands, whatever the broker has put into the message", async () => {
  const properties = [{ name: 'traceparent', type: 'string', value: '00-sent' }] as const;

  const messages = await shown({ body: Buffer.from('m'), headers: { traceparent: '00-carried' }, properties }, call, [
    'traceparent',
  ]);

  expect(messages).toMatchObject([{ MessageAttributes: { traceparent: { StringValue: '00-sent' } } }]);
});
