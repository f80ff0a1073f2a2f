/**
 * Work on a store that uses every step of the engine: appends alone and to two queues at once, receives, settles,
 * records, purges; several in one turn of the event loop. Each call is told before it is made, and each answer after.
 */
import type {
  Batch,
  Change,
  Delivery,
  NewMessage,
  QueueId,
  QueueSettings,
  Store,
  Target,
} from '../../../storage/store.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import type { FixedRandom } from '../../support/fixed-random.ts';
import type { MessageKey } from '../ledger.ts';
import type { JournalLine } from './journal.ts';

export const leaseMs = 30_000;
const groups = 4;
const bodyBytesMax = 24 * 1024;
const settings = {
  groups: 'ignore',
  delayMs: 0,
  dedupWindowMs: 300_000,
  onExpiry: 'drop',
} as const satisfies QueueSettings;
const queueNames = ['plain', 'fifo', 'scrap'] as const;
type QueueName = (typeof queueNames)[number];

interface Held {
  readonly key: MessageKey;
  readonly delivery: Delivery;
}

export class StoreWork {
  private readonly store: Store;
  private readonly clock: FakeClock;
  private readonly random: FixedRandom;
  private readonly tell: (line: JournalLine) => void;
  private readonly queues = new Map<QueueName, QueueId>();
  private readonly sent = new Map<string, number>();
  private readonly held = new Map<QueueName, Held[]>([
    ['plain', []],
    ['fifo', []],
  ]);
  private generation = 0;

  constructor(store: Store, clock: FakeClock, random: FixedRandom, tell: (line: JournalLine) => void) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.tell = tell;
  }

  async createQueues(): Promise<void> {
    for (const queue of queueNames) {
      const id = this.store.newQueueId();
      await this.commit([
        { do: 'create-queue', queue: id, settings: queue === 'fifo' ? { ...settings, groups: 'strict' } : settings },
      ]);
      this.queues.set(queue, id);
      this.tell({ did: 'create', queue, id });
    }
  }

  /** One turn, all of it under way at the same time. */
  async turn(number: number): Promise<void> {
    const { random } = this;
    const work: Promise<void>[] = [this.append('plain'), this.append('fifo'), this.append('fifo'), this.appendToBoth()];
    work.push(this.receive('plain'), this.receive('fifo'), this.settle('plain'), this.settle('fifo'));
    work.push(this.put(number), this.appendScrap());
    if (random.below(6) === 0) work.push(this.purge());
    await Promise.all(work);
    this.clock.advance(random.below(3) === 0 ? 600 : 50);
  }

  private idOf(queue: QueueName): QueueId {
    const id = this.queues.get(queue);
    if (id === undefined) throw new Error(`no queue ${queue}`);
    return id;
  }

  private nextKey(group: string): MessageKey {
    const index = this.sent.get(group) ?? 0;
    this.sent.set(group, index + 1);
    return { group, index };
  }

  private async append(queue: QueueName): Promise<void> {
    const key = this.nextKey(`${queue}${this.random.below(groups)}`);
    await this.send([{ queue, key }], key);
  }

  /** One body under two references. */
  private async appendToBoth(): Promise<void> {
    const key = this.nextKey('both');
    await this.send(
      [
        { queue: 'fifo', key },
        { queue: 'plain', key },
      ],
      key,
    );
  }

  private async send(
    targets: readonly { readonly queue: QueueName; readonly key: MessageKey }[],
    key: MessageKey,
  ): Promise<void> {
    for (const target of targets) this.tell({ did: 'ask-send', ...target });
    const message = this.message(`${key.group}/${key.index}`);
    const to = targets.map(
      ({ queue }): Target => ({ queue: this.idOf(queue), ...(queue === 'fifo' ? fifoFields(key) : {}) }),
    );
    const [result] = await this.commit([{ do: 'append', message, to }]);
    if (result?.did !== 'append') throw new Error('an append was answered as something else');
    for (const [at, target] of targets.entries()) {
      const answer = result.targets[at];
      if (answer !== undefined && 'pos' in answer)
        this.tell({ did: 'send', ...target, id: hexOf(message.id), pos: answer.pos });
    }
  }

  private async appendScrap(): Promise<void> {
    const message = this.message(`scrap/${this.generation}`);
    await this.commit([{ do: 'append', message, to: [{ queue: this.idOf('scrap') }] }]);
  }

  private async purge(): Promise<void> {
    const { generation } = this;
    this.generation++;
    await this.commit([{ do: 'purge-queue', queue: this.idOf('scrap') }]);
    this.tell({ did: 'purge', generation });
  }

  private async put(record: number): Promise<void> {
    await this.commit([{ do: 'put', key: ['note', record], value: Buffer.from(String(record)) }]);
    this.tell({ did: 'put', record });
  }

  private async receive(queue: QueueName): Promise<void> {
    const asked = this.clock.now();
    const durability = this.random.below(4) === 0 ? 'disk' : 'memory';
    const lease = { forMs: leaseMs };
    const deliveries = await this.store.receive({ queue: this.idOf(queue), lease, deliveriesMax: 4, durability });
    const held = deliveries.map((delivery): Held => ({ key: keyOf(delivery), delivery }));
    const given = held.map(({ key, delivery }) => ({ key, id: hexOf(delivery.id) }));
    this.tell({ did: 'receive', queue, given, asked, answered: this.clock.now() });
    this.held.get(queue)?.push(...held);
  }

  private async settle(queue: QueueName): Promise<void> {
    const held = this.held.get(queue)?.splice(0, this.random.below(4)) ?? [];
    await Promise.all(held.map((one) => this.delete(queue, one)));
  }

  private async delete(queue: QueueName, { key, delivery }: Held): Promise<void> {
    this.tell({ did: 'ask-delete', queue, key });
    const [result] = await this.commit([{ do: 'settle', receipt: delivery.receipt, as: { type: 'ack' } }]);
    const isDone = result?.did === 'settle' && (result.was === 'done' || result.was === 'gone');
    this.tell({ did: 'delete', queue, key, isDone, at: this.clock.now() });
  }

  private async commit(changes: readonly Change[]) {
    const batch: Batch = { changes, durability: 'disk' };
    const result = await this.store.commit(batch);
    if (!result.ok) throw result.error;
    return result.changes;
  }

  private message(name: string): NewMessage {
    const body = Buffer.alloc(64 + this.random.below(bodyBytesMax), ' ');
    body.write(name);
    return { id: this.random.uuid(), head: Buffer.alloc(8), body, priority: 4 };
  }
}

export function fifoFields({ group, index }: MessageKey) {
  return { group, dedup: `${group}/${index}` };
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function nameOf({ body }: Pick<Delivery, 'body'>): string {
  return body instanceof Uint8Array ? Buffer.from(body).toString().trimEnd() : '';
}

export function keyOf(delivery: Pick<Delivery, 'body'>): MessageKey {
  const [group = '', index = ''] = nameOf(delivery).split('/');
  return { group, index: Number(index) };
}
