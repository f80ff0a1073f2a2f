import { expect, it } from 'vitest';
import type { SqsPacing } from '../../../protocols/sqs/limits.ts';
import { noPacing } from '../../../protocols/sqs/limits.ts';
import { call } from './call.ts';
import type { JsonObject } from './cases/case.ts';
import type { SqsServer } from './serve-sqs.ts';
import { withServer } from './with-server.ts';

const throttled: { readonly pacing: SqsPacing } = { pacing: { ...noPacing, fifoCallsASecondMax: 3 } };
const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };

async function statuses(server: SqsServer, operation: string, input: JsonObject, times: number) {
  const found: (number | undefined)[] = [];
  for (let time = 0; time < times; time++) found.push((await call(server, operation, input)).status);
  return found;
}

it('with a limit in flight a short poll is OverLimit, and a long poll is served when there is room [1.7]', () =>
  withServer(
    async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'a' });
      for (const MessageBody of ['1', '2']) await call(server, 'SendMessage', { QueueUrl: 'a', MessageBody });
      const first = await call(server, 'ReceiveMessage', { QueueUrl: 'a', MaxNumberOfMessages: 10 });
      const short = await call(server, 'ReceiveMessage', { QueueUrl: 'a' });
      const long = call(server, 'ReceiveMessage', { QueueUrl: 'a', WaitTimeSeconds: 20 });
      await call(server, 'ListQueues', {}); // The wait has begun: a whole request later.

      await call(server, 'PurgeQueue', { QueueUrl: 'a' });
      await call(server, 'SendMessage', { QueueUrl: 'a', MessageBody: '3' });

      expect(first.output).toMatchObject({ Messages: [{ Body: '1' }] });
      expect(short).toMatchObject({ status: 403, queryError: 'OverLimit;Sender' });
      expect((await long).output).toMatchObject({ Messages: [{ Body: '3' }] });
    },
    { leasedMax: 1 },
  ));

it('with a limit in flight a FIFO queue gives nothing, and no error [1.7]', () =>
  withServer(
    async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'f.fifo', Attributes: fifo });
      for (const id of ['1', '2']) {
        await call(server, 'SendMessage', { QueueUrl: 'f.fifo', MessageBody: id, MessageGroupId: id });
      }
      await call(server, 'ReceiveMessage', { QueueUrl: 'f.fifo' });

      expect(await call(server, 'ReceiveMessage', { QueueUrl: 'f.fifo' })).toMatchObject({ status: 200, text: '{}' });
    },
    { leasedMax: 1 },
  ));

it('a FIFO queue serves so many calls of each operation a second when asked to be as slow as AWS [1.11]', () =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'f.fifo', Attributes: fifo });
    const message = { QueueUrl: 'f.fifo', MessageBody: 'm', MessageGroupId: 'g' };

    const sends = await statuses(server, 'SendMessage', message, 4);
    const receives = await statuses(server, 'ReceiveMessage', { QueueUrl: 'f.fifo' }, 4);
    const refused = await call(server, 'SendMessage', message);
    server.clock.advance(1000);
    const later = await statuses(server, 'SendMessage', message, 4);

    expect([sends, receives, later]).toEqual(Array(3).fill([200, 200, 200, 403]));
    expect(refused).toMatchObject({ queryError: 'RequestThrottled;Sender', output: { message: 'Rate exceeded' } });
  }, throttled));

it('what is not counted: standard queues, high throughput, and operations on queues [1.11]', () =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'a' });
    const high = { ...fifo, DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' };
    await call(server, 'CreateQueue', { QueueName: 'f.fifo', Attributes: high });

    const all = [
      await statuses(server, 'SendMessage', { QueueUrl: 'a', MessageBody: 'm' }, 9),
      await statuses(server, 'ReceiveMessage', { QueueUrl: 'f.fifo' }, 9),
      await statuses(server, 'GetQueueAttributes', { QueueUrl: 'f.fifo' }, 9),
    ];

    expect(all).toEqual(Array(3).fill(Array(9).fill(200)));
  }, throttled));

it('by default nothing is throttled', () =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'f.fifo', Attributes: fifo });

    expect(await statuses(server, 'ReceiveMessage', { QueueUrl: 'f.fifo' }, 400)).toEqual(Array(400).fill(200));
  }));

it('an attempt id on a standard queue is passed over when asked [1.11, trap 32]', () =>
  withServer(
    async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'a' });
      await call(server, 'SendMessage', { QueueUrl: 'a', MessageBody: 'm' });
      const input = { QueueUrl: 'a', ReceiveRequestAttemptId: 'x' };

      const answers = [await call(server, 'ReceiveMessage', input), await call(server, 'ReceiveMessage', input)];

      expect(answers.map(({ output }) => output)).toMatchObject([{ Messages: [{ Body: 'm' }] }, {}]);
    },
    { isAttemptLenient: true },
  ));
