import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseXml, textAt } from '../../../protocols/sqs/query/xml.ts';
import { type LaunchedBroker, launch } from '../../../support/launch.ts';
import { given } from '../sdk-world.ts';

/** What people type into curl and scripts: no SDK, no signature, `fetch` alone. */
let broker: LaunchedBroker | undefined;
beforeAll(async () => {
  broker = await launch();
}, 30_000);
afterAll(async () => {
  await broker?.stop();
});

async function ask(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  return { status: response.status, root: parseXml(await response.text()) };
}

async function makeQueue(name: string): Promise<string> {
  const { endpoint } = given(broker, 'a broker');
  const { root } = await ask(`${endpoint}/?Action=CreateQueue&QueueName=${name}&Version=2012-11-05`);
  return given(textAt(root, 'CreateQueueResult.QueueUrl'), 'a queue URL');
}

test('a queue is used by GET alone, from its creation to its end', async () => {
  const url = await makeQueue('by-get');
  const set = await ask(`${url}?Action=SetQueueAttributes&Attribute.Name=VisibilityTimeout&Attribute.Value=0`);
  const sent = await ask(`${url}?Action=SendMessage&MessageBody=hello%20w%C3%B6rld%0D%0A+%26+%3Cb%3E`);
  const received = await ask(`${url}?Action=ReceiveMessage&AttributeName=All&MaxNumberOfMessages=10`);
  const handle = given(textAt(received.root, 'ReceiveMessageResult.Message.ReceiptHandle'), 'a handle');
  const deleted = await ask(`${url}?Action=DeleteMessage&ReceiptHandle=${encodeURIComponent(handle)}`);
  const nothing = await ask(`${url}?Action=ReceiveMessage`);
  const dropped = await ask(`${url}?Action=DeleteQueue`);
  const gone = await ask(`${url}?Action=ReceiveMessage`);

  const statuses = [set, sent, received, deleted, nothing, dropped, gone].map(({ status }) => status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 400]);
  expect(textAt(received.root, 'ReceiveMessageResult.Message.Body')).toBe('hello wörld\r\n & <b>');
  expect(textAt(nothing.root, 'ReceiveMessageResult')).toBe('');
  expect(textAt(gone.root, 'Error.Code')).toBe('AWS.SimpleQueueService.NonExistentQueue');
});

test('forms are posted to / and to the URL of a queue, as curl -d does', async () => {
  const { endpoint } = given(broker, 'a broker');
  const url = await makeQueue('by-post');
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const post = (to: string, body: string) => ask(to, { method: 'POST', headers, body });
  const toQueue = await post(url, 'Action=SendMessage&MessageBody=first');
  const toRoot = await post(
    `${endpoint}/`,
    `Action=SendMessage&MessageBody=second&QueueUrl=${encodeURIComponent(url)}`,
  );
  const both = await post(`${url}?Action=SendMessage`, 'MessageBody=third');
  const { root } = await post(url, 'Action=ReceiveMessage&MaxNumberOfMessages=10');

  const [result] = root.children;
  expect([toQueue, toRoot, both].map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(result?.children.map((message) => textAt(message, 'Body'))).toEqual(['first', 'second', 'third']);
});

test('JSON is answered where it is accepted, and JSON is taken on the URL of a queue', async () => {
  const url = await makeQueue('by-json');
  const target = { 'X-Amz-Target': 'AmazonSQS.SendMessage', 'Content-Type': 'application/x-amz-json-1.0' };
  const sent = await fetch(url, { method: 'POST', headers: target, body: JSON.stringify({ MessageBody: 'm' }) });
  const received = await fetch(`${url}?Action=ReceiveMessage`, { headers: { Accept: 'application/json' } });

  expect([sent.status, sent.headers.get('content-type')]).toEqual([200, 'application/x-amz-json-1.0']);
  expect(await received.json()).toMatchObject({
    ReceiveMessageResponse: { ReceiveMessageResult: { messages: [{ Body: 'm' }] } },
  });
});

test('a page of another site can send nothing by a link or a form', async () => {
  const url = await makeQueue('not-by-pages');
  const link = await ask(`${url}?Action=SendMessage&MessageBody=x`, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
  const form = await ask(url, {
    method: 'POST',
    headers: { Origin: 'http://evil.example', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'Action=SendMessage&MessageBody=x',
  });
  const received = await ask(`${url}?Action=ReceiveMessage`);

  expect([link.status, form.status]).toEqual([403, 403]);
  expect(textAt(received.root, 'ReceiveMessageResult')).toBe('');
});
