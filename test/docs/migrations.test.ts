import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LaunchedBroker, launch } from '../support/launch.ts';
import { readPage } from './pages.ts';

let broker: LaunchedBroker;
beforeAll(async () => {
  broker = await launch();
  await ask('CreateQueue', { QueueName: 'orders' });
});
afterAll(async () => {
  await broker.stop();
});

const pages = { 'docs/migrations/localstack.md': 4, 'docs/migrations/elasticmq.md': 2 };

test.each(Object.entries(pages))('every style of queue URL that %s names finds the queue', async (page, count) => {
  const urls = [...(await readPage(page)).matchAll(/^- `(\S+)`$/gm)].flatMap(([, url = '']) => url);

  const statuses = await Promise.all(
    urls.map(async (QueueUrl) => (await ask('SendMessage', { QueueUrl, MessageBody: page })).status),
  );
  const peeked = await (await fetch(`${broker.endpoint}/_aws/sqs/messages?QueueUrl=orders`)).text();

  expect(urls).toHaveLength(count);
  expect(statuses).toEqual(urls.map(() => 200));
  expect(peeked.split(page)).toHaveLength(count + 1);
});

test('every path of LocalStack that the page names is answered', async () => {
  const text = await readPage('docs/migrations/localstack.md');
  const paths = [...text.matchAll(/`GET (\/\S+?)(?:\?\S*)?`/g)].flatMap(([, path = '']) => path);

  const answers = await Promise.all(
    paths.map(
      async (path) =>
        (await fetch(`${broker.endpoint}${path}${path.includes('/sqs/') ? '?QueueUrl=orders' : ''}`)).status,
    ),
  );

  expect(paths).toHaveLength(4);
  expect(answers).toEqual(paths.map(() => 200));
});

async function ask(operation: string, input: object): Promise<Response> {
  return await fetch(broker.endpoint, {
    method: 'POST',
    headers: { 'X-Amz-Target': `AmazonSQS.${operation}` },
    body: JSON.stringify(input),
  });
}
