import { PublishCommand } from '@aws-sdk/client-sns';
import { expect, onTestFinished, test } from 'vitest';
import { type LaunchedBroker, launch, temporaryFolder } from '../../../support/launch.ts';
import { receive } from '../../sqs/sdk-world.ts';
import { functionArn, invokedAs, serveFunctionsAt } from '../functions.ts';
import { startHttpEndpoint } from '../http-endpoint.ts';
import { startMailbox } from '../mailbox.ts';
import { confirm, receiveEnvelope, type SnsWorld, snsWorldOf, takeOne } from '../sdk-world.ts';
import { trustAuthorityOf, verified } from '../verified.ts';

/** A broker that comes back on the same ports after a crash, with an endpoint of each kind around it. */
async function setup() {
  const [endpoint, mailbox, functions] = [await startHttpEndpoint(), await startMailbox(), await startHttpEndpoint()];
  const dataDir = await temporaryFolder();
  const around = ['--smtp-url', mailbox.url, '--tls-cert', 'generated', ...serveFunctionsAt(functions.url).args];
  let running: LaunchedBroker | undefined;
  const start = async (httpPort: string, httpsPort: string): Promise<LaunchedBroker> => {
    running = await launch({ dataDir, args: ['--http-port', httpPort, '--https-port', httpsPort, ...around] });
    return running;
  };
  onTestFinished(async () => void (await running?.stop()));
  const first = await start('0', '0');
  await trustAuthorityOf(dataDir);
  const { port } = new URL(first.endpoint);
  const httpsPort = /https:\/\/\S+?:(\d+)/.exec(first.readyLine)?.[1] ?? 'no HTTPS port';
  return {
    ...{ ...snsWorldOf(first), endpoint, mailbox, functions },
    async crash(): Promise<SnsWorld> {
      await first.kill9();
      return snsWorldOf(await start(port, httpsPort));
    },
  };
}

const wanted = { kind: { DataType: 'String', StringValue: 'wanted' } };
const unwanted = { kind: { DataType: 'String', StringValue: 'unwanted' } };
const Attributes = { FilterPolicy: JSON.stringify({ kind: ['wanted'] }) };

test('one publish reaches a queue, an endpoint, an inbox and a function, filtered, through a crash', async () => {
  const { sns, makeTopic, makeQueue, subscribe, endpoint, mailbox, functions, crash } = await setup();
  const TopicArn = await makeTopic();
  const [queue, others] = [await makeQueue(), await makeQueue()];
  await subscribe({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn, Attributes });
  const FilterPolicy = JSON.stringify({ kind: ['of others'] });
  await subscribe({ TopicArn, Protocol: 'sqs', Endpoint: others.arn, Attributes: { FilterPolicy } });
  await subscribe({ TopicArn, Protocol: 'http', Endpoint: `${endpoint.url}/hook`, Attributes });
  await confirm(sns, TopicArn, await endpoint.posts.take());
  await subscribe({ TopicArn, Protocol: 'email-json', Endpoint: 'you@example.com', Attributes });
  await confirm(sns, TopicArn, { path: '', headers: {}, body: (await mailbox.mails.take()).text });
  await subscribe({ TopicArn, Protocol: 'lambda', Endpoint: functionArn('orders'), Attributes });

  // Each of the three is asked before the crash, and none of them answers.
  endpoint.answerBy(() => undefined);
  functions.answerBy(() => undefined);
  mailbox.acceptBy(() => undefined);
  await sns.send(new PublishCommand({ TopicArn, Message: 'not for them', MessageAttributes: unwanted }));
  const { MessageId } = await sns.send(
    new PublishCommand({ TopicArn, Message: 'one crate of oranges 🍊', MessageAttributes: wanted }),
  );
  await Promise.all([endpoint.posts.take(), functions.posts.take(), mailbox.mails.take()]);
  endpoint.answerBy((response) => response.end());
  functions.answerBy((response) => response.writeHead(202).end());
  mailbox.acceptBy((done) => done());
  const { sqs } = await crash();
  const post = await endpoint.posts.take();
  const mail = await mailbox.mails.take();
  const invocation = await functions.posts.take();
  const inQueue = await receiveEnvelope(sqs, queue.url);

  const message = { Type: 'Notification', MessageId, TopicArn, Message: 'one crate of oranges 🍊' };
  expect(inQueue).toMatchObject(message);
  expect(await verified(JSON.stringify(inQueue))).toMatchObject(message);
  expect(await verified(post.body)).toMatchObject(message);
  expect(mail.to).toEqual(['you@example.com']);
  expect(await verified(mail.text)).toMatchObject(message);
  expect(invokedAs(invocation)).toEqual(['orders', 'Event']);
  expect(JSON.parse(invocation.body).Records).toMatchObject([{ EventSource: 'aws:sns', Sns: message }]);
  expect(await receive(sqs, others.url)).toEqual([]);
  expect(await receive(sqs, queue.url)).toEqual([]);
});

test('a FIFO topic keeps order and knows duplicates, filtered, through a crash', async () => {
  const { sns, makeTopic, subscribedQueue, crash } = await setup();
  const TopicArn = await makeTopic({ FifoTopic: 'true', ContentBasedDeduplication: 'true' });
  const queues = [await subscribedQueue(TopicArn, Attributes), await subscribedQueue(TopicArn, Attributes)];
  const publish = ({ sns: client }: Pick<SnsWorld, 'sns'>, Message: string, MessageAttributes = wanted) =>
    client.send(new PublishCommand({ TopicArn, Message, MessageGroupId: 'g', MessageAttributes }));

  const numbers: (string | undefined)[] = [];
  for (const text of ['1', '2', '3', '4']) {
    numbers.push((await publish({ sns }, text)).SequenceNumber);
    await publish({ sns }, `${text} not for them`, unwanted);
  }
  const world = await crash();
  const again = await publish(world, '4'); // As a client does that did not hear the answer.
  numbers.push((await publish(world, '5')).SequenceNumber);

  expect(again.SequenceNumber).toBe(numbers[3]);
  for (const { url } of queues) {
    const received: { readonly Message: string; readonly SequenceNumber: string }[] = [];
    for (const _ of numbers) received.push(JSON.parse((await takeOne(world.sqs, url)).Body ?? ''));
    expect(received.map(({ Message }) => Message)).toEqual(['1', '2', '3', '4', '5']);
    expect(received.map(({ SequenceNumber }) => SequenceNumber)).toEqual(numbers);
    expect(await receive(world.sqs, url)).toEqual([]);
  }
});
