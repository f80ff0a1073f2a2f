/**
 * Large copies of published messages become what their subscribers get one answer after the other, with a turn for everybody
 * else between them: fifty receives that are answered at once would else make hundreds of megabytes in one piece.
 */

import type { Delivery } from '../../../storage/store.ts';
import { othersTurn } from '../others-turn.ts';
import type { Envelopes } from './envelopes.ts';
import { present } from './presented.ts';

/** Below it an answer is made at once: it costs less than the turn that it would wait for. */
export const bytesAtOnceMax = 64 * 1024;
/** How much of one answer is made before others get a turn. */
export const bytesATurnMax = 1024 * 1024;

/** Whether it is these bodies' turn to wait; of messages that no topic published it costs one look at each. */
export function isForTurns(deliveries: readonly Delivery[]): boolean {
  let bytes = 0;
  for (const { note, body } of deliveries) {
    if (note !== undefined && body instanceof Uint8Array) bytes += body.length;
  }
  return bytes > bytesAtOnceMax;
}

export type PresentInTurns = (deliveries: readonly Delivery[]) => Promise<readonly Delivery[]>;

export function createPresentInTurns(envelopes: Envelopes): PresentInTurns {
  let last = Promise.resolve();

  return (deliveries) => {
    const presented = last.then(() => presentSlowly(deliveries, envelopes));
    // Whoever asked writes its answer first, in what is left of this turn.
    last = presented.then(nextTurn, nextTurn);
    return presented;
  };
}

async function presentSlowly(deliveries: readonly Delivery[], envelopes: Envelopes): Promise<readonly Delivery[]> {
  const presented: Delivery[] = [];
  let bytes = 0;
  for (const delivery of deliveries) {
    if (bytes > bytesATurnMax) {
      await othersTurn();
      bytes = 0;
    }
    const shown = present(delivery, envelopes);
    presented.push(shown);
    if (shown.body instanceof Uint8Array) bytes += shown.body.length;
  }
  return presented;
}

async function nextTurn(): Promise<void> {
  await othersTurn();
}
