/** A broker over the model store with SNS and SQS in front, its gateway included; spoken to over HTTP as clients do. */
import { createServer } from 'node:http';
import { Gate } from '../../../protocols/aws/gate.ts';
import { createAwsFront } from '../../../protocols/aws/index.ts';
import type { Delivery } from '../../../protocols/sns/delivery/index.ts';
import { createDelivery } from '../../../protocols/sns/delivery/index.ts';
import type { OutboxEntry } from '../../../protocols/sns/delivery/outbox.ts';
import { createEnvelopes } from '../../../protocols/sns/envelope.ts';
import type { DeliveryStatus } from '../../../protocols/sns/gateway/delivery-status.ts';
import { createPushGateway } from '../../../protocols/sns/gateway/index.ts';
import { createSns, type SnsDependencies } from '../../../protocols/sns/index.ts';
import { createMobileSenders } from '../../../protocols/sns/mobile/senders.ts';
import { createSqs } from '../../../protocols/sqs/index.ts';
import { createBroker } from '../../../src/core/broker.ts';
import type { FunctionInvoker } from '../../../src/core/functions.ts';
import type { QueueAddress } from '../../../src/model/queue.ts';
import type { TopicAddress } from '../../../src/model/topic.ts';
import { createAuthorize } from '../../../src/security/authorize.ts';
import { createUsers, type UserRecord } from '../../../src/security/users.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFixedRandom } from '../../support/fixed-random.ts';
import { createModelStore } from '../../support/model-store.ts';
import { exchange, scope } from '../sqs/call.ts';
import { listen } from '../sqs/serve-sqs.ts';

export const account = '000000000000';
export const arnStart = `arn:aws:sns:us-east-1:${account}:`;
export const queueArn = (name: string, region = 'us-east-1') => `arn:aws:sqs:${region}:${account}:${name}`;

export interface TopicsOptions extends Pick<SnsDependencies, 'quotas' | 'signer'> {
  readonly functions?: FunctionInvoker;
  readonly users?: readonly UserRecord[];
}
interface XmlAnswer {
  readonly status: number | undefined;
  readonly xml: string;
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** The first element of a name. */
  text(element: string): string | undefined;
  /** `<entry><key>..</key><value>..</value></entry>`, and nothing else. */
  entries(): Record<string, string>;
}
export type Topics = Awaited<ReturnType<typeof serveTopics>>;

export async function withTopics(test: (topics: Topics) => Promise<void>, options: TopicsOptions = {}): Promise<void> {
  const topics = await serveTopics(options);
  try {
    await test(topics);
    if (topics.reported.length > 0) throw topics.reported[0];
  } finally {
    await topics.stop();
  }
}

async function serveTopics({ functions, users: records, ...options }: TopicsOptions) {
  const clock = createFakeClock();
  const random = createFixedRandom();
  const store = createModelStore({ clock, random });
  await store.start();
  const users = records && createUsers(records);
  const findTopic = (address: TopicAddress) => broker.topics.catalogue.find(address);
  const findQueue = (address: QueueAddress) => broker.catalogue.find(address);
  const authorize = users === undefined ? () => undefined : createAuthorize({ users, clock, findQueue, findTopic });
  const envelopes = createEnvelopes(options.signer, () => 'http://gantry.example');
  const broker = createBroker({ store, authorize, random, envelopes });
  await broker.start();
  const reported: unknown[] = [];
  const outbox: OutboxEntry[] = [];
  const statuses: DeliveryStatus[] = [];
  const defects: unknown[] = [];
  const failures: { readonly reason: string; readonly isGivenUp: boolean }[] = [];
  const delivery = deliveryInto(outbox, clock);
  const gateway = createPushGateway({
    ...{ clock, random, functions, delivery, mobile: createMobileSenders({ broker, provider: delivery }) },
    status: (status) => statuses.push(status),
    report: (error) => defects.push(error),
    failed: (_, { reason }, isGivenUp) => failures.push({ reason, isGivenUp }),
  });
  broker.topics.push.serve(gateway);
  const gates = { current: users && new Gate({ users, clock, isProxyTrusted: false }) };
  const services = [createSns({ broker, clock, random, ...options }), createSqs({ broker, clock })];
  const front = createAwsFront({ services, report: (error) => reported.push(error), gates });
  const server = createServer((request, response) => {
    if (!front.handle(request, response)) response.writeHead(404).end();
  });
  const port = await listen(server);

  /** A signed POST; parameters in the spelling of the protocol. */
  async function query(action: string, parameters: Readonly<Record<string, string>> = {}, region = 'us-east-1') {
    const body = new URLSearchParams({ Action: action, Version: '2010-03-31', ...parameters }).toString();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', ...scope('test', region) };
    return answerOf(await exchange({ port }, { method: 'POST', headers, body }));
  }

  /** As a browser follows a link: no credential. */
  async function follow(link: string) {
    const { pathname, search } = new URL(link);
    return answerOf(await exchange({ port }, { path: `${pathname}${search}` }));
  }

  async function createTopic(name: string) {
    const isFifo = name.endsWith('.fifo');
    const attributes = isFifo ? { 'Attributes.entry.1.key': 'FifoTopic', 'Attributes.entry.1.value': 'true' } : {};
    const arn = (await query('CreateTopic', { Name: name, ...attributes })).text('TopicArn');
    if (arn === undefined) throw new Error('no topic was made');
    return arn;
  }

  return {
    ...{ port, url: `http://127.0.0.1:${port}`, broker, clock, reported, outbox, statuses, failures, defects, gateway },
    ...{ query, follow, createTopic },
    subscribe: (topicArn: string, protocol: string, endpoint: string, attributes: Record<string, string> = {}) =>
      query('Subscribe', { TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint, ...entries(attributes) }),
    async stop() {
      await broker.stop();
      await gateway.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.stop();
    },
  };
}

/** `Attributes.entry.N` of a map. */
export function entries(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value], at) => [
      [`Attributes.entry.${at + 1}.key`, key],
      [`Attributes.entry.${at + 1}.value`, value],
    ]),
  );
}

function deliveryInto(outbox: OutboxEntry[], clock: Parameters<typeof createDelivery>[0]['clock']): Delivery {
  return createDelivery({
    clock,
    outbox: {
      append: async (entry) => void outbox.push(entry),
      list: async () => outbox,
      remove: async () => undefined,
    },
    ...{ isOpen: false, snsEndpointsAllow: [], snsProxy: undefined, smtpUrl: undefined, smtpFrom: 'a@b.example' },
    ...{ environment: {}, authorities: undefined },
  });
}

function answerOf({ status, text: xml }: { readonly status: number | undefined; readonly text: string }): XmlAnswer {
  const text = (element: string) => {
    const found = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
    return found === undefined ? undefined : unescaped(found);
  };
  return {
    ...{ status, xml, text },
    ...{ code: text('Code'), message: xml.includes('<Error>') ? text('Message') : undefined },
    entries: () =>
      Object.fromEntries(
        [...xml.matchAll(/<entry><key>([^<]*)<\/key><value>([^<]*)<\/value><\/entry>/g)].map(
          ([, key = '', value = '']) => [key, unescaped(value)],
        ),
      ),
  };
}

function unescaped(text: string): string {
  const characters: Readonly<Record<string, string>> = { quot: '"', lt: '<', gt: '>', apos: "'", '#39': "'", amp: '&' };
  return text.replace(/&(#?\w+);/g, (whole, name: string) => characters[name] ?? whole);
}

/** Signs nothing real, but so that a test sees what was signed. */
export const namingSigner: SnsDependencies['signer'] = {
  sign: async (fields, version) => `v${version}:${Object.keys(fields).sort().join(',')}`,
  certUrl: async (baseUrl) => `${baseUrl}/cert.pem`,
};
