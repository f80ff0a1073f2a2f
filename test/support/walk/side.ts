import type {
  BatchResult,
  ChangeResult,
  ConsumerId,
  Delivery,
  HolderId,
  QueueId,
  Receipt,
  Store,
} from '../../../storage/store.ts';

/**
 * One of the two stores of a walk, with the names that it gave: the same place in each list is the same thing on both
 * sides. Ids of queues are the same, for the caller of `create-queue` chooses them.
 */
export interface Side {
  store: Store;
  readonly receipts: Receipt[];
  readonly holders: HolderId[];
  readonly consumers: WalkedConsumer[];
  /** By queue and message id. */
  readonly positions: Map<string, number>;
}

interface WalkedConsumer {
  readonly id: ConsumerId;
  readonly queue: QueueId;
}

export function createSide(store: Store): Side {
  return { store, receipts: [], holders: [], consumers: [], positions: new Map() };
}

/** What a call answered: `seen` is compared, the rest is noted by each side under the next place of its list. */
export interface Answer {
  readonly seen: unknown;
  readonly receipts?: readonly Receipt[];
  readonly holder?: HolderId;
  readonly consumer?: WalkedConsumer;
  readonly positions?: ReadonlyMap<string, number>;
  /** It changed something that is on disk now; all else a crash may forget. */
  readonly isOnDisk?: boolean;
}

export interface Action {
  /** For the trail that a failure prints. */
  readonly name: string;
  run(side: Side): Promise<Answer>;
  /** The queue that it receives from; `open`: the model's consumers. */
  from?(model: Side, open: ReadonlyMap<ConsumerId, { readonly queue: QueueId }>): QueueId | undefined;
}

export function note(side: Side, { receipts, holder, consumer, positions }: Answer): void {
  if (receipts !== undefined) side.receipts.push(...receipts);
  if (holder !== undefined) side.holders.push(holder);
  if (consumer !== undefined) side.consumers.push(consumer);
  for (const [key, pos] of positions ?? []) side.positions.set(key, pos);
}

const hex = (bytes: Uint8Array | undefined) => (bytes === undefined ? '' : Buffer.from(bytes).toString('hex'));
export const placeOf = (queue: QueueId, id: Uint8Array) => `${queue}/${hex(id)}`;

/** A delivery without what each engine names in its own way. `isRedelivered` may be true without need after a crash. */
export function seenDelivery(delivery: Omit<Delivery, 'receipt'>) {
  const {
    queue,
    id,
    head,
    body,
    note: noted,
    tag,
    appendedAt,
    firstReceivedAt,
    deliveries,
    deadLetteredFrom,
  } = delivery;
  return {
    queue,
    id: hex(id),
    head: hex(head),
    body: body instanceof Uint8Array ? hex(body) : 'not whole',
    note: hex(noted),
    tag,
    appendedAt,
    firstReceivedAt: deliveries === 0 ? undefined : firstReceivedAt,
    deliveries,
    from: deadLetteredFrom?.queue,
  };
}

export function seenError(error: unknown): string {
  return `error ${error instanceof Error && 'code' in error ? error.code : String(error)}`;
}

/** @param places of the appended messages, in the order of their changes */
export function seenBatch(result: BatchResult, places: readonly (readonly string[])[]): Answer {
  if (!result.ok) return { seen: seenError(result.error) };
  const positions = new Map<string, number>();
  const appends = result.changes.filter((change) => change.did === 'append');
  for (const [index, { targets }] of appends.entries()) {
    for (const [place, target] of targets.entries()) {
      if ('pos' in target) positions.set(places[index]?.[place] ?? '', target.pos);
    }
  }
  return {
    seen: { at: result.at, changes: result.changes.map(seenChange) },
    positions,
    isOnDisk: result.changes.some(isEffect),
  };
}

function isEffect(change: ChangeResult): boolean {
  if (change.did === 'append') return change.targets.some((target) => 'pos' in target);
  return change.did !== 'settle' || change.was === 'done';
}

function seenChange(change: ChangeResult) {
  if (change.did !== 'append') return change;
  return change.targets.map((target) => {
    if ('pos' in target) return 'stored';
    return 'duplicateOf' in target ? `duplicate of ${hex(target.duplicateOf.id)}` : 'dropped';
  });
}

/** What no store ever gave. */
export const forgedReceipt = 'forged' as Receipt;
