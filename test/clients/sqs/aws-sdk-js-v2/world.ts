import SQS from 'aws-sdk/clients/sqs.js';
import { afterAll, beforeAll, expect } from 'vitest';
import { type LaunchedBroker, launch } from '../../../support/launch.ts';
import { given } from '../sdk-world.ts';

/** What a test of AWS's SDK for JavaScript, version 2, needs: it speaks the Query protocol and verifies every MD5 itself. */
export interface QuerySdkWorld {
  readonly endpoint: string;
  readonly sqs: SQS;
  makeQueue(attributes?: Readonly<Record<string, string>>): Promise<string>;
}

/** One real broker for the tests of a file. @returns the maker of each test's own world */
export function withBroker(): () => QuerySdkWorld {
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
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const sqs = new SQS({ endpoint, region: 'us-east-1', credentials, apiVersion: '2012-11-05' });
    const makeQueue: QuerySdkWorld['makeQueue'] = async (attributes = {}) => {
      const name = `queue-${++queuesMade}${attributes.FifoQueue === 'true' ? '.fifo' : ''}`;
      const { QueueUrl } = await sqs.createQueue({ QueueName: name, Attributes: attributes }).promise();
      return given(QueueUrl, 'a queue URL');
    };
    return { endpoint, sqs, makeQueue };
  };
}

/** Receives with every attribute; `[]` when nothing came. */
export async function receive(
  sqs: SQS,
  QueueUrl: string,
  input: Partial<SQS.ReceiveMessageRequest> = {},
): Promise<readonly SQS.Message[]> {
  const names = { AttributeNames: ['All'], MessageAttributeNames: ['All'] };
  const { Messages } = await sqs.receiveMessage({ QueueUrl, ...names, ...input }).promise();
  return Messages ?? [];
}

export async function receiveOne(
  sqs: SQS,
  QueueUrl: string,
  input: Partial<SQS.ReceiveMessageRequest> = {},
): Promise<SQS.Message> {
  const [message, ...others] = await receive(sqs, QueueUrl, input);
  expect(others).toEqual([]);
  return given(message, 'a message');
}
