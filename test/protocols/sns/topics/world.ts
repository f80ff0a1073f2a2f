import { createServer } from 'node:http';
import { Gate } from '../../../../protocols/aws/gate.ts';
import { type AwsFrontDependencies, createAwsFront } from '../../../../protocols/aws/index.ts';
import { createSns } from '../../../../protocols/sns/index.ts';
import { createSqs } from '../../../../protocols/sqs/index.ts';
import type { Authorize } from '../../../../src/core/authorize.ts';
import { type Broker, createBroker } from '../../../../src/core/broker.ts';
import { createAuthorize } from '../../../../src/security/authorize.ts';
import { createUsers, type UserRecord } from '../../../../src/security/users.ts';
import { createFakeClock, type FakeClock } from '../../../support/fake-clock.ts';
import { createFixedRandom } from '../../../support/fixed-random.ts';
import { createModelStore } from '../../../support/model-store.ts';
import { signed } from '../../aws/sigv4/sign.ts';
import { exchange, scope } from '../../sqs/call.ts';
import type { Json, JsonObject } from '../../sqs/cases/case.ts';
import { child, type Element, parseXml, textAt } from '../../sqs/query/xml.ts';
import { listen } from '../../sqs/serve-sqs.ts';
import type { Key } from '../../sqs/signed-call.ts';

export type Wire = 'query' | 'json';
interface Answer {
  readonly status: number | undefined;
  readonly text: string;
  readonly hint: string | undefined;
  readonly output: JsonObject;
  /** `InvalidParameter: Invalid parameter: Topic Name` */
  readonly error: string | undefined;
}
interface Asking {
  readonly wire?: Wire;
  readonly region?: string;
  readonly account?: string;
  /** Signed by it; without users a key is no more than a name. */
  readonly key?: Key;
  readonly isUnsigned?: boolean;
}

export interface World {
  readonly url: string;
  readonly port: number;
  readonly clock: FakeClock;
  readonly broker: Broker;
  readonly reported: readonly unknown[];
  sns(operation: string, input: JsonObject, asking?: Asking): Promise<Answer>;
  /** @throws Error with the answer where it is none */
  good(operation: string, input: JsonObject, asking?: Asking): Promise<JsonObject>;
  sqs(operation: string, input: JsonObject, asking?: Asking): Promise<Answer>;
  /** @returns its ARN */
  topic(name: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  attributes(arn: string): Promise<Readonly<Record<string, string>>>;
}
interface WorldOptions extends Partial<Pick<AwsFrontDependencies, 'hint' | 'refused'>> {
  readonly users?: readonly UserRecord[];
  readonly authorize?: Authorize;
}

/** A broker that serves SNS and SQS over the model store, stopped whatever happens. */
export async function withWorld(test: (world: World) => Promise<void>, options: WorldOptions = {}): Promise<void> {
  const clock = createFakeClock();
  const random = createFixedRandom();
  const store = createModelStore({ clock, random });
  await store.start();
  const users = options.users === undefined ? undefined : createUsers(options.users);
  const authorize: Authorize =
    users === undefined
      ? (options.authorize ?? (() => undefined))
      : createAuthorize({
          ...{ users, clock },
          findQueue: (address) => broker.catalogue.find(address),
          findTopic: (address) => broker.topics.catalogue.find(address),
        });
  const broker: Broker = createBroker({ store, authorize, random });
  await broker.start();
  const reported: unknown[] = [];
  const gates = { current: users === undefined ? undefined : new Gate({ users, clock, isProxyTrusted: false }) };
  const services = [createSqs({ broker, clock }), createSns({ broker, clock, random })];
  const { hint, refused } = options;
  const telling = { ...(hint !== undefined && { hint }), ...(refused !== undefined && { refused }) };
  const front = createAwsFront({ services, report: (error) => reported.push(error), gates, ...telling });
  const server = createServer((request, response) => {
    if (!front.handle(request, response)) response.writeHead(404).end();
  });
  const port = await listen(server);
  const ask = (service: 'sns' | 'sqs') => (operation: string, input: JsonObject, asking?: Asking) =>
    send({ port, clock }, service, operation, input, asking);
  const sns = ask('sns');
  const good: World['good'] = async (operation, input, asking) => {
    const { output, status, text } = await sns(operation, input, asking);
    if (status !== 200) throw new Error(`${operation}: ${text}`);
    return output;
  };
  const world: World = {
    ...{ url: `http://127.0.0.1:${port}`, port, clock, broker, reported },
    ...{ sns, good, sqs: ask('sqs') },
    async topic(name, given = {}) {
      const Attributes = { ...(name.endsWith('.fifo') && { FifoTopic: 'true' }), ...given };
      return String((await good('CreateTopic', { Name: name, Attributes })).TopicArn);
    },
    async attributes(TopicArn) {
      const { Attributes } = await good('GetTopicAttributes', { TopicArn }, { wire: 'json' });
      return JSON.parse(JSON.stringify(Attributes));
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

async function send(
  { port, clock }: { readonly port: number; readonly clock: FakeClock },
  service: 'sns' | 'sqs',
  operation: string,
  input: JsonObject,
  { wire = 'query', region = 'us-east-1', account = 'test', key, isUnsigned = false }: Asking = {},
): Promise<Answer> {
  const isQuery = wire === 'query' && service === 'sns';
  const target = service === 'sns' ? 'AmazonSimpleNotificationService' : 'AmazonSQS';
  const body = isQuery ? parametersOf(operation, input).toString() : JSON.stringify(input);
  const plain = {
    Host: `127.0.0.1:${port}`,
    'Content-Type': isQuery ? 'application/x-www-form-urlencoded; charset=utf-8' : 'application/x-amz-json-1.0',
    ...(isQuery ? {} : { 'X-Amz-Target': `${target}.${operation}` }),
  };
  const request = { method: 'POST', url: '/', headers: plain, body };
  const signing = key && { keyId: key.id, secret: key.secret, at: clock.now(), region, service };
  const own = isUnsigned ? {} : scope(account, region);
  const headers = signing === undefined ? { ...plain, ...own } : signed(request, signing);
  const answer = await exchange({ port }, { method: 'POST', headers, body });
  const hint = answer.headers['x-gantry-hint'];
  const read = isQuery ? readXml(operation, answer.text) : readJson(answer);
  return { ...read, status: answer.status, text: answer.text, hint: typeof hint === 'string' ? hint : undefined };
}

function readJson({ status, output, queryError }: Awaited<ReturnType<typeof exchange>>) {
  if (status === 200) return { output, error: undefined };
  const code = queryError?.split(';')[0] ?? String(output.__type);
  return { output: {}, error: `${code}: ${String(output.message)}` };
}

function readXml(operation: string, text: string) {
  const root = parseXml(text);
  const error = child(root, 'Error');
  const result = child(root, `${operation}Result`);
  return {
    output: result === undefined ? {} : structureOf(result),
    error: error === undefined ? undefined : `${textAt(error, 'Code')}: ${textAt(error, 'Message')}`,
  };
}

const lists = new Set(['Tags', 'Topics']);

/** An empty list is an element without anything in it [sqs-sns 0.1]. */
function jsonOf({ name, children, text }: Element): Json {
  if (lists.has(name)) return children.map((each) => structureOf(each));
  if (name === 'Attributes') {
    return Object.fromEntries(children.map((each) => [textAt(each, 'key') ?? '', textAt(each, 'value') ?? '']));
  }
  return text;
}

function structureOf({ children }: Element): JsonObject {
  return Object.fromEntries(children.map((each) => [each.name, jsonOf(each)]));
}

/** As SDKs spell it: lists `.member.N`, maps `.entry.N.key` and `.value`. */
function parametersOf(operation: string, input: JsonObject): URLSearchParams {
  const parameters = new URLSearchParams({ Action: operation, Version: '2010-03-31' });
  for (const [name, value] of Object.entries(input)) spell(name, value);
  return parameters;

  function spell(name: string, value: Json): void {
    if (value === null) return;
    if (Array.isArray(value)) for (const [at, each] of value.entries()) spell(`${name}.member.${at + 1}`, each);
    else if (typeof value !== 'object') parameters.append(name, String(value));
    else if (name === 'Attributes') {
      for (const [at, [key, each]] of Object.entries(value).entries()) {
        parameters.append(`${name}.entry.${at + 1}.key`, key);
        spell(`${name}.entry.${at + 1}.value`, each);
      }
    } else for (const [key, each] of Object.entries(value)) spell(`${name}.${key}`, each);
  }
}
