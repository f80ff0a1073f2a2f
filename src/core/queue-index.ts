/**
 * The queues in memory, by address and by id, and which of them name an address as their dead letter. Names are put in
 * order when the first list asks for it and kept so from then on: a namespace that nobody lists pays nothing.
 */
import type { Namespace, QueueAddress, QueueId } from '../model/queue.ts';
import type { KnownQueue } from './queue-record.ts';
import { addressText } from './queue-record.ts';

interface NamespaceQueues {
  readonly byName: Map<string, KnownQueue>;
  names: string[] | undefined;
}

export class QueueIndex {
  private readonly regionsByAccount = new Map<string, Map<string, NamespaceQueues>>();
  private readonly queuesById = new Map<QueueId, KnownQueue>();
  private readonly sourcesByDeadLetter = new Map<string, Set<QueueId>>();

  find(address: QueueAddress): KnownQueue | undefined {
    return this.queuesOf(address)?.byName.get(address.name);
  }

  findById(id: QueueId): KnownQueue | undefined {
    return this.queuesById.get(id);
  }

  all(): Iterable<KnownQueue> {
    return this.queuesById.values();
  }

  list(namespace: Namespace, prefix: string, after: string | undefined, max: number): readonly KnownQueue[] {
    const queues = this.queuesOf(namespace);
    if (queues === undefined) return [];
    queues.names ??= [...queues.byName.keys()].sort(compareNames);
    const { names, byName } = queues;
    const found: KnownQueue[] = [];
    const isAfter = after !== undefined && after >= prefix;
    let index = place(names, isAfter ? after : prefix);
    if (isAfter && names[index] === after) index++;
    for (; index < names.length && found.length < max; index++) {
      const name = names[index];
      if (name === undefined || !name.startsWith(prefix)) break;
      const queue = byName.get(name);
      if (queue !== undefined) found.push(queue);
    }
    return found;
  }

  /** Those that name `deadLetter` in their redrive, whether it exists or not. */
  sourcesOf(deadLetter: QueueAddress): readonly KnownQueue[] {
    const ids = this.sourcesByDeadLetter.get(addressText(deadLetter));
    if (ids === undefined) return [];
    return [...ids].flatMap((id) => this.queuesById.get(id) ?? []);
  }

  /** In the place of the one that has the address, if any. @returns that one */
  set(queue: KnownQueue): KnownQueue | undefined {
    const queues = this.makeQueuesOf(queue.address);
    const { name } = queue.address;
    const before = queues.byName.get(name);
    if (before !== undefined) this.forget(before);
    else if (queues.names !== undefined) queues.names.splice(place(queues.names, name), 0, name);
    queues.byName.set(name, queue);
    this.queuesById.set(queue.id, queue);
    const deadLetter = queue.attributes.redrive?.deadLetter;
    if (deadLetter !== undefined) {
      const text = addressText(deadLetter);
      const sources = this.sourcesByDeadLetter.get(text);
      if (sources === undefined) this.sourcesByDeadLetter.set(text, new Set([queue.id]));
      else sources.add(queue.id);
    }
    return before;
  }

  remove(address: QueueAddress): KnownQueue | undefined {
    const queues = this.queuesOf(address);
    const queue = queues?.byName.get(address.name);
    if (queues === undefined || queue === undefined) return undefined;
    this.forget(queue);
    queues.byName.delete(address.name);
    queues.names?.splice(place(queues.names, address.name), 1);
    if (queues.byName.size === 0) this.dropNamespace(address);
    return queue;
  }

  private forget(queue: KnownQueue): void {
    this.queuesById.delete(queue.id);
    const deadLetter = queue.attributes.redrive?.deadLetter;
    if (deadLetter === undefined) return;
    const text = addressText(deadLetter);
    const sources = this.sourcesByDeadLetter.get(text);
    sources?.delete(queue.id);
    if (sources?.size === 0) this.sourcesByDeadLetter.delete(text);
  }

  private queuesOf(namespace: Namespace): NamespaceQueues | undefined {
    return this.regionsByAccount.get(namespace.account)?.get(namespace.region);
  }

  private makeQueuesOf({ account, region }: Namespace): NamespaceQueues {
    let regions = this.regionsByAccount.get(account);
    if (regions === undefined) {
      regions = new Map();
      this.regionsByAccount.set(account, regions);
    }
    let queues = regions.get(region);
    if (queues === undefined) {
      queues = { byName: new Map(), names: undefined };
      regions.set(region, queues);
    }
    return queues;
  }

  private dropNamespace({ account, region }: Namespace): void {
    const regions = this.regionsByAccount.get(account);
    regions?.delete(region);
    if (regions?.size === 0) this.regionsByAccount.delete(account);
  }
}

function compareNames(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Index of the first of the ordered `names` that is not before `name`. */
function place(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = names[middle];
    if (at !== undefined && at < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
