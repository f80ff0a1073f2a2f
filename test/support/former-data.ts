/** A data folder that some release left, as a client sees it: which queues, what about them, which messages, in which order. */
import { loadConfig } from '../../src/server/config.ts';
import { defaultParts } from '../../src/server/parts.ts';
import { createServer, type Server } from '../../src/server/server.ts';
import { fieldOf, listOf, textOf } from '../faults/support/fields.ts';
import { Wire } from '../faults/support/wire.ts';

/** Started, on the store's clock of that moment: what was sent then must not be too old now. */
export async function serveFolder(dataDir: string, at: number): Promise<Server> {
  const flags = { host: ['127.0.0.1'], httpPort: ['0'], dataDir: [dataDir], logLevel: ['off'] };
  const { config } = await loadConfig({ flags, environment: {} });
  const startedAt = Date.now();
  const server = createServer(
    config,
    { onBroken: (why) => Promise.reject(new Error(why)) },
    {
      openStore: (options) => {
        const { after } = options.clock;
        return defaultParts.openStore({ ...options, clock: { now: () => at + Date.now() - startedAt, after } });
      },
    },
  );
  await server.start();
  return server;
}

export async function wireTo(server: Server): Promise<Wire> {
  return await Wire.open(server.status.listeners.get('http')?.[0] ?? '');
}

/** Receives all that can be received now, for the length of a lease. */
export async function contentOf(wire: Wire): Promise<unknown> {
  const { value } = await wire.call('ListQueues', {});
  const urls = listOf(value, 'QueueUrls').map(String).sort();
  const queues = [];
  for (const url of urls) {
    const attributes = await wire.call('GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });
    const tags = await wire.call('ListQueueTags', { QueueUrl: url });
    queues.push({
      name: url.split('/').at(-1),
      attributes: fieldOf(attributes.value, 'Attributes'),
      tags: fieldOf(tags.value, 'Tags') ?? {},
      messages: await receiveAll(wire, url),
    });
  }
  return queues;
}

async function receiveAll(wire: Wire, url: string): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (;;) {
    const { value } = await wire.call('ReceiveMessage', {
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 600,
      MessageSystemAttributeNames: [
        'SentTimestamp',
        'MessageGroupId',
        'MessageDeduplicationId',
        'SequenceNumber',
        'ApproximateReceiveCount',
      ],
      MessageAttributeNames: ['All'],
    });
    const messages = listOf(value, 'Messages');
    if (messages.length === 0) return found;
    for (const message of messages) {
      found.push({
        id: textOf(message, 'MessageId'),
        body: textOf(message, 'Body'),
        attributes: fieldOf(message, 'Attributes'),
        messageAttributes: fieldOf(message, 'MessageAttributes') ?? {},
      });
    }
  }
}
