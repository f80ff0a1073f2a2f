/**
 * The one suite that every engine passes: each test is a sentence of the contract in storage/store.ts. A new promise is
 * written here first. What an engine, or this release, cannot do yet is skipped by name with its reason, and beside it
 * stands the case that the call is answered `unsupported`.
 */
import { describe } from 'vitest';
import { describeAppend } from './append.ts';
import { describeAttempt } from './attempt.ts';
import { describeBackup } from './backup.ts';
import { describeBatch } from './batch.ts';
import { describeBrowse } from './browse.ts';
import { describeClock } from './clock.ts';
import { describeDeadLetter } from './dead-letter.ts';
import { describeDedup } from './dedup.ts';
import { describeDelay } from './delay.ts';
import { describeExpiry } from './expiry.ts';
import { describeFairGroups } from './groups-fair.ts';
import { describeFifoGroups } from './groups-fifo.ts';
import type { Lacks, OpenStore } from './harness.ts';
import { describeHolders } from './holders.ts';
import { describeLeases } from './leases.ts';
import { describeLimits } from './limits.ts';
import { describeMove } from './move.ts';
import { describePriority } from './priority.ts';
import { describePurge } from './purge.ts';
import { describeReady } from './ready.ts';
import { describeReceive } from './receive.ts';
import { describeRecords } from './records.ts';
import { describeRecovery } from './recovery.ts';
import { describeSettle } from './settle.ts';
import { describeTallies } from './tallies.ts';
import { describeTemporary } from './temporary.ts';
import type { Setup } from './world.ts';
import { createSetup } from './world.ts';

const sections = {
  append: describeAppend,
  receive: describeReceive,
  settle: describeSettle,
  leases: describeLeases,
  holders: describeHolders,
  delay: describeDelay,
  expiry: describeExpiry,
  'dead letters': describeDeadLetter,
  dedup: describeDedup,
  'strict groups': describeFifoGroups,
  'fair groups': describeFairGroups,
  priority: describePriority,
  batch: describeBatch,
  records: describeRecords,
  browse: describeBrowse,
  move: describeMove,
  purge: describePurge,
  limits: describeLimits,
  'temporary queues': describeTemporary,
  tallies: describeTallies,
  attempt: describeAttempt,
  backup: describeBackup,
  recovery: describeRecovery,
  ready: describeReady,
  clock: describeClock,
} as const satisfies Record<string, (setup: Setup, lacks: Lacks) => void>;

/** @param open makes a started store in a world of its own, once for each test */
export function describeStore(name: string, open: OpenStore, lacks: Lacks = {}): void {
  describe(name, () => {
    for (const [noun, describeSection] of Object.entries(sections)) {
      describe(noun, () => describeSection(createSetup(open), lacks));
    }
  });
}
