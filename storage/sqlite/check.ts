import { GantryError } from '../../src/model/errors.ts';
import type { QueueId, QueueSettings } from '../store.ts';
import { isOver, sizeOf } from './append.ts';
import type { ChangeOp } from './change-op.ts';
import { deadLetterOf } from './dead-letter.ts';
import type { EngineState } from './engine-state.ts';
import type { AppendOp, OutcomeOp, SettleOp, TargetOp } from './post.ts';
import type { QueueState } from './queue-state.ts';
import { refusalOfSettings } from './queues.ts';
import { encodeKey, nextVersion, recordVersion, versionConflict } from './records.ts';
import { settleWouldBe, sizeOfSettled, type Was } from './settle.ts';

/**
 * Looks a batch through before anything of it is applied, each change as if those before it were done.
 * @returns why it is refused; undefined: every change of it will succeed
 */
export function refusalOfBatch(
  state: EngineState,
  changes: readonly ChangeOp[],
  isStrict: boolean,
  fullness: GantryError | undefined,
): GantryError | undefined {
  const check = new BatchCheck(state, isStrict, fullness);
  for (const change of changes) {
    const refusal = check.refusalOf(change);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

class BatchCheck {
  private readonly state: EngineState;
  private readonly isStrict: boolean;
  private readonly fullness: GantryError | undefined;
  private readonly versions = new Map<string, number>();
  private versionsForgotten: number;
  private readonly settled = new Map<string, OutcomeOp['type']>();
  private readonly created = new Set<QueueId>();
  private readonly added = new Map<number, { entries: number; bytes: number }>();

  constructor(state: EngineState, isStrict: boolean, fullness: GantryError | undefined) {
    this.state = state;
    this.isStrict = isStrict;
    this.fullness = fullness;
    this.versionsForgotten = state.versionsForgotten;
  }

  refusalOf(change: ChangeOp): GantryError | undefined {
    switch (change.do) {
      case 'append':
        return this.fullness ?? this.refusalOfAppend(change);
      case 'settle':
        return this.refusalOfSettle(change);
      case 'put':
      case 'forget':
        return this.refusalOfRecord(change);
      case 'create-queue': {
        if (this.state.queues.has(change.queue) || this.created.has(change.queue)) {
          return new GantryError('already-exists', `queue ${change.queue} exists already`);
        }
        this.created.add(change.queue);
        const { ownedBy } = change.settings;
        if (ownedBy !== undefined && !this.state.holders.has(ownedBy)) {
          return new GantryError('not-found', `no holder ${ownedBy} to own queue ${change.queue}`);
        }
        return refusalOfSettings(change.settings);
      }
      case 'alter-queue':
        return (
          refusalOfSettings(change.settings) ?? refusalOfGroups(this.state.queues.get(change.queue), change.settings)
        );
      case 'retain':
        return new GantryError('unsupported', 'this store has no retained messages yet');
      default:
        return undefined;
    }
  }

  private refusalOfAppend(op: AppendOp): GantryError | undefined {
    const bytes = sizeOf(op);
    for (const target of op.to) {
      const queue = this.state.queues.get(target.queue as QueueId);
      if (queue?.settings.limit?.onFull !== 'refuse' || this.isDuplicate(queue, target)) continue;
      const added = this.added.get(target.queue) ?? { entries: 0, bytes: 0 };
      const { limit } = queue.settings;
      const isTooMany = limit.entries !== undefined && queue.entries + added.entries + 1 > limit.entries;
      if (isTooMany || isOver(queue, added.bytes + bytes)) {
        return new GantryError('limit-exceeded', `queue ${target.queue} is full`);
      }
      this.added.set(target.queue, { entries: added.entries + 1, bytes: added.bytes + bytes });
    }
    return undefined;
  }

  /** It would be answered as one, and stores nothing. */
  private isDuplicate(queue: QueueState, { digest }: TargetOp): boolean {
    const { dedupWindowMs } = queue.settings;
    if (digest === undefined || dedupWindowMs === 0) return false;
    return this.state.dedup.find(queue.life, digest, this.state.now, dedupWindowMs) !== undefined;
  }

  private refusalOfSettle(op: SettleOp): GantryError | undefined {
    const key = `${op.receipt?.queue}/${op.receipt?.pos}`;
    const was = this.wasAfterOthers(op, this.settled.get(key));
    if (was === 'done') this.settled.set(key, op.as.type);
    if (was === 'done' && op.as.type === 'ack') this.free(op);
    if (!this.isStrict) return undefined;
    return was === 'done' ? undefined : new GantryError('receipt-invalid', `a settle of the batch would be ${was}`);
  }

  private wasAfterOthers(op: SettleOp, earlier: OutcomeOp['type'] | undefined): Was {
    const was = settleWouldBe(this.state, op);
    const queue = op.receipt === undefined ? undefined : this.state.queues.get(op.receipt.queue);
    if (earlier === undefined || earlier === 'extend' || queue === undefined) return was;
    if (earlier === 'ack' || (earlier === 'reject' && deadLetterOf(this.state, queue) !== undefined)) return 'gone';
    if (was !== 'done') return was;
    if (queue.isStrict) return 'expired';
    return op.as.type === 'ack' ? 'done' : 'not-leased';
  }

  /** An ack makes room for what the same batch appends after it. */
  private free(op: SettleOp): void {
    const size = sizeOfSettled(this.state, op);
    if (op.receipt === undefined || size === undefined) return;
    const added = this.added.get(op.receipt.queue) ?? { entries: 0, bytes: 0 };
    this.added.set(op.receipt.queue, { entries: added.entries - 1, bytes: added.bytes - size });
  }

  private refusalOfRecord(change: Extract<ChangeOp, { do: 'put' | 'forget' }>): GantryError | undefined {
    const key = encodeKey(change.key);
    const name = key.toString('hex');
    const version = this.versions.get(name) ?? recordVersion(this.state, key);
    if (change.ifVersion !== undefined && change.ifVersion !== version) {
      return versionConflict(change.key, change.ifVersion, version);
    }
    if (change.do === 'put') this.versions.set(name, nextVersion(version, this.versionsForgotten));
    else {
      this.versions.set(name, 0);
      this.versionsForgotten = Math.max(this.versionsForgotten, version);
    }
    return undefined;
  }
}

/** A strict queue keeps one order over all priorities: what waits would be lost to a window of the other kind. */
function refusalOfGroups(queue: QueueState | undefined, { groups }: QueueSettings): GantryError | undefined {
  if (queue === undefined || queue.isStrict === (groups === 'strict')) return undefined;
  return new GantryError('unsupported', `queue ${queue.id} cannot become ${groups} from ${queue.settings.groups}`, {
    hint: 'make another queue and move the messages',
  });
}
