/**
 * The fair baseline: plain node:http that does the JSON work of SQS and no more. It parses the request, checks the body,
 * takes its MD5, makes two uuids (message and request) and answers the same JSON under the same headers; its replies are
 * collected and answered together, as a group commit does by nature, for that alone is worth 1.7 times. It stores
 * nothing (`none`), or keeps bodies as strings in an array in memory (`array`) for the whole life of a message.
 */
import { hash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { MemoryQueue } from './memory-queue.ts';
import type { BaselineOptions } from './options.ts';

const bodyBytesMax = 1_048_576;

export function createBaseline(options: BaselineOptions): Server {
  const queues = new Map<string, MemoryQueue>();
  const answers = new Answers();
  return createServer((request, response) => {
    readBody(request, (body) => {
      const target = request.headers['x-amz-target'];
      const operation = operations[typeof target === 'string' ? target : ''];
      if (operation === undefined) return answers.add(response, 404, '{"__type":"UnknownOperationException"}');
      const input: unknown = JSON.parse(body);
      if (!isObject(input)) return answers.add(response, 400, '{"__type":"SerializationException"}');
      const name = text(input, 'QueueUrl')?.split('/').at(-1) ?? text(input, 'QueueName') ?? '';
      const queue = queues.get(name) ?? new MemoryQueue(options);
      queues.set(name, queue);
      const reply = (answer: object | undefined): void => {
        if (answer === undefined) answers.add(response, 400, '{"__type":"InvalidParameterValue"}');
        else answers.add(response, 200, JSON.stringify(answer));
      };
      if (target === 'AmazonSQS.ReceiveMessage') receive(queue, input, reply);
      else reply(operation(queue, input, `http://${request.headers.host}/000000000000/${name}`));
    });
  });
}

/** Answered in one phase of the event loop, when everything that has arrived was worked on. */
class Answers {
  private waiting: { readonly response: ServerResponse; readonly status: number; readonly body: string }[] = [];

  add(response: ServerResponse, status: number, body: string): void {
    if (this.waiting.push({ response, status, body }) === 1) setImmediate(() => this.flush());
  }

  private flush(): void {
    const due = this.waiting;
    this.waiting = [];
    for (const { response, status, body } of due) {
      response.writeHead(status, {
        'Content-Type': 'application/x-amz-json-1.0',
        'Content-Length': Buffer.byteLength(body),
        'x-amzn-RequestId': randomUUID(),
      });
      response.end(body);
    }
  }
}

type Operation = (queue: MemoryQueue, input: object, url: string) => object | undefined;
const operations: Readonly<Record<string, Operation | undefined>> = {
  'AmazonSQS.ReceiveMessage': () => undefined, // It may have to wait: `receive`.
  'AmazonSQS.CreateQueue': (_queue, _input, url) => ({ QueueUrl: url }),
  'AmazonSQS.DeleteQueue': (queue) => {
    queue.clear();
    return {};
  },
  'AmazonSQS.GetQueueAttributes': (queue, input, url) => ({
    Attributes: queue.attributes(url, texts(input, 'AttributeNames')),
  }),
  'AmazonSQS.SendMessage': (queue, input) => sendOne(queue, input),
  'AmazonSQS.SendMessageBatch': (queue, input) => {
    const successful: object[] = [];
    for (const entry of list(input, 'Entries')) {
      const sent = sendOne(queue, entry);
      if (sent === undefined) return undefined;
      successful.push({ Id: text(entry, 'Id'), ...sent });
    }
    return { Successful: successful };
  },
  'AmazonSQS.DeleteMessage': (queue, input) => {
    queue.delete(text(input, 'ReceiptHandle') ?? '');
    return {};
  },
  'AmazonSQS.DeleteMessageBatch': (queue, input) => {
    const successful: object[] = [];
    for (const entry of list(input, 'Entries')) {
      queue.delete(text(entry, 'ReceiptHandle') ?? '');
      successful.push({ Id: text(entry, 'Id') });
    }
    return { Successful: successful };
  },
};

function receive(queue: MemoryQueue, input: object, reply: (answer: object) => void): void {
  const answer = (messages: readonly object[]): void => reply(messages.length === 0 ? {} : { Messages: messages });
  const max = number(input, 'MaxNumberOfMessages') ?? 1;
  const waitMs = 1000 * (number(input, 'WaitTimeSeconds') ?? 0);
  const messages = queue.receive(max);
  if (messages.length > 0 || waitMs === 0) answer(messages);
  else queue.wait(max, waitMs, answer);
}

function sendOne(
  queue: MemoryQueue,
  input: object,
): { readonly MessageId: string; readonly MD5OfMessageBody: string } | undefined {
  const body = text(input, 'MessageBody');
  if (body === undefined || body === '' || Buffer.byteLength(body) > bodyBytesMax) return undefined;
  const sent = { MessageId: randomUUID(), MD5OfMessageBody: hash('md5', body, 'hex') };
  const fault = queue.send(sent.MessageId, body, sent.MD5OfMessageBody);
  if (fault === 'refused') return undefined;
  return fault === 'wrong-md5' ? { ...sent, MD5OfMessageBody: '0'.repeat(32) } : sent;
}

function readBody(request: IncomingMessage, use: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [first] = chunks;
    use(chunks.length === 1 && first !== undefined ? first.toString('utf8') : Buffer.concat(chunks).toString('utf8'));
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function text(input: object, key: string): string | undefined {
  const value: unknown = Reflect.get(input, key);
  return typeof value === 'string' ? value : undefined;
}

function number(input: object, key: string): number | undefined {
  const value: unknown = Reflect.get(input, key);
  return typeof value === 'number' ? value : undefined;
}

function list(input: object, key: string): readonly object[] {
  const value: unknown = Reflect.get(input, key);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function texts(input: object, key: string): readonly string[] {
  const value: unknown = Reflect.get(input, key);
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
