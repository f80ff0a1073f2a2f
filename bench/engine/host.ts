/** The store alone in a process: no protocol, no core, one queue, and commits of a chosen size. */
import { performance } from 'node:perf_hooks';
import { bodyBytes } from '../../src/cli/bench/load/requests.ts';
import { residentBytes, sampleProcess, usageBetween } from '../../src/cli/bench/measure.ts';
import { untilQuiet } from '../../src/cli/bench/turn.ts';
import { encodeHead } from '../../src/model/head.ts';
import type { QueueId } from '../../src/model/queue.ts';
import type { Change, Receipt, Store } from '../../storage/store.ts';
import { fillStore } from '../fill.ts';
import { openStore, random } from '../open-store.ts';
import type { EngineReply, EngineRequest } from './plan.ts';

const queueName = 'engine';
const fillAgoMs = 3_600_000;
const leaseMs = 3_600_000;

export class EngineHost {
  private open: { readonly store: Store; readonly queue: QueueId } | undefined;
  private number = 0;
  private stored = 0;

  async answer(request: EngineRequest): Promise<EngineReply | undefined> {
    if (request.ask === 'run') return await this.run(request.rounds, request.messages);
    const { dataFolder, waiting } = request;
    const filling = await openStore({ dataFolder, synchronous: 'OFF', agoMs: fillAgoMs });
    await fillStore(filling, { queue: queueName, messages: waiting, groups: 1 });
    await filling.stop();
    const store = await openStore({ dataFolder, synchronous: 'FULL', agoMs: 0 });
    const queue = await theQueue(store);
    this.open = { store, queue };
    this.stored = waiting;
    return undefined;
  }

  private async run(rounds: number, messages: number): Promise<EngineReply> {
    if (this.open === undefined) throw new Error('open first');
    const { store, queue } = this.open;
    await untilQuiet(process.pid);
    const commitsBefore = store.measures().commits;
    const before = sampleProcess(process.pid);
    const startedAt = performance.now();
    for (let round = 0; round < rounds; round++) await this.round(store, queue, messages);
    const ms = performance.now() - startedAt;
    await untilQuiet(process.pid); // What is put off belongs to the messages that caused it.
    const usage = usageBetween(before, sampleProcess(process.pid));
    return {
      messages: rounds * messages,
      ms,
      commits: store.measures().commits - commitsBefore,
      cpuUs: usage.cpuUs ?? Number.NaN,
      writtenBytes: usage.writtenBytes,
      residentBytes: residentBytes(process.pid),
      threads: usage.threads,
      failures: await this.check(store, queue),
    };
  }

  /** The calls of one turn make one post, and one post one commit. */
  private async round(store: Store, queue: QueueId, messages: number): Promise<void> {
    const appends = Array.from({ length: messages }, () => this.newAppend(queue));
    await commitAll(store, appends);
    const receipts = await receiveAll(store, queue, messages);
    await commitAll(
      store,
      receipts.map((receipt): Change => ({ do: 'settle', queue, receipt, as: { type: 'ack' } })),
    );
    this.stored += messages - receipts.length;
  }

  private newAppend(queue: QueueId): Change {
    const body = Buffer.alloc(bodyBytes, 0x78);
    body.write(String(this.number++).padStart(16, '0'));
    const head = encodeHead(
      {
        bodyKind: 'text',
        senderId: '000000000000',
        bodyMd5: Buffer.from(random.bytes(16)).toString('hex'),
        sentAt: Date.now(),
      },
      [],
    );
    return { do: 'append', message: { id: random.uuid(), head, body, priority: 4 }, to: [{ queue }] };
  }

  private async check(store: Store, queue: QueueId): Promise<readonly string[]> {
    const [tally] = await store.tallies([queue]);
    const found = tally === undefined ? 0 : tally.waiting + tally.delayed + tally.leased;
    return found === this.stored ? [] : [`${this.stored} messages must be there, ${found} are`];
  }
}

async function commitAll(store: Store, changes: readonly Change[]): Promise<void> {
  const results = await Promise.all(changes.map((change) => store.commit({ changes: [change], durability: 'disk' })));
  for (const result of results) {
    if (!result.ok) throw result.error;
    const [change] = result.changes;
    if (change?.did === 'settle' && change.was !== 'done') throw new Error(`a settle was ${change.was}`);
  }
}

/** In tens, as SQS asks for them. */
async function receiveAll(store: Store, queue: QueueId, messages: number): Promise<readonly Receipt[]> {
  const requests = [];
  for (let left = messages; left > 0; left -= 10)
    requests.push(
      store.receive({ queue, lease: { forMs: leaseMs }, deliveriesMax: Math.min(10, left), durability: 'memory' }),
    );
  const receipts = (await Promise.all(requests)).flatMap((deliveries) =>
    deliveries.map((delivery) => delivery.receipt),
  );
  if (receipts.length !== messages) throw new Error(`${messages} messages must be received, ${receipts.length} were`);
  return receipts;
}

async function theQueue(store: Store): Promise<QueueId> {
  const { createBroker } = await import('../../src/core/broker.ts');
  const broker = createBroker({ store, authorize: () => undefined, random });
  await broker.start();
  const [queue] = broker.catalogue.all();
  await broker.stop();
  if (queue === undefined) throw new Error('the filled queue is gone');
  return queue.id;
}
