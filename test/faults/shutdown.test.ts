import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type LaunchedBroker, launch, temporaryFolder } from '../support/launch.ts';
import { listOf, textOf } from './support/fields.ts';
import { inspectStore } from './support/inspect.ts';
import { Consumer, Producer } from './support/load.ts';
import { answersOf, createSite, emptyOut } from './support/site.ts';
import { type Answer, Wire } from './support/wire.ts';

const producers = 200;
const consumers = 60;
const pollers = 100;
const answersBeforeSignal = 600;
const exitMsMax = 10_000;

async function start(dataDir: string): Promise<LaunchedBroker> {
  const broker = await launch({ dataDir });
  onTestFinished(async () => void (await broker.kill9()));
  return broker;
}

async function makeQueue(broker: LaunchedBroker, name: string): Promise<string> {
  const wire = await Wire.open(broker.endpoint);
  const { value } = await wire.call('CreateQueue', { QueueName: name });
  wire.close();
  return textOf(value, 'QueueUrl');
}

test('SIGTERM under load: all that is under way is answered, the exit is clean, nothing acknowledged is missing', async () => {
  const dataDir = await temporaryFolder();
  const broker = await start(dataDir);
  const site = createSite(await makeQueue(broker, 'busy'));
  const idleUrl = await makeQueue(broker, 'idle');
  const wires = await openAccepted(broker, producers + consumers);
  const polls = (await openAccepted(broker, pollers)).map((wire) => poll(wire, idleUrl));
  const enough = answersOf([site], answersBeforeSignal);
  site.isOpen = true;
  for (const [at, wire] of wires.entries()) {
    if (at < producers) new Producer(site, `p${at}`, 1).work(wire);
    else new Consumer(site).work(wire);
  }
  await enough;

  site.isOpen = false;
  const busy = wires.filter((wire) => wire.isBusy);
  const signalled = performance.now();
  broker.signal('SIGTERM');
  const exit = await broker.exited;
  const exitMs = performance.now() - signalled;
  await Promise.all(wires.map((wire) => wire.ended));
  const cutOff = wires.filter((wire) => wire.isCutOff).length;
  const polled = await Promise.all(polls);
  const second = await start(dataDir);
  site.ledger.restarted();
  await emptyOut(second.endpoint, site);

  expect(exit).toEqual({ code: 0, signal: null });
  expect(exitMs).toBeLessThan(exitMsMax);
  expect(busy.length).toBeGreaterThan(producers / 2);
  expect(cutOff).toBe(0);
  expect(polled.map(({ status }) => status)).toEqual(Array.from({ length: pollers }, () => 200));
  expect(polled.flatMap(({ value }) => listOf(value, 'Messages'))).toEqual([]);
  expect(site.refusals.filter((what) => !what.includes(' 503 '))).toEqual([]);
  expect(site.ledger.findings).toEqual([]);
  expect(await second.stop()).toEqual({ code: 0, signal: null });
  expect(inspectStore(dataDir)).toEqual([]);
});

test('a second SIGTERM ends at once what the first one waits for', async () => {
  const broker = await start(await temporaryFolder());
  const { hostname, port } = new URL(broker.endpoint);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined); // A reset is what it gets.
  onTestFinished(() => void socket.destroy());
  // A body that never comes whole keeps its request under way.
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AmazonSQS.ListQueues\r\nExpect: 100-continue\r\n');
  socket.write('Content-Length: 100\r\n\r\n');
  await once(socket, 'data'); // `100 Continue`: it has begun.

  broker.signal('SIGTERM');
  await untilRefused(broker.endpoint);
  const isStillThere = broker.output().stderr.includes('"stopped"') === false;
  const signalled = performance.now();
  broker.signal('SIGTERM');
  const exit = await broker.exited;

  expect(isStillThere).toBe(true);
  expect(exit).toEqual({ code: 143, signal: null });
  expect(performance.now() - signalled).toBeLessThan(2_000);
});

/** Node takes one connection out of the backlog in a turn: what is still in there when it stops was never begun. */
async function openAccepted(broker: LaunchedBroker, count: number): Promise<readonly Wire[]> {
  const wires = await Wire.openMany(broker.endpoint, count);
  await Promise.all(wires.map((wire) => wire.call('ListQueues', {})));
  return wires;
}

function poll(wire: Wire, queueUrl: string): Promise<Answer> {
  return wire.call('ReceiveMessage', { QueueUrl: queueUrl, WaitTimeSeconds: 20 });
}

/** The first signal has arrived when nobody is let in any more. */
async function untilRefused(endpoint: string): Promise<void> {
  for (;;) {
    const wire = await Wire.open(endpoint).catch(() => undefined);
    if (wire === undefined) return;
    wire.close();
  }
}
