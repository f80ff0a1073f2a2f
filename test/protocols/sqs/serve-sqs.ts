import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Gate } from '../../../protocols/aws/gate.ts';
import { type AwsFrontDependencies, createAwsFront } from '../../../protocols/aws/index.ts';
import { createSqs, type SqsDependencies } from '../../../protocols/sqs/index.ts';
import { createSts } from '../../../protocols/sts/index.ts';
import type { Authorize } from '../../../src/core/authorize.ts';
import { type Broker, createBroker } from '../../../src/core/broker.ts';
import type { QueueAddress } from '../../../src/model/queue.ts';
import type { Random } from '../../../src/model/random.ts';
import type { TopicAddress } from '../../../src/model/topic.ts';
import { createAuthorize } from '../../../src/security/authorize.ts';
import { createUsers, type UserRecord } from '../../../src/security/users.ts';
import type { Store } from '../../../storage/store.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { createFixedRandom } from '../../support/fixed-random.ts';
import { createModelStore } from '../../support/model-store.ts';

/** A broker over the model store behind a real HTTP server on a free port of the loopback. */
export interface SqsServer {
  readonly url: string;
  readonly port: number;
  readonly clock: FakeClock;
  readonly broker: Broker;
  /** Failures of the broker's own; a test that meets none leaves it empty. */
  readonly reported: readonly unknown[];
  stop(): Promise<void>;
}

export type SqsServerOptions = Omit<Partial<SqsDependencies>, 'broker' | 'clock'> &
  Omit<Partial<AwsFrontDependencies>, 'services' | 'report'> & {
    /** Stands between the protocol and the broker, to make it fail. */
    readonly wrap?: (broker: Broker) => Broker;
    readonly authorize?: Authorize;
    readonly leasedMax?: number;
    /** Default: the model store. It is started here, and stopped with the server. */
    readonly openStore?: (parts: { readonly clock: FakeClock; readonly random: Random }) => Store;
    /** Given, signatures are verified and policies asked. */
    readonly users?: readonly UserRecord[];
  };

export async function serveSqs({
  wrap,
  authorize: given = () => undefined,
  leasedMax,
  openStore = createModelStore,
  users: records,
  ...options
}: SqsServerOptions = {}): Promise<SqsServer> {
  const clock = createFakeClock();
  const users = records === undefined ? undefined : createUsers(records);
  const findQueue = (address: QueueAddress) => broker.catalogue.find(address);
  const findTopic = (address: TopicAddress) => broker.topics.catalogue.find(address);
  const authorize = users === undefined ? given : createAuthorize({ users, clock, findQueue, findTopic });
  const random = createFixedRandom();
  const store = openStore({ clock, random });
  await store.start();
  const broker: Broker = createBroker({ store, authorize, random, leasedMax });
  await broker.start();
  const reported: unknown[] = [];
  const sqs = createSqs({ broker: wrap?.(broker) ?? broker, clock, ...options });
  const { isProxyTrusted = false } = options;
  const gates = { current: users === undefined ? undefined : new Gate({ users, clock, isProxyTrusted }) };
  const services = [sqs, createSts({ clock, random })];
  const front = createAwsFront({ services, report: (error) => reported.push(error), gates, ...options });
  const server = createServer((request, response) => {
    if (!front.handle(request, response)) response.writeHead(404, { 'X-Answered-By': 'router' }).end();
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    ...{ port, clock, broker, reported },
    async stop() {
      await broker.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.stop();
    },
  };
}

export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'));
      else resolve(address.port);
    });
  });
}
