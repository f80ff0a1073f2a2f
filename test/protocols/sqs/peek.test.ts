import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { call, exchange } from './call.ts';
import type { JsonObject } from './cases/case.ts';
import { type SqsServer, serveSqs } from './serve-sqs.ts';

let server: SqsServer;
beforeEach(async () => {
  server = await serveSqs();
  onTestFinished(() => server.stop());
  await call(server, 'CreateQueue', { QueueName: 'a' });
});

const send = (MessageBody: string, more: JsonObject = {}) =>
  call(server, 'SendMessage', { QueueUrl: 'a', MessageBody, ...more });
const page = (query: string, headers = {}) => exchange(server, { path: `/_aws/sqs/messages${query}`, headers });
const json = { Accept: 'application/json' };
const shown = async (query: string) =>
  [...(await page(query)).text.matchAll(/<Body>(.*?)<\/Body>/g)].map(([, body]) => body);

/** One of each state: `waiting`, `in flight`, `delayed`. */
async function sendEach(): Promise<void> {
  await send('in flight');
  await call(server, 'ReceiveMessage', { QueueUrl: 'a' });
  await send('waiting');
  await send('delayed', { DelaySeconds: 60 });
}

describe('looking into a queue [1.19]', () => {
  it('shows what waits, as ReceiveMessage would in XML', async () => {
    await send('<hello>', { MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } } });

    const { status, headers, text } = await page('?QueueUrl=http://localhost/000000000000/a');

    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/xml');
    expect(text).toMatch(
      /^<\?xml version="1.0"\?><ReceiveMessageResponse xmlns="http:\/\/queue.amazonaws.com\/doc\/2012-11-05\/"><ReceiveMessageResult><Message><MessageId>[0-9a-f-]{36}<\/MessageId><ReceiptHandle>SQS\/BACKDOOR\/ACCESS<\/ReceiptHandle>/,
    );
    for (const part of [
      '<Body>&lt;hello&gt;</Body>',
      '<Attribute><Name>SenderId</Name><Value>000000000000</Value></Attribute>',
      '<Attribute><Name>ApproximateReceiveCount</Name><Value>0</Value></Attribute>',
      '<MessageAttribute><Name>n</Name><Value><StringValue>v</StringValue><DataType>String</DataType></Value></MessageAttribute>',
    ])
      expect(text).toContain(part);
  });

  it.each([
    ['', ['waiting']],
    ['&ShowInvisible=true', ['in flight', 'waiting']],
    ['&ShowDelayed=true', ['waiting', 'delayed']],
    ['&ShowInvisible=1&ShowDelayed=True', ['in flight', 'waiting', 'delayed']],
    ['&ShowInvisible=false&ShowDelayed=no', ['waiting']],
  ])('with "%s" it shows %j', async (query, bodies) => {
    await sendEach();

    expect(await shown(`?QueueUrl=a${query}`)).toEqual(bodies);
  });

  it('says which of them are in flight or delayed, when those are shown', async () => {
    await sendEach();
    const states = async (query: string) =>
      [...(await page(`?QueueUrl=a${query}`)).text.matchAll(/<Name>(Is\w+)<\/Name><Value>(\w+)</g)].map(
        ([, name, value]) => `${name} ${value}`,
      );

    expect(await states('')).toEqual([]);
    expect(await states('&ShowInvisible=true')).toEqual(['IsVisible false', 'IsVisible true']);
    expect(await states('&ShowDelayed=true')).toEqual(['IsDelayed false', 'IsDelayed true']);
    const { text } = await page('?QueueUrl=a&ShowInvisible=1&ShowDelayed=1', json);
    const messages: readonly { readonly Attribute: readonly object[] }[] =
      JSON.parse(text).ReceiveMessageResponse.ReceiveMessageResult.Message;
    expect(messages.map(({ Attribute }) => Attribute.slice(-2))).toEqual(
      ['false false', 'true false', 'true true'].map((values) => {
        const [IsVisible, IsDelayed] = values.split(' ');
        return [
          { Name: 'IsVisible', Value: IsVisible },
          { Name: 'IsDelayed', Value: IsDelayed },
        ];
      }),
    );
  });

  it('leaves no trace', async () => {
    await send('m');
    for (let time = 0; time < 3; time++) await page('?QueueUrl=a&ShowInvisible=true');

    const { output } = await call(server, 'ReceiveMessage', {
      QueueUrl: 'a',
      AttributeNames: ['ApproximateReceiveCount'],
    });

    expect(output).toMatchObject({ Messages: [{ Body: 'm', Attributes: { ApproximateReceiveCount: '1' } }] });
  });

  it('takes region, account and name in the path, and a form', async () => {
    await send('m');
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = 'Action=ReceiveMessage&QueueUrl=a';

    const posted = await exchange(server, { method: 'POST', path: '/_aws/sqs/messages', headers: form, body });

    expect(await shown('/us-east-1/000000000000/a')).toEqual(['m']);
    expect(posted.text).toContain('<Body>m</Body>');
  });

  it('answers JSON as LocalStack does: a list of several, one by itself, and null', async () => {
    const ask = async () => JSON.parse((await page('?QueueUrl=a', json)).text).ReceiveMessageResponse;

    const none = await ask();
    await send('1');
    const one = await ask();
    await send('2', { MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } } });
    const two = await ask();

    expect(none).toEqual({ ReceiveMessageResult: null, ResponseMetadata: { RequestId: expect.any(String) } });
    expect(one.ReceiveMessageResult.Message).toMatchObject({
      ...{ Body: '1', MD5OfBody: 'c4ca4238a0b923820dcc509a6f75849b', ReceiptHandle: 'SQS/BACKDOOR/ACCESS' },
      Attribute: expect.arrayContaining([{ Name: 'SenderId', Value: '000000000000' }]),
    });
    expect(two.ReceiveMessageResult.Message).toMatchObject([
      { Body: '1' },
      { Body: '2', MessageAttribute: [{ Name: 'n', Value: { StringValue: 'v', DataType: 'String' } }] },
    ]);
  });

  it('an SDK whose endpoint it is peeks: its ReceiveMessage takes nothing', async () => {
    await send('m');
    const at = { path: '/_aws/sqs/messages' };

    const first = await call(server, 'ReceiveMessage', { QueueUrl: 'http://x/000000000000/a' }, at);
    const second = await call(server, 'ReceiveMessage', { QueueUrl: 'http://x/000000000000/a' }, at);

    for (const { output } of [first, second]) expect(output).toMatchObject({ Messages: [{ Body: 'm' }] });
  });

  it('the handle that it shows settles nothing', async () => {
    await send('m');

    const answer = await call(server, 'DeleteMessage', { QueueUrl: 'a', ReceiptHandle: 'SQS/BACKDOOR/ACCESS' });

    expect(answer.queryError).toBe('ReceiptHandleIsInvalid;Sender');
    expect(await shown('?QueueUrl=a')).toEqual(['m']);
  });

  it.each([
    ['?QueueUrl=none', 'AWS.SimpleQueueService.NonExistentQueue'],
    ['/us-east-1/000000000000/none', 'AWS.SimpleQueueService.NonExistentQueue'],
    ['', 'MissingParameter'],
  ])('"%s" is refused with %s', async (query, code) => {
    const answer = await page(query);

    expect(answer.status).toBe(400);
    expect(answer.text).toContain(`<Code>${code}</Code>`);
  });

  it('other pages below it are not its own', async () => {
    expect((await page('s')).headers['x-answered-by']).toBe('router');
  });

  it('shows a thousand messages and no more', async () => {
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `${index}`, MessageBody: 'm' }));
    for (let batch = 0; batch < 101; batch++) await call(server, 'SendMessageBatch', { QueueUrl: 'a', Entries });

    expect(await shown('?QueueUrl=a')).toHaveLength(1000);
  });

  it('stops when it has eight megabytes of bodies', async () => {
    for (let time = 0; time < 10; time++) await send('x'.repeat(1_048_576));

    expect(await shown('?QueueUrl=a')).toHaveLength(8);
  });
});
