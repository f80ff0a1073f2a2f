import { request } from 'node:http';
import { expect, it } from 'vitest';
import type { Broker, Cancellation, ReceiveOptions } from '../../../src/core/broker.ts';
import { call } from './call.ts';
import type { JsonObject } from './cases/case.ts';
import type { SqsServer } from './serve-sqs.ts';
import { withServer } from './with-server.ts';

/** Tells when a receive has reached the broker, so that a test waits for that and for no time. */
function watchReceives() {
  const seen: ((options: ReceiveOptions) => void)[] = [];
  const arrived: ReceiveOptions[] = [];
  return {
    wrap: (broker: Broker): Broker => ({
      ...broker,
      receive(principal, queue, options) {
        const received = broker.receive(principal, queue, options);
        const waiter = seen.shift();
        if (waiter === undefined) arrived.push(options);
        else waiter(options);
        return received;
      },
    }),
    next: (): Promise<ReceiveOptions> => {
      const first = arrived.shift();
      return first === undefined ? new Promise((resolve) => seen.push(resolve)) : Promise.resolve(first);
    },
  };
}

async function makeQueue(server: SqsServer, attributes = {}): Promise<string> {
  const QueueName = 'FifoQueue' in attributes ? 'a.fifo' : 'a';
  const { output } = await call(server, 'CreateQueue', { QueueName, Attributes: attributes });
  return String(output.QueueUrl);
}

it('a wait ends with the first message and does not wait for more [1.7]', () => {
  const receives = watchReceives();
  return withServer(async (server) => {
    const QueueUrl = await makeQueue(server);
    const waiting = call(server, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 });
    await receives.next();

    await call(server, 'SendMessage', { QueueUrl, MessageBody: 'm' });

    expect((await waiting).output).toMatchObject({ Messages: [{ Body: 'm' }] });
  }, receives);
});

it('a wait that nothing ends is answered empty when its time is over [1.7]', () => {
  const receives = watchReceives();
  return withServer(async (server) => {
    const QueueUrl = await makeQueue(server);
    const waiting = call(server, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
    await receives.next();
    await roundTrip(server);

    server.clock.advance(20_000);

    expect(await waiting).toMatchObject({ status: 200, text: '{}' });
  }, receives);
});

it('without a wait of its own a receive waits as long as the queue says, and 0 is no wait [1.7]', () => {
  const receives = watchReceives();
  return withServer(async (server) => {
    const QueueUrl = await makeQueue(server, { ReceiveMessageWaitTimeSeconds: '20' });
    const short = await call(server, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 0 });
    await receives.next();
    const waiting = call(server, 'ReceiveMessage', { QueueUrl });
    await receives.next();

    await call(server, 'SendMessage', { QueueUrl, MessageBody: 'm' });

    expect(short.text).toBe('{}');
    expect((await waiting).output).toMatchObject({ Messages: [{ Body: 'm' }] });
  }, receives);
});

it.each([
  ['the end of a delay', 'SendMessage', { MessageBody: 'm', DelaySeconds: 5 }],
  ['the end of a visibility timeout', 'ReceiveMessage', { VisibilityTimeout: 5 }],
] as const)('a wait ends at %s [1.7]', (_, operation, input) => {
  const receives = watchReceives();
  return withServer(async (server) => {
    const QueueUrl = await makeQueue(server);
    if (operation === 'ReceiveMessage') await call(server, 'SendMessage', { QueueUrl, MessageBody: 'm' });
    await call(server, operation, { QueueUrl, ...input });
    if (operation === 'ReceiveMessage') await receives.next();
    const waiting = call(server, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
    await receives.next();
    await roundTrip(server);

    server.clock.advance(5_000);

    expect((await waiting).output).toMatchObject({ Messages: [{ Body: 'm' }] });
  }, receives);
});

it('a wait ends when a message is given back [1.7, 1.10]', () => {
  const receives = watchReceives();
  return withServer(async (server) => {
    const QueueUrl = await makeQueue(server);
    await call(server, 'SendMessage', { QueueUrl, MessageBody: 'm' });
    const { output } = await call(server, 'ReceiveMessage', { QueueUrl });
    await receives.next();
    const handle = handleIn(output);
    const waiting = call(server, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
    await receives.next();

    await call(server, 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle: handle, VisibilityTimeout: 0 });

    expect((await waiting).output).toMatchObject({ Messages: [{ Body: 'm' }] });
  }, receives);
});

it.each([
  ['deleted', 'DeleteMessage', {}],
  ['given back', 'ChangeMessageVisibility', { VisibilityTimeout: 0 }],
] as const)('a wait on a FIFO queue ends when the message that locks its group is %s [1.7]', (_, operation, input) => {
  const receives = watchReceives();
  return withServer(async (server) => {
    const QueueUrl = await makeQueue(server, { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    for (const MessageBody of ['1', '2'])
      await call(server, 'SendMessage', { QueueUrl, MessageBody, MessageGroupId: 'g' });
    const { output } = await call(server, 'ReceiveMessage', { QueueUrl });
    await receives.next();
    const ReceiptHandle = handleIn(output);
    const waiting = call(server, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
    await receives.next();
    await roundTrip(server);

    await call(server, operation, { QueueUrl, ReceiptHandle, ...input });

    const Body = operation === 'DeleteMessage' ? '2' : '1';
    expect((await waiting).output).toMatchObject({ Messages: [{ Body }] });
  }, receives);
});

it('a wait on a dead-letter queue ends when a message is moved there, and the receive that moved it waits on [1.7, 1.15]', () => {
  const receives = watchReceives();
  return withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'd' });
    const RedrivePolicy = '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d","maxReceiveCount":1}';
    const QueueUrl = await makeQueue(server, { RedrivePolicy });
    await call(server, 'SendMessage', { QueueUrl, MessageBody: 'm' });
    await call(server, 'ReceiveMessage', { QueueUrl, VisibilityTimeout: 0 });
    await receives.next();
    const waiting = call(server, 'ReceiveMessage', { QueueUrl: 'd', WaitTimeSeconds: 20 });
    await receives.next();
    await roundTrip(server);

    const moving = call(server, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
    await receives.next();

    expect((await waiting).output).toMatchObject({ Messages: [{ Body: 'm' }] });
    await call(server, 'SendMessage', { QueueUrl, MessageBody: 'next' });
    expect((await moving).output).toMatchObject({ Messages: [{ Body: 'next' }] });
  }, receives);
});

it('another wait of the queue is that of the next receive [1.4]', () => {
  const receives = watchReceives();
  return withServer(async (server) => {
    const QueueUrl = await makeQueue(server);
    const short = await call(server, 'ReceiveMessage', { QueueUrl });
    await receives.next();
    await call(server, 'SetQueueAttributes', { QueueUrl, Attributes: { ReceiveMessageWaitTimeSeconds: '20' } });
    const waiting = call(server, 'ReceiveMessage', { QueueUrl });
    await receives.next();
    await roundTrip(server);

    await call(server, 'SendMessage', { QueueUrl, MessageBody: 'm' });

    expect(short.text).toBe('{}');
    expect((await waiting).output).toMatchObject({ Messages: [{ Body: 'm' }] });
  }, receives);
});

it('a wait on a queue that is deleted ends with the news [1.3]', () => {
  const receives = watchReceives();
  return withServer(async (server) => {
    const QueueUrl = await makeQueue(server);
    const waiting = call(server, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
    await receives.next();

    await call(server, 'DeleteQueue', { QueueUrl });

    expect(await waiting).toMatchObject({ status: 400, queryError: 'AWS.SimpleQueueService.NonExistentQueue;Sender' });
  }, receives);
});

it('a client that goes away ends its wait and takes no message with it [1.7, trap 20]', () => {
  const receives = watchReceives();
  return withServer(async (server) => {
    const QueueUrl = await makeQueue(server);
    const leaving = request({
      ...{ host: '127.0.0.1', port: server.port, method: 'POST', agent: false },
      headers: { 'X-Amz-Target': 'AmazonSQS.ReceiveMessage' },
    });
    leaving.on('error', () => undefined); // Its own end: that is the point.
    leaving.end(JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 }));
    const { cancellation } = await receives.next();
    const ended = cancelled(cancellation);

    leaving.destroy();
    await ended;
    await call(server, 'SendMessage', { QueueUrl, MessageBody: 'm' });
    const { output } = await call(server, 'ReceiveMessage', { QueueUrl, AttributeNames: ['ApproximateReceiveCount'] });

    expect(output).toMatchObject({ Messages: [{ Body: 'm', Attributes: { ApproximateReceiveCount: '1' } }] });
    expect(server.reported).toEqual([]);
  }, receives);
});

it('waits are answered empty when the broker stops', () => {
  const receives = watchReceives();
  return withServer(async (server) => {
    const QueueUrl = await makeQueue(server);
    const waiting = call(server, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
    await receives.next();

    await server.broker.stop();

    expect(await waiting).toMatchObject({ status: 200, text: '{}' });
  }, receives);
});

/** The receive before it has looked, found nothing, and waits: a whole request later. */
async function roundTrip(server: SqsServer): Promise<void> {
  await call(server, 'ListQueues', {});
}

/** Settles when the receive is cancelled; core's own listener still runs. */
function cancelled(cancellation: Cancellation | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (cancellation === undefined) return reject(new Error('a wait can be cancelled'));
    const { cancel } = cancellation;
    cancellation.cancel = () => {
      cancel.call(cancellation);
      resolve();
    };
    return undefined;
  });
}

function handleIn(output: JsonObject): string {
  return String(JSON.parse(JSON.stringify(output)).Messages[0].ReceiptHandle);
}
