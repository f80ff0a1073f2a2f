import type { Queue } from '../../src/model/queue.ts';
import { arnOf } from './names.ts';
import { rowsOf } from './queue-attributes.ts';

/** Attributes that nobody sets. */
const facts = {
  QueueArn: ({ address }: Queue) => arnOf(address),
  CreatedTimestamp: ({ createdAt }: Queue) => String(Math.floor(createdAt / 1000)),
  LastModifiedTimestamp: ({ modifiedAt }: Queue) => String(Math.floor(modifiedAt / 1000)),
  FifoQueue: ({ kind }: Queue) => (kind === 'fifo' ? 'true' : undefined),
} as const;

export const factNames = Object.keys(facts);

export type Shown = Readonly<Record<string, string>>;

/**
 * All attributes of a queue but its counts, as texts. Kept while the queue is as it is: a change of it makes another
 * object. Who watches a queue asks for them all the time (bench/front).
 */
export class ShownAttributes {
  private readonly byQueue = new WeakMap<Queue, Shown>();

  of(queue: Queue): Shown {
    const known = this.byQueue.get(queue);
    if (known !== undefined) return known;
    const shown: Record<string, string> = {};
    const add = (name: string, value: string | undefined): void => {
      if (value !== undefined) shown[name] = value;
    };
    for (const [name, of] of Object.entries(facts)) add(name, of(queue));
    for (const row of rowsOf(queue.kind)) add(row.name, row.show(queue));
    this.byQueue.set(queue, shown);
    return shown;
  }
}
