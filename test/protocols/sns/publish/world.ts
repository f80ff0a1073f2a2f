import { createServer } from 'node:http';
import { createAwsFront } from '../../../../protocols/aws/index.ts';
import { createEnvelopes } from '../../../../protocols/sns/envelope.ts';
import { createSns, type SnsDependencies } from '../../../../protocols/sns/index.ts';
import { createSqs } from '../../../../protocols/sqs/index.ts';
import { type Broker, createBroker } from '../../../../src/core/broker.ts';
import type { Random } from '../../../../src/model/random.ts';
import type { Store } from '../../../../storage/store.ts';
import { createFakeClock, type FakeClock } from '../../../support/fake-clock.ts';
import { createFixedRandom } from '../../../support/fixed-random.ts';
import { createModelStore } from '../../../support/model-store.ts';
import { call as callJson, exchange, type RawRequest, scope } from '../../sqs/call.ts';
import type { Json, JsonObject } from '../../sqs/cases/case.ts';
import { exchangeQuery } from '../../sqs/query/call.ts';
import { listen } from '../../sqs/serve-sqs.ts';

interface Failure {
  readonly code: string | undefined;
  readonly message: string | undefined;
}
export interface SnsAnswer {
  readonly status: number | undefined;
  readonly text: string;
  readonly output: JsonObject;
  readonly failure: Failure | undefined;
}
export type Wire = 'query' | 'json';

export interface PublishWorld {
  readonly clock: FakeClock;
  readonly broker: Broker;
  readonly reported: readonly unknown[];
  sns(operation: string, input: JsonObject, more?: { readonly wire?: Wire } & RawRequest): Promise<SnsAnswer>;
  sqs(operation: string, input: JsonObject, region?: string): Promise<JsonObject>;
  /** @returns its ARN */
  topic(name: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  /** A queue with a subscription to it. @returns its URL, which SQS takes */
  subscribed(topicArn: string, queue: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  /** Received, and left in flight. */
  messages(queue: string): Promise<readonly Received[]>;
  /** What `/_aws/sqs/messages` says, which leaves no trace. */
  peeked(queue: string): Promise<string>;
  /** Settles when the move task of a queue has ended. */
  moved(sourceArn: string): Promise<void>;
}
export interface Received {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, JsonObject>>;
}

interface WorldOptions extends Partial<Pick<SnsDependencies, 'destinations'>> {
  /** Default: the model store. */
  readonly openStore?: (parts: { readonly clock: FakeClock; readonly random: Random }) => Store;
}

/** A broker that serves SNS and SQS, stopped whatever happens. */
export async function withWorld(test: (world: PublishWorld) => Promise<void>, options: WorldOptions = {}) {
  const { openStore = createModelStore, destinations } = options;
  const clock = createFakeClock();
  const random = createFixedRandom();
  const store = openStore({ clock, random });
  await store.start();
  const envelopes = createEnvelopes(undefined, () => 'http://default.test');
  const broker = createBroker({ store, authorize: () => undefined, random, envelopes });
  await broker.start();
  const reported: unknown[] = [];
  const services = [createSns({ broker, clock, random, destinations }), createSqs({ broker, clock })];
  const front = createAwsFront({ services, report: (error) => reported.push(error), gates: { current: undefined } });
  const server = createServer((request, response) => {
    if (!front.handle(request, response)) response.writeHead(404).end();
  });
  const port = await listen(server);

  const sns: PublishWorld['sns'] = async (operation, input, { wire = 'query', ...more } = {}) => {
    if (wire === 'json') {
      const headers = { 'X-Amz-Target': `AmazonSimpleNotificationService.${operation}`, ...more.headers };
      const answer = await callJson({ port }, operation, input, { ...more, headers });
      const { message, __type } = answer.output;
      const code = answer.queryError?.split(';')[0] ?? String(__type);
      return { ...answer, failure: answer.status === 200 ? undefined : { code, message: String(message) } };
    }
    const body = snsParameters(operation, input).toString();
    const answer = await exchangeQuery({ port }, { body, ...more }, operation);
    const result = answer.root.children.find(({ name }) => name === `${operation}Result`);
    return { ...answer, output: result === undefined ? {} : objectOf(result.children), failure: answer.error };
  };
  const sqs = async (operation: string, input: JsonObject, region = 'us-east-1') => {
    const answer = await callJson({ port }, operation, input, { headers: scope('test', region) });
    if (answer.status !== 200) throw new Error(`${operation}: ${answer.text}`);
    return answer.output;
  };
  const world: PublishWorld = {
    ...{ clock, broker, reported, sns, sqs },
    async topic(name, attributes = {}) {
      const all = { ...(name.endsWith('.fifo') && { FifoTopic: 'true' }), ...attributes };
      return good(await sns('CreateTopic', { Name: name, Attributes: all })).TopicArn as string;
    },
    async subscribed(topicArn, queue, attributes = {}) {
      const fifo = queue.endsWith('.fifo') ? { Attributes: { FifoQueue: 'true' } } : {};
      await sqs('CreateQueue', { QueueName: queue, ...fifo });
      const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${queue}`;
      good(await sns('Subscribe', { TopicArn: topicArn, Protocol: 'sqs', Endpoint, Attributes: attributes }));
      return queue;
    },
    async messages(queue) {
      const names = { AttributeNames: ['All'], MessageAttributeNames: ['All'] };
      const { Messages = [] } = await sqs('ReceiveMessage', { QueueUrl: queue, MaxNumberOfMessages: 10, ...names });
      return JSON.parse(JSON.stringify(Messages));
    },
    async peeked(queue) {
      const headers = { Accept: 'application/json' };
      const { text } = await exchange({ port }, { path: `/_aws/sqs/messages?QueueUrl=${queue}`, headers });
      return text;
    },
    async moved(SourceArn) {
      for (let asked = 0; asked < 1_000; asked++) {
        const { Results } = await sqs('ListMessageMoveTasks', { SourceArn });
        if (JSON.stringify(Results).includes('"COMPLETED"')) return;
      }
      throw new Error('the move task does not end');
    },
  };
  try {
    await test(world);
  } finally {
    await broker.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await store.stop();
  }
}

/** @throws Error with the answer when it was none */
export function good({ status, output, text }: SnsAnswer): JsonObject {
  if (status !== 200) throw new Error(text);
  return output;
}

/** As SDKs spell it: lists `.member.N`, maps `.entry.N.key` and `.value`. */
function snsParameters(operation: string, input: JsonObject): URLSearchParams {
  const parameters = new URLSearchParams({ Action: operation, Version: '2010-03-31' });
  spell('', input);
  return parameters;

  function spell(name: string, value: Json): void {
    if (value === null) return;
    if (Array.isArray(value)) for (const [at, each] of value.entries()) spell(`${name}.member.${at + 1}`, each);
    else if (typeof value !== 'object') parameters.append(name, String(value));
    else if (/(^|\.)(Attributes|MessageAttributes)$/.test(name)) {
      const key = name.endsWith('MessageAttributes') ? ['Name', 'Value'] : ['key', 'value'];
      for (const [at, [own, each]] of Object.entries(value).entries()) {
        parameters.append(`${name}.entry.${at + 1}.${key[0]}`, own);
        spell(`${name}.entry.${at + 1}.${key[1]}`, each);
      }
    } else for (const [own, each] of Object.entries(value)) spell(name === '' ? own : `${name}.${own}`, each);
  }
}

type XmlElement = Awaited<ReturnType<typeof exchangeQuery>>['root'];

/** Lists of `<member>` are lists; `<Failed/>` is an empty one, as AWS writes it. */
function objectOf(elements: readonly XmlElement[]): JsonObject {
  return Object.fromEntries(elements.map((element) => [element.name, shownValue(element)]));
}

function shownValue({ name, children, text }: XmlElement): Json {
  if (children.length === 0) return name === 'Failed' || name === 'Successful' ? [] : text;
  return children.every((each) => each.name === 'member')
    ? children.map(({ children }) => objectOf(children))
    : objectOf(children);
}
