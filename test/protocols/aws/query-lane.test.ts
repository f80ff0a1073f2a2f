import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createAwsFront } from '../../../protocols/aws/index.ts';
import { createSqs } from '../../../protocols/sqs/index.ts';
import { closeHttpServer, createHttpServer } from '../../../src/server/http.ts';
import { config } from '../../server/lane/serve.ts';
import { type Answer, exchange, type RawRequest } from '../sqs/call.ts';
import { listen, type SqsServer, serveSqs } from '../sqs/serve-sqs.ts';

/** The front behind the real HTTP port, lane and node:http, with a note of which way each request took. */
async function setup(): Promise<{ readonly port: number; readonly ways: string[]; readonly server: SqsServer }> {
  const server = await serveSqs();
  onTestFinished(() => server.stop());
  const { broker, clock } = server;
  const front = createAwsFront({
    services: [createSqs({ broker, clock })],
    report: (error) => expect(error).toBeUndefined(),
  });
  const ways: string[] = [];
  const noLog = () => undefined;
  const http = createHttpServer(
    config,
    {
      listener: (request, response) => {
        ways.push('node');
        if (!front.handle(request, response)) response.writeHead(404, { 'X-Answered-By': 'router' }).end();
      },
      whole: (request) => {
        const isTaken = front.handleWhole(request);
        if (isTaken) ways.push('lane');
        return isTaken;
      },
    },
    { fatal: noLog, error: noLog, warn: noLog, info: noLog, debug: noLog },
  );
  onTestFinished(async () => void (await closeHttpServer(http, 0)));
  return { port: await listen(http), ways, server };
}

const form = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
/** A request that the lane takes where it is plain besides: its connection is to stay. */
function kept(request: RawRequest): RawRequest {
  return { ...request, headers: { ...request.headers, Connection: 'keep-alive' } };
}

const ids = /[0-9a-f]{8}-[0-9a-f-]{27}/g;

function comparable({ status, headers, text }: Answer): object {
  return { status, type: headers['content-type'], router: headers['x-answered-by'], text: text.replace(ids, '<id>') };
}

test('a plain Query POST is served by the lane, on / and on the URL of a queue', async () => {
  const { port, ways } = await setup();
  await exchange({ port }, kept({ method: 'POST', headers: form, body: 'Action=CreateQueue&QueueName=a' }));
  const path = '/000000000000/a';
  const request = { method: 'POST', path, headers: form, body: 'Action=SendMessage&MessageBody=m' };
  const sent = await exchange({ port }, kept(request));

  expect(sent.status).toBe(200);
  expect(ways).toEqual(['lane', 'lane']);
});

test.each([
  ['names no action', '/', form, 'Version=2012-11-05'],
  ['names an unknown action', '/', form, 'Action=FooBar'],
  ['has another version', '/', form, 'Action=ListQueues&Version=1'],
  ['has too many parameters', '/', form, `Action=ListQueues${'&a=b'.repeat(10_001)}`],
  ['comes from a page', '/', { ...form, Origin: 'http://evil.example' }, 'Action=ListQueues'],
  ['says no type', '/', {}, 'Action=ListQueues'],
  ['is not AWS’s', '/_gantry/a', form, 'Action=ListQueues'],
])('a POST that %s is node:http’s to serve', async (_, path, headers, body) => {
  const { port, ways } = await setup();
  await exchange({ port }, kept({ method: 'POST', path, headers, body }));

  expect(ways).toEqual(['node']);
});

test('whatever Query POST the lane serves, node:http answers alike', async () => {
  const { port, ways } = await setup();
  await exchange({ port }, kept({ method: 'POST', headers: form, body: 'Action=CreateQueue&QueueName=a' }));
  const action = fc.constantFrom(
    'SendMessage',
    'GetQueueUrl',
    'GetQueueAttributes',
    'ListQueues',
    'PurgeQueue',
    'FooBar',
    '',
  );
  const parameter = fc.constantFrom(
    ...[
      'QueueName=a',
      'QueueUrl=a',
      'QueueUrl=b',
      'MessageBody=%C3%BC',
      'MessageBody=%',
      'MessageBody=',
      'DelaySeconds=x',
    ],
    ...['AttributeName.1=All', 'Version=2012-11-05', 'Version=1', 'Attribute.1.Name', '&', '='],
  );
  const path = fc.constantFrom('/', '/000000000000/a', '/queue/a', '/a', '/_a', '/?Action=ListQueues', '/?QueueName=a');
  const type = fc.constantFrom(
    { ...form },
    { 'Content-Type': 'APPLICATION/X-WWW-FORM-URLENCODED' },
    { 'Content-Type': 'text/plain' },
    {},
  );
  const accept = fc.constantFrom({}, { Accept: 'application/json' });
  let taken = 0;

  await fc.assert(
    fc.asyncProperty(
      action,
      fc.array(parameter, { maxLength: 4 }),
      path,
      type,
      accept,
      async (named, parameters, url, typed, wanted) => {
        const body = [`Action=${named}`, ...parameters].join('&');
        const request = { method: 'POST', path: url, headers: { ...typed, ...wanted }, body };
        ways.length = 0;
        const plain = await exchange({ port }, kept(request));
        const isTaken = ways[0] === 'lane';
        const chunked = { ...request.headers, 'Transfer-Encoding': 'chunked' };
        const byNode = await exchange({ port }, { ...request, headers: chunked });

        if (isTaken) taken++;
        expect(ways.at(-1)).toBe('node');
        expect(comparable(plain)).toEqual(comparable(byNode));
      },
    ),
    { numRuns: 300 },
  );
  expect(taken).toBeGreaterThan(50);
});
