import type { EngineState } from './engine-state.ts';
import { flush } from './flush.ts';
import type { QueueState } from './queue-state.ts';

/** A queue that nobody has received from for this long leaves memory. */
const idleMs = 30_000;

/** Makes room in memory for `queue`: leases go to disk, then the windows of the queues that were received from longest ago. */
export function makeRoom(state: EngineState, queue: QueueState): void {
  if (!state.entries.isFull && queue.window?.isFull !== true) return;
  flush(state);
  if (!state.entries.isFull) return;
  const others = [...state.queues.values()]
    .filter((other) => other !== queue && other.window !== undefined)
    .sort((a, b) => a.receivedAt - b.receivedAt);
  for (const other of others) {
    if (state.entries.used * 4 < state.entries.budget * 3) return;
    dropWindow(other);
  }
}

/** Called now and then: memory is for queues in use. */
export function dropIdle(state: EngineState): void {
  const idle = [...state.queues.values()].filter(
    (queue) => queue.window !== undefined && queue.receivedAt + idleMs <= state.now,
  );
  if (idle.length > 0) flush(state); // So that no lease stays behind that the next window knows nothing of.
  for (const queue of idle) dropWindow(queue);
}

function dropWindow(queue: QueueState): void {
  queue.window?.drop();
  queue.window = undefined;
}
