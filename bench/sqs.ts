/** The few calls that prepare and check a benchmark; none of them is measured. */
import type { Subject } from './subject.ts';

export interface QueueTally {
  readonly waiting: number;
  readonly leased: number;
  readonly delayed: number;
}

/** @throws Error on any status but 200 */
export async function callSqs(subject: Subject, operation: string, input: object): Promise<object> {
  const response = await fetch(`http://${subject.host}:${subject.port}/`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `AmazonSQS.${operation}`,
      Connection: 'close',
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${operation}: ${response.status} ${text}`);
  const answer: unknown = text === '' ? {} : JSON.parse(text);
  if (typeof answer !== 'object' || answer === null) throw new Error(`${operation}: ${text} is no object`);
  return answer;
}

/** @returns the queue's URL */
export async function createQueue(subject: Subject, name: string): Promise<string> {
  const attributes = { VisibilityTimeout: '300', ...(name.endsWith('.fifo') ? { FifoQueue: 'true' } : {}) };
  const answer = await callSqs(subject, 'CreateQueue', { QueueName: name, Attributes: attributes });
  if ('QueueUrl' in answer && typeof answer.QueueUrl === 'string') return answer.QueueUrl;
  throw new Error(`CreateQueue: no QueueUrl in ${JSON.stringify(answer)}`);
}

export async function readTally(subject: Subject, queueUrl: string): Promise<QueueTally> {
  const answer = await callSqs(subject, 'GetQueueAttributes', { QueueUrl: queueUrl, AttributeNames: ['All'] });
  const attributes: unknown = 'Attributes' in answer ? answer.Attributes : undefined;
  const count = (name: string): number => {
    const value: unknown =
      typeof attributes === 'object' && attributes !== null ? Reflect.get(attributes, name) : undefined;
    if (typeof value !== 'string') throw new Error(`GetQueueAttributes: no ${name} in ${JSON.stringify(answer)}`);
    return Number(value);
  };
  return {
    waiting: count('ApproximateNumberOfMessages'),
    leased: count('ApproximateNumberOfMessagesNotVisible'),
    delayed: count('ApproximateNumberOfMessagesDelayed'),
  };
}

export function totalOf(tally: QueueTally): number {
  return tally.waiting + tally.leased + tally.delayed;
}
