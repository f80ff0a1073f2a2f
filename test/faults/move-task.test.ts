import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createFixedRandom, type FixedRandom } from '../support/fixed-random.ts';
import { type LaunchedBroker, launch, temporaryFolder } from '../support/launch.ts';
import { fieldOf, listOf, textOf } from './support/fields.ts';
import { inspectStore } from './support/inspect.ts';
import { Wire } from './support/wire.ts';

const seed = Number(process.env.GANTRY_SEED ?? Date.now() % 1_000_000);
const wiresOpen = 50;
const askedMax = 2_000;
/** What one commit moves at most (src/core/limits.ts), whose count a kill may keep from the record. */
const chunkMax = 256;

interface Move {
  readonly name: string;
  readonly messages: number;
  /** Sent to the source and dead-lettered there, so that they can go back. */
  readonly isRedriven: boolean;
  readonly rate: number | undefined;
  /** At each kill, after the start of the task or of the broker that found it. */
  readonly killMsMax: number;
  /** Of a kill, the task under way. */
  readonly killsMin: number;
}

const moves: readonly Move[] = [
  { name: 'back to its source at a rate', messages: 1_000, isRedriven: true, rate: 400, killMsMax: 400, killsMin: 2 },
  {
    name: 'to another queue at full speed',
    messages: 20_000,
    isRedriven: false,
    rate: undefined,
    killMsMax: 40,
    killsMin: 1,
  },
];

test.each(moves)('a task that moves $name goes on over kills, each message exactly once', { timeout: 180_000 }, run);

async function run(move: Move): Promise<void> {
  const random = createFixedRandom(seed);
  const dataDir = await temporaryFolder();
  let broker = await launch({ dataDir });
  const bodies = await fill(broker, move);
  const to = move.isRedriven ? 'source' : 'other';
  const input = {
    SourceArn: arn('dead'),
    ...(move.isRedriven ? {} : { DestinationArn: arn('other') }),
    ...(move.rate === undefined ? {} : { MaxNumberOfMessagesPerSecond: move.rate }),
  };
  expect(await ask(broker, 'StartMessageMoveTask', input)).toHaveProperty('TaskHandle');

  let kills = 0;
  let task = await taskOf(broker);
  while (textOf(task, 'Status') === 'RUNNING' && kills < 20) {
    await killSoon(broker, random, move.killMsMax);
    broker = await launch({ dataDir });
    task = await taskOf(broker);
    kills++;
  }
  task = await untilCompleted(broker);

  expect(kills, `GANTRY_SEED=${seed}`).toBeGreaterThanOrEqual(move.killsMin);
  expect(task).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesToMove: move.messages });
  const counted = Number(fieldOf(task, 'ApproximateNumberOfMessagesMoved'));
  expect(counted).toBeLessThanOrEqual(move.messages);
  expect(counted).toBeGreaterThanOrEqual(move.messages - kills * chunkMax);
  expect(await drain(broker, to), `GANTRY_SEED=${seed}`).toEqual(bodies);
  expect(await drain(broker, 'dead')).toEqual([]);
  await broker.stop();
  expect(inspectStore(dataDir)).toEqual([]);
}

async function fill(broker: LaunchedBroker, move: Move): Promise<readonly string[]> {
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 1 });
  for (const QueueName of ['dead', 'other', 'busy']) await ask(broker, 'CreateQueue', { QueueName });
  await ask(broker, 'CreateQueue', { QueueName: 'source', Attributes: { RedrivePolicy } });
  const bodies = Array.from({ length: move.messages }, (_, index) => String(index).padStart(8, '0'));
  const wires = await Wire.openMany(broker.endpoint, wiresOpen);
  const left = [...bodies];
  const QueueUrl = move.isRedriven ? 'source' : 'dead';
  await Promise.all(
    wires.map(async (wire) => {
      while (left.length > 0) {
        const Entries = left.splice(0, 10).map((MessageBody, at) => ({ Id: String(at), MessageBody }));
        const { value } = await wire.call('SendMessageBatch', { QueueUrl, Entries });
        expect(listOf(value, 'Successful')).toHaveLength(Entries.length);
      }
    }),
  );
  const receive = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
  if (move.isRedriven) await Promise.all(wires.map((wire) => untilEmpty(wire, receive)));
  for (const wire of wires) wire.close();
  return bodies;
}

/** The second receive of a message moves it. */
async function untilEmpty(wire: Wire, receive: object): Promise<void> {
  for (;;) {
    const { value } = await wire.call('ReceiveMessage', receive);
    if (listOf(value, 'Messages').length === 0) return;
  }
}

/** While others send: the kill is to meet commits that hold more than a chunk, and chunks that wait for others. */
async function killSoon(broker: LaunchedBroker, random: FixedRandom, killMsMax: number): Promise<void> {
  const wire = await Wire.open(broker.endpoint);
  const send = (): void =>
    wire.ask('SendMessage', { QueueUrl: 'busy', MessageBody: 'x' }, (answer) => {
      if (answer !== 'lost') send();
    });
  send();
  await setTimeout(random.below(killMsMax));
  await broker.kill9();
}

async function untilCompleted(broker: LaunchedBroker): Promise<unknown> {
  for (let asked = 0; asked < askedMax; asked++) {
    const task = await taskOf(broker);
    if (textOf(task, 'Status') !== 'RUNNING') return task;
    await setTimeout(20); // Nothing tells that a task has ended: clients ask.
  }
  throw new Error('the task does not end');
}

async function drain(broker: LaunchedBroker, QueueUrl: string): Promise<readonly string[]> {
  const wires = await Wire.openMany(broker.endpoint, wiresOpen);
  const bodies: string[] = [];
  const receive = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3_600 };
  await Promise.all(
    wires.map(async (wire) => {
      for (;;) {
        const { value } = await wire.call('ReceiveMessage', receive);
        const messages = listOf(value, 'Messages');
        if (messages.length === 0) return;
        for (const message of messages) bodies.push(textOf(message, 'Body'));
      }
    }),
  );
  for (const wire of wires) wire.close();
  return bodies.toSorted();
}

async function taskOf(broker: LaunchedBroker): Promise<unknown> {
  const answer = await ask(broker, 'ListMessageMoveTasks', { SourceArn: arn('dead') });
  return listOf(answer, 'Results')[0];
}

async function ask(broker: LaunchedBroker, operation: string, input: object): Promise<unknown> {
  const wire = await Wire.open(broker.endpoint);
  const { value } = await wire.call(operation, input);
  wire.close();
  return value;
}

function arn(name: string): string {
  return `arn:aws:sqs:us-east-1:000000000000:${name}`;
}
