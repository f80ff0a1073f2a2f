import { expect, test } from 'vitest';
import { jsonDialect } from '../../src/cli/bench/load/json-dialect.ts';
import { queryDialect } from '../../src/cli/bench/load/query-dialect.ts';
import { receiveRequest, SendRequest } from '../../src/cli/bench/load/requests.ts';

const endpoint = { host: 'h', port: 1 };
const queueUrl = 'http://h:1/000000000000/q.fifo';
const bodyOf = (request: string): string => request.slice(request.indexOf('\r\n\r\n') + 4);

test('the Query protocol names what the JSON protocol nests', () => {
  const input = { QueueName: 'q', Attributes: { VisibilityTimeout: '300', FifoQueue: 'true' } };

  expect(bodyOf(queryDialect.requestText(endpoint, 'CreateQueue', input))).toBe(
    'Action=CreateQueue&Version=2012-11-05&QueueName=q&Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=300' +
      '&Attribute.2.Name=FifoQueue&Attribute.2.Value=true',
  );
  expect(
    bodyOf(queryDialect.requestText(endpoint, 'GetQueueAttributes', { QueueUrl: 'u', AttributeNames: ['A', 'B'] })),
  ).toBe('Action=GetQueueAttributes&Version=2012-11-05&QueueUrl=u&AttributeName.1=A&AttributeName.2=B');
});

test('a receipt goes back as it came, in either protocol', () => {
  const receipt = `a+/=&<"'`;
  const json = Buffer.from(JSON.stringify({ Messages: [{ ReceiptHandle: 'a+/=' }, { ReceiptHandle: 'b' }] }));
  const xml = Buffer.from('<R><ReceiptHandle>a+/=&amp;&lt;&quot;&#39;</ReceiptHandle></R>');

  expect(jsonDialect.findReceipts(json)).toEqual(['a+/=', 'b']);
  expect(queryDialect.findReceipts(xml)).toEqual([receipt]);
  expect(new URLSearchParams(bodyOf(queryDialect.deleteText(endpoint, queueUrl, [receipt]))).toString()).toBe(
    new URLSearchParams({
      Action: 'DeleteMessageBatch',
      Version: '2012-11-05',
      QueueUrl: queueUrl,
      'DeleteMessageBatchRequestEntry.1.Id': 'd0',
      'DeleteMessageBatchRequestEntry.1.ReceiptHandle': receipt,
    }).toString(),
  );
  expect(JSON.parse(bodyOf(jsonDialect.deleteText(endpoint, queueUrl, ['r'])))).toEqual({
    QueueUrl: queueUrl,
    Entries: [{ Id: 'd0', ReceiptHandle: 'r' }],
  });
});

test.each(['json', 'query'] as const)('each %s send has bodies of its own, and the length that it says', (protocol) => {
  const request = new SendRequest({ ...endpoint, protocol }, { queueUrl, entries: 10, groups: 1000 });

  const [first, second] = [request.renew().toString('latin1'), request.renew().toString('latin1')];

  expect(first).not.toBe(second);
  for (const body of request.bodies()) expect(second).toContain(body);
  expect(second).toContain(`Content-Length: ${bodyOf(second).length}\r\n`);
  expect(second).not.toContain('~');
});

test('the Query protocol is asked where the endpoint says so', () => {
  const request = receiveRequest({ ...endpoint, protocol: 'query' }, 'u', 20).toString();

  expect(bodyOf(request)).toBe(
    'Action=ReceiveMessage&Version=2012-11-05&QueueUrl=u&MaxNumberOfMessages=10&WaitTimeSeconds=20',
  );
  expect(request).not.toContain('X-Amz-Target');
});

test('what was sent, received and refused is read from XML', () => {
  const md5 = '0cc175b9c0f1b6a831c399e269772661';

  expect(queryDialect.digestsOfSent(`<MD5OfMessageBody>${md5}</MD5OfMessageBody>`)).toEqual([md5]);
  expect(queryDialect.readMessages(`<Body>a&amp;</Body><MD5OfBody>${md5}</MD5OfBody>`)).toEqual({
    bodies: ['a&'],
    digests: [md5],
  });
  expect(queryDialect.hasFailedEntry(Buffer.from('<BatchResultErrorEntry><Id>'))).toBe(true);
  expect(queryDialect.hasFailedEntry(Buffer.from('<SendMessageBatchResultEntry>'))).toBe(false);
});
