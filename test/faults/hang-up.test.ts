import { expect, onTestFinished, test } from 'vitest';
import { launch } from '../support/launch.ts';
import { listOf, textOf } from './support/fields.ts';
import { Wire } from './support/wire.ts';

const hangUps = 400;
const survivors = 20;
const senders = 30;
const messagesPerSender = 10;
const visibilitySeconds = 60;
const promptMsMax = 10_000;

test('receivers that hang up at the moment of the sends take no message with them', async () => {
  const broker = await launch();
  onTestFinished(async () => void (await broker.stop()));
  const maker = await Wire.open(broker.endpoint);
  const attributes = { VisibilityTimeout: String(visibilitySeconds) };
  const { value } = await maker.call('CreateQueue', { QueueName: 'q', Attributes: attributes });
  const queueUrl = textOf(value, 'QueueUrl');
  const leaving = await Wire.openMany(broker.endpoint, hangUps);
  const staying = await Wire.openMany(broker.endpoint, survivors);
  const sending = await Wire.openMany(broker.endpoint, senders);
  const receive = { QueueUrl: queueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 1 };
  for (const wire of leaving) wire.ask('ReceiveMessage', receive, () => undefined);
  await maker.call('GetQueueAttributes', { QueueUrl: queueUrl, AttributeNames: ['All'] });
  const collected = collect(staying, queueUrl, senders * messagesPerSender);

  // In one turn: half of them leave before the sends are out, half after.
  const started = performance.now();
  for (const wire of leaving.slice(0, hangUps / 2)) wire.close();
  const sent = sending.map((wire, sender) => wire.call('SendMessageBatch', batchOf(queueUrl, sender)));
  for (const wire of leaving.slice(hangUps / 2)) wire.close();
  const answers = await Promise.all(sent);
  const received = await collected;
  const tookMs = performance.now() - started;

  const expected = Array.from({ length: senders }, (_, sender) => bodiesOf(sender)).flat();
  expect(answers.flatMap((answer) => listOf(answer.value, 'Successful'))).toHaveLength(expected.length);
  expect([...received].toSorted()).toEqual(expected.toSorted());
  expect(tookMs).toBeLessThan(promptMsMax);
});

function bodiesOf(sender: number): readonly string[] {
  return Array.from({ length: messagesPerSender }, (_, message) => `${sender}/${message}`);
}

function batchOf(queueUrl: string, sender: number) {
  return { QueueUrl: queueUrl, Entries: bodiesOf(sender).map((body, at) => ({ Id: `${at}`, MessageBody: body })) };
}

/** Settles when so many different messages have been received; each is received once, for nobody deletes. */
function collect(wires: readonly Wire[], queueUrl: string, count: number): Promise<ReadonlySet<string>> {
  const bodies = new Set<string>();
  return new Promise((resolve, reject) => {
    const ask = (wire: Wire): void =>
      wire.ask('ReceiveMessage', { QueueUrl: queueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 }, (answer) => {
        if (answer === 'lost') return reject(new Error('a connection was lost'));
        for (const message of listOf(answer.value, 'Messages')) bodies.add(textOf(message, 'Body'));
        if (bodies.size === count) resolve(bodies);
        else ask(wire);
      });
    for (const wire of wires) ask(wire);
  });
}
