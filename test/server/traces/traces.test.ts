import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { type LaunchOptions, launch, startProcess, temporaryFolder } from '../../support/launch.ts';
import { createOtlpReceiver } from '../../support/otlp-receiver.ts';

const clientTrace = '4bf92f3577b34da6a3ce929d0e0e4736';
const clientSpan = '00f067aa0ba902b7';
const consumerTrace = '0af7651916cd43dd8448eb211c80319c';
const consumerSpan = 'b7ad6b7169203331';
const soon = { OTEL_BSP_SCHEDULE_DELAY: '20' };

/** The real broker, the real exporter, a receiver in place of a collector. */
async function setup(options: LaunchOptions = {}) {
  const collector = await createOtlpReceiver();
  onTestFinished(collector.stop);
  const args = ['--otlp-endpoint', collector.endpoint];
  const broker = await launch({ args, ...options, env: { ...soon, ...options.env } });
  onTestFinished(async () => void (await broker.stop()));
  const { client, queueUrl } = await queueAt(broker.endpoint);
  return { collector, broker, client, queueUrl };
}

async function queueAt(endpoint: string) {
  const client = clientOf(endpoint);
  const { QueueUrl: queueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'orders' }));
  return { client, queueUrl };
}

/** @param traceparent given, goes as a header with every request, as instrumented HTTP clients send it */
function clientOf(endpoint: string, traceparent?: string): SQSClient {
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  onTestFinished(() => client.destroy());
  if (traceparent === undefined) return client;
  client.middlewareStack.add(
    (next) => async (given) => {
      const { request } = given;
      if (typeof request === 'object' && request !== null && 'headers' in request) {
        Object.assign(Object(request.headers), { traceparent });
      }
      return await next(given);
    },
    { step: 'build', name: 'traceparent' },
  );
  return client;
}

test('the life of a message is one trace: send below the request of its client, receive and ack below send', async () => {
  const { broker, collector, client, queueUrl: QueueUrl } = await setup();
  const instrumented = clientOf(broker.endpoint, `00-${clientTrace}-${clientSpan}-01`);

  const { MessageId } = await instrumented.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  const { Messages: [message] = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  const [send, receive, ack] = await Promise.all(
    ['send', 'receive', 'ack'].map((op) => collector.span(`${op} orders`)),
  );

  const common = {
    'messaging.system': 'gantry',
    'messaging.destination.name': 'orders',
    'messaging.message.id': MessageId,
    'gantry.protocol': 'sqs',
    'gantry.account': '000000000000',
    'gantry.region': 'us-east-1',
    'client.address': '127.0.0.1',
  };
  expect(send).toMatchObject({ kind: 4, traceId: clientTrace, parentSpanId: clientSpan, links: [] });
  expect(send?.attributes).toEqual({
    ...common,
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
    'messaging.message.body.size': 5,
  });
  const link = { traceId: clientTrace, spanId: send?.spanId };
  expect(receive).toMatchObject({ kind: 3, traceId: clientTrace, parentSpanId: send?.spanId, links: [link] });
  expect(receive?.attributes).toEqual({
    ...common,
    'messaging.operation.name': 'receive',
    'messaging.operation.type': 'receive',
  });
  expect(ack).toMatchObject({ kind: 3, traceId: clientTrace, parentSpanId: send?.spanId, links: [link] });
  expect(ack?.attributes).toEqual({
    ...common,
    'messaging.operation.name': 'ack',
    'messaging.operation.type': 'settle',
  });
  expect(message?.MessageAttributes).toBeUndefined();
  expect(collector.paths).toEqual(new Set(['/v1/traces']));
});

test('a consumer with a trace of its own stays in it, and is linked to the send', async () => {
  const { broker, collector, client, queueUrl: QueueUrl } = await setup();
  const consumer = clientOf(broker.endpoint, `00-${consumerTrace}-${consumerSpan}-01`);

  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  const asked = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['traceparent'], WaitTimeSeconds: 5 });
  const { Messages: [message] = [] } = await consumer.send(asked);
  const send = await collector.span('send orders');
  const receive = await collector.span('receive orders');

  expect(send).toMatchObject({ parentSpanId: '', links: [] });
  expect(receive).toMatchObject({ traceId: consumerTrace, parentSpanId: consumerSpan });
  expect(receive.links).toEqual([{ traceId: send.traceId, spanId: send.spanId }]);
  // The SDK has verified the digest of the attributes.
  const carried = `00-${send.traceId}-${send.spanId}-01`;
  expect(message?.MessageAttributes).toEqual({ traceparent: { DataType: 'String', StringValue: carried } });
});

test('the context that a sender puts into its message comes out as it went in, and is what receive is linked to', async () => {
  const { collector, client, queueUrl: QueueUrl } = await setup();
  const traceparent = `00-${clientTrace}-${clientSpan}-01`;
  const MessageAttributes = { traceparent: { DataType: 'String', StringValue: traceparent } };

  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello', MessageAttributes }));
  const asked = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] });
  const { Messages: [message] = [] } = await client.send(asked);
  const send = await collector.span('send orders');
  const receive = await collector.span('receive orders');

  const created = { traceId: clientTrace, spanId: clientSpan };
  expect(message?.MessageAttributes).toEqual(MessageAttributes);
  expect(send).toMatchObject({ traceId: clientTrace, parentSpanId: clientSpan, links: [created] });
  expect(receive).toMatchObject({ traceId: clientTrace, parentSpanId: send.spanId, links: [created] });
});

test('a batch is one span with the number of its messages, and the receive of many is linked to each', async () => {
  const { collector, client, queueUrl: QueueUrl } = await setup();
  const spanIds = ['1111111111111111', '2222222222222222'];
  const Entries = spanIds.map((spanId, at) => ({
    Id: String(at),
    MessageBody: 'hello',
    MessageAttributes: { traceparent: { DataType: 'String', StringValue: `00-${clientTrace}-${spanId}-01` } },
  }));

  await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  const send = await collector.span('send orders');
  const receive = await collector.span('receive orders');

  const links = spanIds.map((spanId) => ({ traceId: clientTrace, spanId }));
  expect(send).toMatchObject({ parentSpanId: '', links, attributes: { 'messaging.batch.message_count': 2 } });
  expect(receive).toMatchObject({ parentSpanId: '', links, attributes: { 'messaging.batch.message_count': 2 } });
  expect(send.attributes).not.toHaveProperty('messaging.message.id');
});

test('the variables of OpenTelemetry turn traces on as well, and name the service', async () => {
  const collector = await createOtlpReceiver();
  onTestFinished(collector.stop);
  const named = { OTEL_SERVICE_NAME: 'shop-broker', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' };
  const env = { ...soon, ...named, OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  const broker = await launch({ env });
  onTestFinished(async () => void (await broker.stop()));
  const { client, queueUrl: QueueUrl } = await queueAt(broker.endpoint);

  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  const { resource } = await collector.span('send orders');

  expect(resource).toMatchObject({
    'service.name': 'shop-broker',
    'service.version': expect.stringMatching(/^\d/),
    'deployment.environment.name': 'test',
  });
});

test('what is not sampled is not sent, and says so to who comes next', async () => {
  const { broker, collector, client, queueUrl: QueueUrl } = await setup({ env: { OTEL_TRACES_SAMPLER: 'always_off' } });

  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  const asked = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['traceparent'] });
  const { Messages: [message] = [] } = await client.send(asked);
  await broker.stop(); // Sends what is left.

  expect(message?.MessageAttributes?.traceparent?.StringValue).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  expect(collector.spans).toEqual([]);
});

test('a stop sends the spans that still wait', async () => {
  const { broker, collector, client, queueUrl: QueueUrl } = await setup({ env: { OTEL_BSP_SCHEDULE_DELAY: '600000' } });

  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  const { code } = await broker.stop();

  expect(code).toBe(0);
  expect(collector.spans.map(({ name }) => name)).toEqual(['send orders']);
});

test('a collector that is not there is told of in the log, and hurts nobody', async () => {
  const env = { ...soon, OTEL_EXPORTER_OTLP_TIMEOUT: '200' };
  const broker = await launch({ args: ['--otlp-endpoint', 'http://127.0.0.1:1'], env });
  onTestFinished(async () => void (await broker.stop()));
  const { client, queueUrl: QueueUrl } = await queueAt(broker.endpoint);
  const warned = untilOutput(broker, 'traces-not-sent');

  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  await warned;
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  const { code } = await broker.stop();

  expect(code).toBe(0);
  expect(broker.output().stderr.match(/traces-not-sent/g)).toHaveLength(1);
});

test('a collector that never answers holds a stop up for a moment only', async () => {
  const silent = createServer((socket) => void socket.resume().on('error', () => undefined));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => void silent.close());
  const address = silent.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const broker = await launch({ args: ['--otlp-endpoint', `http://127.0.0.1:${address.port}`] });
  const { client, queueUrl: QueueUrl } = await queueAt(broker.endpoint);
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));

  const before = performance.now();
  const { code } = await broker.stop();

  expect(code).toBe(0);
  expect(performance.now() - before).toBeLessThan(6_000);
});

/** As in an installation without optional dependencies. */
const withoutLibraries = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    export function resolve(specifier, context, next) {
      if (!specifier.startsWith('@opentelemetry/')) return next(specifier, context);
      throw Object.assign(new Error('Cannot find package ' + specifier), { code: 'ERR_MODULE_NOT_FOUND' });
    }
  \`));
`)}`;

test('where the libraries are not installed, a start with traces says what to install', async () => {
  const dataDir = await temporaryFolder();
  const args = ['serve', '--http-port', '0', '--data-dir', dataDir, '--otlp-endpoint', 'http://127.0.0.1:1'];
  const started = startProcess(args, { nodeArgs: ['--import', withoutLibraries] });
  const { code } = await started.exited;

  expect(code).toBe(1);
  expect(started.output().stderr).toMatch(
    /^gantry: --otlp-endpoint asks for traces, whose libraries are not installed: npm install @opentelemetry\/api .*\n$/m,
  );
});

test.each([{}, { OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }])(
  'without a collector, or switched off by %o, nothing is loaded',
  async (off) => {
    const named = Object.keys(off).length === 0 ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    const broker = await launch({ nodeArgs: ['--import', withoutLibraries], env: { ...off, ...named } });
    onTestFinished(async () => void (await broker.stop()));
    const { client, queueUrl: QueueUrl } = await queueAt(broker.endpoint);

    const { MessageId } = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));

    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
  },
);

/** Settles when the broker has written it to its log. */
function untilOutput({ output, exited }: Awaited<ReturnType<typeof launch>>, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (!output().stderr.includes(text)) return;
      clearInterval(timer);
      resolve();
    }, 20);
    void exited.then(() => {
      clearInterval(timer);
      reject(new Error(`it ended without saying ${text}`));
    });
  });
}
