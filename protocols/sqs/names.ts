import type { QueueAddress } from '../../src/model/queue.ts';
import { sqsLimits } from './limits.ts';

const namePattern = /^[A-Za-z0-9_-]+(\.fifo)?$/;

/** Whether SQS can spell the name; other protocols' queues may have names that it cannot. */
export function isQueueName(name: string): boolean {
  return name.length <= sqsLimits.queueNameCharactersMax && namePattern.test(name);
}

export function isFifoName(name: string): boolean {
  return name.endsWith('.fifo');
}

export function arnOf(address: QueueAddress): string {
  return `arn:${partitionOf(address.region)}:sqs:${address.region}:${address.account}:${address.name}`;
}

/** Everybody in an account, as a policy names them; beside a queue, for partitions do not mix. */
export function accountArn(account: string, { region }: QueueAddress): string {
  return `arn:${partitionOf(region)}:iam::${account}:root`;
}

/** @returns undefined when the text is no ARN of an SQS queue */
export function parseArn(text: string): QueueAddress | undefined {
  const parts = text.split(':');
  const [arn, partition, service, region, account, name] = parts;
  if (parts.length !== 6 || arn !== 'arn' || service !== 'sqs') return undefined;
  if (partition === undefined || region === undefined || account === undefined || name === undefined) return undefined;
  if (partition !== partitionOf(region) || !/^\d{12}$/.test(account) || !isQueueName(name)) return undefined;
  return { account, region, name };
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
