import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { type LaunchedBroker, launch } from '../../support/launch.ts';

/** What a test of AWS's SDK for JavaScript needs; every queue is new and the test's own. */
export interface SdkWorld {
  readonly endpoint: string;
  readonly sqs: SQSClient;
  makeQueue(attributes?: Readonly<Partial<Record<QueueAttributeName, string>>>): Promise<string>;
  /** A name that no other test has. */
  newName(): string;
}

/** One real broker for the tests of a file. @returns the maker of each test's own world */
export function withBroker(): () => SdkWorld {
  let broker: LaunchedBroker | undefined;
  let queuesMade = 0;
  beforeAll(async () => {
    broker = await launch();
  }, 30_000);
  afterAll(async () => {
    await broker?.stop();
  });
  return () => {
    const { endpoint } = given(broker, 'a broker');
    const sqs = sdkClient(endpoint);
    onTestFinished(() => sqs.destroy());
    const newName = (): string => `queue-${++queuesMade}`;
    const makeQueue: SdkWorld['makeQueue'] = async (attributes = {}) => {
      const QueueName = attributes.FifoQueue === 'true' ? `${newName()}.fifo` : newName();
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
      return given(QueueUrl, 'a queue URL');
    };
    return { endpoint, sqs, makeQueue, newName };
  };
}

/** All of the SDK's own checks and repeats stay as they come. */
function sdkClient(endpoint: string): SQSClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new SQSClient({ endpoint, region: 'us-east-1', credentials });
}

export function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the answer lacks ${what}`);
  return value;
}

/** Receives with every attribute; `[]` when nothing came. */
export async function receive(
  sqs: SQSClient,
  QueueUrl: string,
  input: Partial<ReceiveMessageCommandInput> = {},
): Promise<readonly Message[]> {
  const names = { MessageSystemAttributeNames: ['All' as const], MessageAttributeNames: ['All'] };
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...names, ...input }));
  expect(Messages).not.toEqual([]); // AWS leaves an empty list out [sqs-sns 0.1].
  return Messages ?? [];
}

export async function receiveOne(
  sqs: SQSClient,
  QueueUrl: string,
  input: Partial<ReceiveMessageCommandInput> = {},
): Promise<Message> {
  const [message, ...others] = await receive(sqs, QueueUrl, input);
  expect(others).toEqual([]);
  return given(message, 'a message');
}

/** Messages that wait, that are in flight and that are delayed, as the queue counts them. */
export async function counts(sqs: SQSClient, QueueUrl: string): Promise<readonly [string, string, string]> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  const count = (name: '' | 'NotVisible' | 'Delayed'): string =>
    given(Attributes?.[`ApproximateNumberOfMessages${name}`], 'a count');
  return [count(''), count('NotVisible'), count('Delayed')];
}
