import type { EngineState } from './engine-state.ts';

const deadBodyRowsAtOnce = 256;
const bodiesAtOnce = 1_024;
const lifeRowsAtOnce = 500;
const dedupRowsAtOnce = 1_000;
/** Freed pages above this are given back to the file system. */
const freePagesKept = 1_024;
const pagesGivenBackAtOnce = 256;

/**
 * What a commit left for later, because it scatters over the file: dead bodies sorted and in runs, dead lives and old
 * dedup rows in slices, free pages back to the file system. One short slice a call; it is on disk with the next commit,
 * for nobody waits for it.
 * @returns whether more is to be done
 */
export function sweepSlice(state: EngineState): boolean {
  state.rows.write();
  const isMore =
    sweepBodies(state) ||
    sweepLife(state) ||
    state.dedup.expire(state.now - longestWindowMs(state), dedupRowsAtOnce) ||
    state.dedup.loadSlice(dedupRowsAtOnce);
  if (isMore) return true;
  return giveBack(state);
}

function longestWindowMs(state: EngineState): number {
  let longest = 0;
  for (const queue of state.queues.values()) longest = Math.max(longest, queue.settings.dedupWindowMs);
  return longest;
}

interface DeadBodyRow {
  readonly n: number;
  readonly bodies: Buffer;
}

function sweepBodies(state: EngineState): boolean {
  const rows = state.sql.sweep.deadBodies.all(deadBodyRowsAtOnce) as DeadBodyRow[];
  const bodies: number[] = [];
  let last = 0;
  for (const row of rows) {
    if (bodies.length >= bodiesAtOnce) break;
    for (let at = 0; at < row.bodies.length; at += 8) bodies.push(row.bodies.readDoubleLE(at));
    last = row.n;
  }
  if (bodies.length === 0) return false;
  state.begin();
  state.onStep('sweep');
  bodies.sort((a, b) => a - b);
  for (let from = 0; from < bodies.length; ) {
    let to = from + 1;
    while (to < bodies.length && bodies[to] === (bodies[to - 1] as number) + 1) to++;
    state.sql.sweep.bodyRun.run(bodies[from], bodies[to - 1]);
    from = to;
  }
  state.sql.sweep.deadBodiesForget.run(last);
  state.debt = Math.max(0, state.debt - bodies.length);
  return true;
}

interface LifeRow {
  readonly rank: number;
  readonly pos: number;
  readonly body: number;
}

function sweepLife(state: EngineState): boolean {
  const dead = state.sql.sweep.deadLife.get() as { life: number } | undefined;
  if (dead === undefined) return false;
  state.begin();
  state.onStep('sweep');
  const rows = state.sql.sweep.lifeSlice.all(dead.life, lifeRowsAtOnce) as LifeRow[];
  for (const row of rows) state.forgetBody(row.body);
  for (const [index, row] of rows.entries()) {
    const isLastOfRank = rows[index + 1]?.rank !== row.rank;
    if (isLastOfRank) state.sql.sweep.lifeSliceRemove.run(dead.life, row.rank, row.pos);
  }
  if (rows.length < lifeRowsAtOnce) {
    state.sql.sweep.deadLifeForget.run(dead.life);
    state.debt = Math.max(0, state.debt - 1);
  }
  return true;
}

/** Space that a purge freed is used again at once; what is far too much goes back to the file system. */
function giveBack(state: EngineState): boolean {
  const free = Number(state.db.pragma('freelist_count', { simple: true }));
  const pages = Number(state.db.pragma('page_count', { simple: true }));
  if (free < freePagesKept || free * 2 < pages) return false;
  state.begin();
  state.db.pragma(`incremental_vacuum(${pagesGivenBackAtOnce})`);
  return true;
}
