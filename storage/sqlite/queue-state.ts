import type { Instant, QueueId, QueueSettings, Tally } from '../store.ts';
import type { Window } from './window.ts';

export type Totals = { -readonly [K in keyof Tally['total']]: number };

/** What the engine knows of one queue; the dense row `tally` on disk holds what a crash must not lose. */
export class QueueState {
  readonly id: QueueId;
  /** Short number for the columns of `Entries`. */
  readonly index: number;
  life: number;
  settings: QueueSettings;
  nextPos = 1;
  /** Positions up to here may have been handed out without a trace on disk. */
  handedTo = 0;
  /** After a crash: those up to here that show no delivery may have had one. */
  suspectTo = 0;
  entries = 0;
  /** Entries were moved in with the age that they had: the oldest need not be in front. */
  hasMixedAges = false;
  /** Where the walk over mixed ages goes on. */
  retentionWalk = { rank: 0, pos: 0, oldestAt: Number.POSITIVE_INFINITY };
  delayed = 0;
  leased = 0;
  /** Some message of this life has a group, as far as was seen since the start. */
  hasGroups = false;
  bytes = 0;
  appendedBytes = 0;
  total: Totals = { appended: 0, duplicate: 0, delivered: 0, acked: 0, expired: 0, deadLettered: 0, dropped: 0 };
  isTallyDirty = false;
  /** What is in memory of the queue; undefined while nobody receives from it. */
  window: Window | undefined;
  receivedAt: Instant = 0;
  /** No entry can pass its retention before then; 0: look. */
  retentionCheckAt: Instant = 0;
  /** In flight by lane, where lanes matter (fair: who is noisy; strict: groups leased). */
  readonly leasedByLane = new Map<number, number>();

  constructor(id: QueueId, index: number, life: number, settings: QueueSettings) {
    this.id = id;
    this.index = index;
    this.life = life;
    this.settings = settings;
  }

  get waiting(): number {
    return this.entries - this.delayed - this.leased;
  }

  get isStrict(): boolean {
    return this.settings.groups === 'strict';
  }

  leaseBegan(lane: number): void {
    this.leased++;
    if (lane !== 0 || this.settings.groups === 'fair')
      this.leasedByLane.set(lane, (this.leasedByLane.get(lane) ?? 0) + 1);
  }

  leaseEnded(lane: number): void {
    this.leased--;
    if (!this.leasedByLane.has(lane)) return;
    const left = (this.leasedByLane.get(lane) ?? 1) - 1;
    if (left > 0) this.leasedByLane.set(lane, left);
    else this.leasedByLane.delete(lane);
  }

  /** A purge: nothing of the former life is left but the totals. */
  renew(life: number): void {
    this.life = life;
    this.handedTo = 0;
    this.suspectTo = 0;
    this.entries = 0;
    this.hasMixedAges = false;
    this.hasGroups = false;
    this.delayed = 0;
    this.leased = 0;
    this.bytes = 0;
    this.window = undefined;
    this.retentionCheckAt = 0;
    this.leasedByLane.clear();
    this.isTallyDirty = true;
  }
}
