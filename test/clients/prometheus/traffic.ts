import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** Metrics that move under `makeTraffic`. */
export const moved = [
  'gantry_queue_appended_total',
  'gantry_queue_appended_bytes_total',
  'gantry_queue_delivered_total',
  'gantry_queue_acked_total',
  'gantry_queue_dead_lettered_total',
  'gantry_queue_duplicates_total',
  'gantry_queue_empty_receives_total',
  'gantry_queue_waiting',
  'gantry_queue_delayed',
  'gantry_queue_leased',
  'gantry_queue_groups_leased',
  'gantry_queue_groups_noisy',
  'gantry_queue_bytes',
  'gantry_queue_oldest_age_seconds',
  'gantry_requests_refused_total',
  'gantry_store_commits_total',
  'gantry_store_batches_total',
  'gantry_store_commit_seconds_total',
];

/** Enough in flight of one message group that it is noisy. */
const noisyCount = 12;

export interface Site {
  readonly sqs: SQSClient;
  readonly endpoint: string;
  readonly orders: string;
  readonly fair: string;
  readonly fifo: string;
  readonly empty: string;
}

export async function makeSite(endpoint: string): Promise<Site> {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  const make = async (QueueName: string, Attributes: Record<string, string> = {}): Promise<string> => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    return QueueUrl;
  };
  const deadLetters = await make('orders-dlq');
  const arn = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: deadLetters, AttributeNames: ['QueueArn'] }));
  const redrive = { deadLetterTargetArn: arn.Attributes?.QueueArn, maxReceiveCount: 1 };
  return {
    ...{ sqs, endpoint },
    orders: await make('orders', { RedrivePolicy: JSON.stringify(redrive) }),
    fair: await make('fair'),
    fifo: await make('orders.fifo', { FifoQueue: 'true' }),
    empty: await make('empty'),
  };
}

/** A little of everything that a broker sees in a day, so that there is something to be measured. */
export async function makeTraffic(site: Site): Promise<void> {
  const { sqs, endpoint, orders, fair, fifo, empty } = site;
  const send = async (QueueUrl: string, more: object = {}): Promise<unknown> =>
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one crate of oranges', ...more }));
  const receive = async (QueueUrl: string, VisibilityTimeout: number): Promise<string | undefined> => {
    const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout }));
    return message?.ReceiptHandle;
  };

  await send(orders);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: orders, ReceiptHandle: await receive(orders, 600) }));
  await send(orders);
  await receive(orders, 0); // Comes back at once, and the second receive makes it a dead letter.
  await receive(orders, 0);
  await send(orders, { DelaySeconds: 900 });
  await send(orders);

  for (let at = 0; at < noisyCount; at++) await send(fair, { MessageGroupId: 'a' });
  for (let at = 0; at < noisyCount; at++) await receive(fair, 600);

  for (let at = 0; at < 2; at++) await send(fifo, { MessageGroupId: 'a', MessageDeduplicationId: 'once' });
  await receive(empty, 600);
  await fetch(`${endpoint}/000000000000/orders?Action=ReceiveMessage`, { headers: { Origin: 'https://page.example' } });
}
