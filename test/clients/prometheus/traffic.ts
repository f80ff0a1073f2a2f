import {
  CreateTopicCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
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
  'gantry_topic_published_total',
  'gantry_topic_published_bytes_total',
  'gantry_topic_duplicates_total',
  'gantry_topic_delivered_total',
  'gantry_topic_failed_total',
  'gantry_topic_dead_lettered_total',
  'gantry_topic_filtered_out_total',
  'gantry_topic_archived_total',
  'gantry_topic_archived_bytes_total',
  'gantry_topic_subscriptions',
  'gantry_requests_refused_total',
  'gantry_store_commits_total',
  'gantry_store_batches_total',
  'gantry_store_commit_seconds_total',
];

/** Enough in flight of one message group that it is noisy. */
const noisyCount = 12;

export interface Site {
  readonly sns: SNSClient;
  readonly news: string;
  readonly ordered: string;
  readonly replayed: string | undefined;
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
    ...{ sqs, endpoint, ...(await makeTopics(endpoint)) },
    orders: await make('orders', { RedrivePolicy: JSON.stringify(redrive) }),
    fair: await make('fair'),
    fifo: await make('orders.fifo', { FifoQueue: 'true' }),
    empty: await make('empty'),
  };
}

/** Of the subscribers of one topic one gets everything, one what it wants, and one is gone, but has a dead-letter queue. */
async function makeTopics(endpoint: string) {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const sns = new SNSClient({ endpoint, region: 'us-east-1', credentials });
  const make = async (Name: string, Attributes: Record<string, string> = {}): Promise<string> => {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name, Attributes }));
    return TopicArn;
  };
  const subscribe = async (TopicArn: string, queue: string, Attributes: Record<string, string> = {}) => {
    const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${queue}`;
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes, ReturnSubscriptionArn: true }),
    );
    return SubscriptionArn;
  };
  const news = await make('news');
  await subscribe(news, 'empty');
  await subscribe(news, 'fair', { FilterPolicy: JSON.stringify({ event: ['wanted'] }) });
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:empty';
  await subscribe(news, 'gone', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn }) });
  const ArchivePolicy = JSON.stringify({ MessageRetentionPeriod: '1' });
  const ordered = await make('news.fifo', { FifoTopic: 'true', ArchivePolicy });
  const replayed = await subscribe(ordered, 'orders.fifo');
  return { sns, news, ordered, replayed };
}

/** A little of everything that a broker sees in a day, so that there is something to be measured. */
export async function makeTraffic(site: Site): Promise<void> {
  const { sqs, sns, endpoint, orders, fair, fifo, empty, news, ordered, replayed } = site;
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

  await sns.send(new PublishCommand({ TopicArn: news, Message: 'oranges' }));
  const once = { MessageGroupId: 'a', MessageDeduplicationId: 'once' };
  for (let at = 0; at < 2; at++) await sns.send(new PublishCommand({ TopicArn: ordered, Message: 'oranges', ...once }));
  const AttributeValue = JSON.stringify({ PointType: 'Timestamp', StartingPoint: new Date(0).toISOString() });
  const replay = { SubscriptionArn: replayed, AttributeName: 'ReplayPolicy', AttributeValue };
  await sns.send(new SetSubscriptionAttributesCommand(replay));
  await fetch(`${endpoint}/000000000000/orders?Action=ReceiveMessage`, { headers: { Origin: 'https://page.example' } });
}
