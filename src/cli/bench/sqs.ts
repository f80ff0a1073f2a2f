/** The few calls that prepare and check a benchmark; none of them is measured. */
import { requestText } from './load/requests.ts';
import type { Subject } from './subject.ts';

export interface QueueTally {
  readonly waiting: number;
  readonly leased: number;
  readonly delayed: number;
}

/** @returns the answer's body. @throws Error on any status but 200 */
export async function callSqs(subject: Subject, operation: string, input: object): Promise<string> {
  const text = requestText(subject, operation, input);
  const [head = '', ...body] = text.split('\r\n\r\n');
  const headers = head
    .split('\r\n')
    .slice(1)
    .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
    .filter(([name]) => !/^(host|content-length)$/i.test(name));
  const response = await fetch(`http://${subject.host}:${subject.port}/`, {
    method: 'POST',
    headers: [...headers, ['Connection', 'close']],
    body: body.join('\r\n\r\n'),
  });
  const answer = await response.text();
  if (response.status !== 200) throw new Error(`${subject.name}: ${operation}: ${response.status} ${answer}`);
  return answer;
}

/** @param fields of the Query protocol @returns the answer's body. @throws Error on any status but 200 */
export async function callSns(subject: Subject, fields: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(`http://${subject.host}:${subject.port}/`, {
    method: 'POST',
    headers: { Connection: 'close' },
    body: new URLSearchParams({ Version: '2010-03-31', ...fields }),
  });
  const answer = await response.text();
  if (response.status !== 200) throw new Error(`${subject.name}: ${fields.Action}: ${response.status} ${answer}`);
  return answer;
}

/** @returns the queue's URL */
export async function createQueue(subject: Subject, name: string): Promise<string> {
  const attributes = { VisibilityTimeout: '300', ...(name.endsWith('.fifo') ? { FifoQueue: 'true' } : {}) };
  const answer = await callSqs(subject, 'CreateQueue', { QueueName: name, Attributes: attributes });
  const url = /"QueueUrl": ?"([^"]+)"|<QueueUrl>([^<]+)</.exec(answer);
  if (url === null) throw new Error(`CreateQueue: no QueueUrl in ${answer}`);
  return url[1] ?? url[2] ?? '';
}

export async function readTally(subject: Subject, queueUrl: string): Promise<QueueTally> {
  const answer = await callSqs(subject, 'GetQueueAttributes', { QueueUrl: queueUrl, AttributeNames: ['All'] });
  const count = (name: string, absent?: number): number => {
    const found = new RegExp(`"${name}": ?"(\\d+)"|<Name>${name}</Name>\\s*<Value>(\\d+)<`).exec(answer);
    if (found !== null) return Number(found[1] ?? found[2]);
    if (absent !== undefined) return absent;
    throw new Error(`GetQueueAttributes: no ${name} in ${answer}`);
  };
  return {
    waiting: count('ApproximateNumberOfMessages'),
    leased: count('ApproximateNumberOfMessagesNotVisible'),
    delayed: count('ApproximateNumberOfMessagesDelayed', 0), // GoAWS does not know it.
  };
}

export function totalOf(tally: QueueTally): number {
  return tally.waiting + tally.leased + tally.delayed;
}
