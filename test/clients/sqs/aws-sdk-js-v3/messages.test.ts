import { createHash } from 'node:crypto';
import { type MessageAttributeValue, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { given, receiveOne, withBroker } from '../sdk-world.ts';
import { attributesMd5 } from './attributes-md5.ts';

const setup = withBroker();

describe('a body arrives as it was sent:', () => {
  test.each([
    ['plain text', 'hello'],
    ['emoji and other characters of four bytes', '😀 𝄞 👩‍👩‍👧 𐍈'],
    ['letters of two and three bytes', 'äöü ß é Ω 中文 العربية'],
    ['newlines and carriage returns', 'one\ntwo\r\nthree\rfour\n'],
    ['quotes and backslashes', '"double" \'single\' `back` \\ \\n \\u0041'],
    ['JSON', JSON.stringify({ a: [1, null, 'x"y'], b: { c: '\n' } })],
    ['XML', '<a b="c">&amp;<![CDATA[x]]></a>'],
    ['spaces and tabs at both ends', ' \t x \t '],
    ['one space', ' '],
    ['the outermost allowed characters', '\t\n\r \ud7ff\ue000\ufffd\u{10000}\u{10ffff}'],
    ['what HTML and terminals obey', '\u007f\u0080\u009f\u2028\u2029\ufeff'],
  ])('%s', async (_, MessageBody) => {
    const { sqs, makeQueue } = setup();
    const QueueUrl = await makeQueue();

    const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const message = await receiveOne(sqs, QueueUrl);

    expect(message.Body).toBe(MessageBody);
    expect(message.MessageId).toBe(sent.MessageId);
    expect(message.MD5OfBody).toBe(createHash('md5').update(MessageBody).digest('hex'));
    expect(message.MD5OfMessageAttributes).toBeUndefined();
  });
});

test.each([
  ['U+0000', '\u0000'],
  ['U+0008', 'a\u0008'],
  ['U+000B', '\u000b'],
  ['U+001F', '\u001f'],
  ['U+FFFE', '\ufffe'],
  ['U+FFFF', '\uffff'],
])('a body with the control character %s is refused', async (_, MessageBody) => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();

  const sending = sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));

  await expect(sending).rejects.toMatchObject({ name: 'InvalidMessageContents' });
});

describe('attributes arrive as they were sent:', () => {
  test.each<[string, Record<string, MessageAttributeValue>]>([
    ['a text', { city: { DataType: 'String', StringValue: 'Zürich 😀\r\n"x"' } }],
    ['a number', { amount: { DataType: 'Number', StringValue: '-12.50e3' } }],
    ['a number of 38 digits', { long: { DataType: 'Number', StringValue: '12345678901234567890123456789012345678' } }],
    ['bytes', { raw: { DataType: 'Binary', BinaryValue: Uint8Array.from({ length: 256 }, (_, byte) => byte) } }],
    [
      'custom types',
      {
        list: { DataType: 'String.Array', StringValue: '[1,2]' },
        stamp: { DataType: 'Number.java.lang.Long', StringValue: '1493147359900' },
        picture: { DataType: 'Binary.png', BinaryValue: Uint8Array.of(0x89, 0x50) },
      },
    ],
    ['names with every sign', { 'a-b_c.D9': { DataType: 'String', StringValue: '1' } }],
    ['names that objects have', { constructor: text('1'), toString: text('2'), '10': text('3'), '9': text('4') }],
    ['ten at once', Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`n${index}`, text(`${index}`)]))],
  ])('%s', async (_, MessageAttributes) => {
    const { sqs, makeQueue } = setup();
    const QueueUrl = await makeQueue();

    const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }));
    const message = await receiveOne(sqs, QueueUrl);

    expect(message.MessageAttributes).toEqual(MessageAttributes);
    const md5 = attributesMd5(MessageAttributes);
    expect([sent.MD5OfMessageAttributes, message.MD5OfMessageAttributes]).toEqual([md5, md5]);
  });
});

test('only the attributes that were asked for come, and their digest covers only them', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  const MessageAttributes = { 'order.id': text('7'), 'order.kind': text('new'), other: text('x') };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }));
  const again = { VisibilityTimeout: 0 };

  const byPrefix = await receiveOne(sqs, QueueUrl, { ...again, MessageAttributeNames: ['order.*'] });
  const byName = await receiveOne(sqs, QueueUrl, { ...again, MessageAttributeNames: ['other', 'missing'] });
  const none = await receiveOne(sqs, QueueUrl, { ...again, MessageAttributeNames: ['missing'] });

  const orders = { 'order.id': text('7'), 'order.kind': text('new') };
  expect(byPrefix).toMatchObject({ MessageAttributes: orders, MD5OfMessageAttributes: attributesMd5(orders) });
  expect(byName.MessageAttributes).toEqual({ other: text('x') });
  expect([none.MessageAttributes, none.MD5OfMessageAttributes]).toEqual([undefined, undefined]);
});

test('the trace header travels as a system attribute with a digest of its own', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  const AWSTraceHeader = text('Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1');

  const sent = await sqs.send(
    new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageSystemAttributes: { AWSTraceHeader } }),
  );
  const message = await receiveOne(sqs, QueueUrl);

  expect(sent.MD5OfMessageSystemAttributes).toBe(attributesMd5({ AWSTraceHeader }));
  expect(sent.MD5OfMessageAttributes).toBeUndefined();
  expect(message.Attributes?.AWSTraceHeader).toBe(AWSTraceHeader.StringValue);
});

test('a message of 1 MiB passes, also in characters of three bytes, and one byte more is refused', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  const bodies = ['x'.repeat(1_048_576), `${'中'.repeat(349_525)}x`, `${'"\n'.repeat(524_288)}`];
  const tooLong = sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(1_048_577) }));

  await expect(tooLong).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
  });
  for (const MessageBody of bodies) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const { Body } = await receiveOne(sqs, QueueUrl);
    expect(given(Body, 'a body') === MessageBody).toBe(true); // A difference of 1 MiB is nothing to print.
  }
});

test('attributes count in the size of a message', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue({ MaximumMessageSize: '1024' });
  const MessageAttributes = { name: text('12345678') }; // 4 + 6 + 8 bytes
  const send = (size: number) =>
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(size), MessageAttributes }));

  await expect(send(1024 - 18 + 1)).rejects.toThrow('Message must be shorter than 1024 bytes');
  await send(1024 - 18);

  expect((await receiveOne(sqs, QueueUrl)).Body).toHaveLength(1006);
});

function text(StringValue: string): MessageAttributeValue & { StringValue: string } {
  return { DataType: 'String', StringValue };
}
