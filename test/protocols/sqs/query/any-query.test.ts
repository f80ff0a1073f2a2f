import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { call, exchange } from '../call.ts';
import { withServer } from '../with-server.ts';
import { callQuery } from './call.ts';
import { parametersOf } from './spell.ts';
import { parseXml } from './xml.ts';

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** Requests that make sense, to be spoilt. */
const attribute = { DataType: 'String', StringValue: 'v' };
const sound: readonly (readonly [string, Parameters<typeof parametersOf>[1]])[] = [
  ['CreateQueue', { QueueName: 'b', Attributes: { DelaySeconds: '1' }, tags: { k: 'v' } }],
  ['SendMessage', { QueueUrl: 'a', MessageBody: 'ü+ %', DelaySeconds: 0, MessageAttributes: { n: attribute } }],
  ['SendMessage', { QueueUrl: 'f.fifo', MessageBody: 'm', MessageGroupId: 'g', MessageDeduplicationId: 'd' }],
  [
    'SendMessageBatch',
    {
      QueueUrl: 'a',
      Entries: [
        { Id: '1', MessageBody: 'm', MessageAttributes: { n: attribute } },
        { Id: '2', MessageBody: 'm' },
      ],
    },
  ],
  [
    'ReceiveMessage',
    { QueueUrl: 'a', MaxNumberOfMessages: 10, AttributeNames: ['All'], MessageAttributeNames: ['n', 'x.*'] },
  ],
  ['DeleteMessageBatch', { QueueUrl: 'a', Entries: [{ Id: '1', ReceiptHandle: 'x' }] }],
  ['ChangeMessageVisibilityBatch', { QueueUrl: 'a', Entries: [{ Id: '1', ReceiptHandle: 'x', VisibilityTimeout: 5 }] }],
  ['DeleteMessage', { QueueUrl: 'a', ReceiptHandle: 'x' }],
  ['SetQueueAttributes', { QueueUrl: 'a', Attributes: { VisibilityTimeout: '31', RedrivePolicy: '' } }],
  ['GetQueueAttributes', { QueueUrl: 'a', AttributeNames: ['All', 'Policy'] }],
  ['TagQueue', { QueueUrl: 'a', Tags: { a: 'b' } }],
  ['UntagQueue', { QueueUrl: 'a', TagKeys: ['a'] }],
  ['ListQueues', { QueueNamePrefix: 'a', MaxResults: 5 }],
  ['ListDeadLetterSourceQueues', { QueueUrl: 'a' }],
  ['AddPermission', { QueueUrl: 'a', Label: 'l', AWSAccountIds: ['000000000000'], Actions: ['*'] }],
];

const scrap = fc.constantFrom(
  ...[
    '&',
    '=',
    '%',
    '%4',
    '%zz',
    '%00',
    '%ff',
    '%C3',
    '+',
    '.',
    '.1',
    '.0.',
    '.-1',
    '..',
    '[',
    '#',
    '?',
    '\u0000',
    '\u00ff',
  ],
  ...[
    '999999999',
    '99999999999999999999',
    '1e9',
    'NaN',
    '__proto__',
    'constructor',
    '.Name',
    '.Value',
    '.Value.',
    '.member.1',
  ],
  ...[
    '&Action=SendMessage',
    '&Version=x',
    '&QueueUrl=',
    '&Attribute.1.Name=Policy&Attribute.1.Value=%7B%7D',
    '&Attribute=x',
  ],
  ...[
    '&SendMessageBatchRequestEntry.5.Id=9',
    '&MessageAttribute.1.Value=x',
    '&MessageAttribute.2.Name=&',
    '&AttributeName=All',
  ],
);
const spoil = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), at: fc.double({ min: 0, max: 1, noNaN: true }), text: scrap }),
  fc.record({
    kind: fc.constant('cut' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat({ max: 30 }),
  }),
  fc.record({ kind: fc.constant('end' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({
    kind: fc.constant('repeat' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    times: fc.nat({ max: 200 }),
  }),
);
type Spoil = typeof spoil extends fc.Arbitrary<infer T> ? T : never;

function spoilt(text: string, change: Spoil): string {
  const at = Math.floor(change.at * text.length);
  switch (change.kind) {
    case 'insert':
      return text.slice(0, at) + change.text + text.slice(at);
    case 'cut':
      return text.slice(0, at) + text.slice(at + change.length);
    case 'end':
      return text.slice(0, at);
    case 'repeat':
      return text.slice(0, at) + text.slice(at, at + 40).repeat(change.times) + text.slice(at);
  }
}

const isPlainUrl = (text: string) => /^[\x21-\x7e]*$/.test(text) && text.length < 8_000;

it('no Query request, however it is spoilt, makes the broker fail, and every answer is XML', () =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'a' });
    await call(server, 'CreateQueue', { QueueName: 'f.fifo', Attributes: { FifoQueue: 'true' } });
    const spoils = fc.array(spoil, { maxLength: 4 });
    const paths = fc.constantFrom('/', '/000000000000/a', '/queue/f.fifo', '/a');
    let good = 0;

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sound),
        spoils,
        paths,
        fc.boolean(),
        async ([operation, input], changes, path, inUrl) => {
          const text = changes.reduce(spoilt, parametersOf(operation, input).toString());
          const request =
            inUrl && isPlainUrl(text)
              ? { method: 'GET', path: `${path}?${text}` }
              : { method: 'POST', path, headers: form, body: Buffer.from(text, 'latin1') };
          const answer = await exchange(server, request);
          expect(answer.status, answer.text).toBeLessThan(500);
          if (answer.headers['x-answered-by'] === 'router') return;
          parseXml(answer.text);
          if (answer.status === 200) good++;
        },
      ),
      { numRuns: 600 },
    );
    expect(server.reported).toEqual([]);
    expect(good).toBeGreaterThan(30);
  }));

it('any bytes for a form are answered', () =>
  withServer(async (server) => {
    const bytes = fc.uint8Array({ maxLength: 300 });

    await fc.assert(
      fc.asyncProperty(
        bytes,
        fc.constantFrom('', 'Action=ListQueues&', 'Action=SendMessage&QueueUrl='),
        async (body, start) => {
          const answer = await exchange(server, {
            method: 'POST',
            headers: form,
            body: Buffer.concat([Buffer.from(start), body]),
          });
          expect(answer.status).toBeLessThan(500);
          parseXml(answer.text);
        },
      ),
      { numRuns: 200 },
    );
    expect(server.reported).toEqual([]);
  }));

it('any body and attribute that is sent by Query comes back byte for byte, by Query and by JSON', () =>
  withServer(async (server) => {
    const isForbidden = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
    const unit = fc.oneof(
      fc.constantFrom(
        '&',
        '<',
        '>',
        '"',
        "'",
        '\r',
        '\n',
        '\t',
        ' ',
        '+',
        '%',
        '=',
        '%2B',
        ']]>',
        '&amp;',
        '\u0085',
        '\u2028',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    const text = fc.string({ unit, minLength: 1, maxLength: 60 }).filter((each) => !isForbidden.test(each));
    await call(server, 'CreateQueue', { QueueName: 'a', Attributes: { VisibilityTimeout: '0' } });

    await fc.assert(
      fc.asyncProperty(text, text, async (MessageBody, StringValue) => {
        const MessageAttributes = { n: { DataType: 'String', StringValue } };
        const sent = await callQuery(server, 'SendMessage', { QueueUrl: 'a', MessageBody, MessageAttributes });
        const names = { QueueUrl: 'a', MessageAttributeNames: ['All'] };
        const answers = [await callQuery(server, 'ReceiveMessage', names), await call(server, 'ReceiveMessage', names)];
        await call(server, 'PurgeQueue', { QueueUrl: 'a' });

        const { MD5OfMessageBody, MD5OfMessageAttributes } = sent.output;
        for (const { output } of answers) {
          expect(output).toMatchObject({
            Messages: [{ Body: MessageBody, MD5OfBody: MD5OfMessageBody, MD5OfMessageAttributes, MessageAttributes }],
          });
        }
      }),
      { numRuns: 150 },
    );
  }));
