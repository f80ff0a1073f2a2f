import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  SNSClient,
  SubscribeCommand,
  type SubscribeCommandInput,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, type Message, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type LaunchedBroker, type LaunchOptions, launch } from '../../support/launch.ts';
import { given, receiveOne } from '../sqs/sdk-world.ts';
import type { HeardPost } from './http-endpoint.ts';

type Texts = Readonly<Record<string, string>>;

/** What a test of AWS's SDK for JavaScript needs; every topic and queue is new and the test's own. */
export interface SnsWorld {
  readonly broker: LaunchedBroker;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  /** A name that no other test has. */
  newName(): string;
  /** @returns its ARN */
  makeTopic(attributes?: Texts): Promise<string>;
  makeQueue(attributes?: Texts): Promise<MadeQueue>;
  /** @returns the subscription's ARN */
  subscribe(input: SubscribeCommandInput): Promise<string>;
  /** A new queue that is subscribed; FIFO when the topic is. */
  subscribedQueue(topicArn: string, attributes?: Texts): Promise<SubscribedQueue>;
}
interface MadeQueue {
  readonly url: string;
  readonly arn: string;
}
interface SubscribedQueue extends MadeQueue {
  readonly subscriptionArn: string;
}

/** One real broker for the tests of a file. @returns the maker of each test's own world */
export function withSnsBroker(options: LaunchOptions = {}): () => SnsWorld {
  let broker: LaunchedBroker | undefined;
  beforeAll(async () => {
    broker = await launch(options);
  }, 30_000);
  afterAll(async () => {
    await broker?.stop();
  });
  return () => snsWorldOf(given(broker, 'a broker'));
}

let namesMade = 0;

/** For a test with a broker of its own. All of the SDK's own checks and repeats stay as they come. */
export function snsWorldOf(broker: LaunchedBroker): SnsWorld {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: broker.endpoint, region: 'us-east-1', credentials };
  const sns = new SNSClient(options);
  const sqs = new SQSClient(options);
  onTestFinished(() => {
    sns.destroy();
    sqs.destroy();
  });
  const newName = (): string => `name-${++namesMade}`;
  const nameFor = (isFifo: boolean): string => (isFifo ? `${newName()}.fifo` : newName());

  const makeQueue: SnsWorld['makeQueue'] = async (attributes = {}) => {
    const QueueName = nameFor(attributes.FifoQueue === 'true');
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
    return { url: given(QueueUrl, 'a queue URL'), arn: `arn:aws:sqs:us-east-1:000000000000:${QueueName}` };
  };
  const subscribe: SnsWorld['subscribe'] = async (input) => {
    const { SubscriptionArn } = await sns.send(new SubscribeCommand({ ReturnSubscriptionArn: true, ...input }));
    return given(SubscriptionArn, 'the ARN of a subscription');
  };
  return {
    ...{ broker, sns, sqs, newName, makeQueue, subscribe },
    async makeTopic(attributes = {}) {
      const Name = nameFor(attributes.FifoTopic === 'true');
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name, Attributes: attributes }));
      return given(TopicArn, 'the ARN of a topic');
    },
    async subscribedQueue(TopicArn, Attributes = {}) {
      const queue = await makeQueue(TopicArn.endsWith('.fifo') ? { FifoQueue: 'true' } : {});
      const subscriptionArn = await subscribe({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn, Attributes });
      return { ...queue, subscriptionArn };
    },
  };
}

/** Receives one message, deletes it, and reads the envelope that is its body. */
export async function receiveEnvelope(sqs: SQSClient, url: string): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse((await takeOne(sqs, url)).Body ?? '');
}

/** Receives one message and deletes it. */
export async function takeOne(sqs: SQSClient, url: string): Promise<Message> {
  const message = await receiveOne(sqs, url, { WaitTimeSeconds: 10 });
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
  return message;
}

/** Takes the token out of what an endpoint was asked. @returns the subscription's ARN */
export async function confirm(sns: SNSClient, TopicArn: string, { body }: HeardPost): Promise<string> {
  const { Token } = JSON.parse(body);
  const { SubscriptionArn } = await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
  return given(SubscriptionArn, 'the ARN of a subscription');
}
