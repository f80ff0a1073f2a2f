/** SIGKILL while messages are published: what was acknowledged is in every queue that was subscribed, once and in order. */
import { expect, it } from 'vitest';
import { call } from '../protocols/sqs/call.ts';
import type { JsonObject } from '../protocols/sqs/cases/case.ts';
import { type LaunchedBroker, launch, temporaryFolder } from '../support/launch.ts';

const queueCount = 5;
const publisherCount = 6;
const rounds = 3;
const acknowledgedARound = 120;
const kinds = ['', '.fifo'] as const;
type Kind = (typeof kinds)[number];

const portOf = ({ endpoint }: LaunchedBroker) => ({ port: Number(new URL(endpoint).port) });
const topicArn = (kind: Kind) => `arn:aws:sns:us-east-1:000000000000:t${kind}`;
const queueNames = (kind: Kind) => Array.from({ length: queueCount }, (_, at) => `q${at}${kind}`);

async function sns(broker: LaunchedBroker, operation: string, input: JsonObject): Promise<JsonObject> {
  const headers = { 'X-Amz-Target': `AmazonSimpleNotificationService.${operation}` };
  const answer = await call(portOf(broker), operation, input, { headers });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.output;
}

async function makeAll(broker: LaunchedBroker): Promise<void> {
  for (const kind of kinds) {
    await sns(broker, 'CreateTopic', { Name: `t${kind}`, Attributes: kind === '' ? {} : { FifoTopic: 'true' } });
    for (const QueueName of queueNames(kind)) {
      const Attributes: JsonObject = kind === '' ? {} : { FifoQueue: 'true' };
      await call(portOf(broker), 'CreateQueue', { QueueName, Attributes });
      const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
      const RawMessageDelivery = 'true';
      await sns(broker, 'Subscribe', {
        ...{ TopicArn: topicArn(kind), Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery } },
      });
    }
  }
}

/** Publishes until the broker is gone, which it is as soon as so many are acknowledged. */
async function publishUntilKilled(
  broker: LaunchedBroker,
  round: number,
  acknowledged: Map<Kind, string[]>,
): Promise<void> {
  let count = 0;
  let killing: Promise<unknown> | undefined;
  const publisher = async (kind: Kind, number: number) => {
    for (let at = 0; killing === undefined; at++) {
      const Message = `${number}:${round * 1_000_000 + at}`;
      const ids = kind === '' ? {} : { MessageGroupId: `g${number}`, MessageDeduplicationId: Message };
      try {
        await sns(broker, 'Publish', { TopicArn: topicArn(kind), Message, ...ids });
      } catch {
        return; // It was killed: nobody knows.
      }
      acknowledged.get(kind)?.push(Message);
      if (++count === acknowledgedARound) killing = broker.kill9();
    }
  };
  const publishers = Array.from({ length: publisherCount }, (_, number) => publisher(kinds[number % 2] ?? '', number));
  await Promise.all(publishers);
  await killing;
}

async function drained(broker: LaunchedBroker, QueueUrl: string): Promise<readonly string[]> {
  const bodies: string[] = [];
  for (;;) {
    const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 };
    const { Messages } = (await call(portOf(broker), 'ReceiveMessage', input)).output;
    if (!Array.isArray(Messages)) return bodies;
    const Entries = Messages.map((message, at) => {
      const { Body, ReceiptHandle }: { Body: string; ReceiptHandle: string } = JSON.parse(JSON.stringify(message));
      bodies.push(Body);
      return { Id: `${at}`, ReceiptHandle };
    });
    await call(portOf(broker), 'DeleteMessageBatch', { QueueUrl, Entries });
  }
}

it('what was acknowledged before a SIGKILL is in every subscribed queue exactly once, in the order of its group', async () => {
  const dataDir = await temporaryFolder();
  const acknowledged = new Map<Kind, string[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round++) {
    const broker = await launch({ dataDir });
    if (round === 0) await makeAll(broker);
    await publishUntilKilled(broker, round, acknowledged);
  }

  const broker = await launch({ dataDir });
  try {
    for (const kind of kinds) {
      const all = await Promise.all(queueNames(kind).map((name) => drained(broker, name)));
      const [first = []] = all;
      expect(acknowledged.get(kind)?.length).toBeGreaterThan(100);
      for (const bodies of all) {
        expect(new Set(bodies).size, 'each once').toBe(bodies.length);
        expect(
          acknowledged.get(kind)?.filter((body) => !bodies.includes(body)),
          'none is missing',
        ).toEqual([]);
        expect(new Set(bodies), 'all queues have the same').toEqual(new Set(first));
        for (let number = 0; number < publisherCount && kind === '.fifo'; number++) {
          const own = bodies.filter((body) => body.startsWith(`${number}:`)).map((body) => Number(body.split(':')[1]));
          expect(own).toEqual(own.toSorted((left, right) => left - right));
        }
      }
    }
  } finally {
    await broker.stop();
  }
}, 60_000);
