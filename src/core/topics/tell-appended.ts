/** Tells of each queue that a published message went to what is told of a send. */
import type { ChangeResult } from '../../../storage/store.ts';
import type { Clock } from '../../model/clock.ts';
import { encodeHead } from '../../model/head.ts';
import type { AppendedMessage, Events } from '../events.ts';
import type { Origin } from '../origin.ts';
import { messageBytes } from '../validate.ts';
import type { Plan, TakenMessage } from './fan-out.ts';
import { copyId } from './note.ts';

/** For the events: who sent it, from where. */
export interface Told {
  readonly principal: string;
  readonly origin: Origin | undefined;
}

export function hasListener(events: Events): boolean {
  return events.has('appended') || events.has('messages-appended');
}

export function tellAppended(
  clock: Pick<Clock, 'now'>,
  events: Events,
  { shares, message }: Plan,
  results: readonly ChangeResult[],
  { principal, origin }: Told,
): void {
  const at = clock.now();
  const bytes = messageBytes({ ...message, delayMs: undefined });
  const appended = results.filter((result) => result.did === 'append');
  for (const [index, share] of shares.filter(({ targets }) => targets.length > 0).entries()) {
    for (const [place, outcome] of (appended[index]?.targets ?? []).entries()) {
      const { queue: known, subscription } = share.wanted[place] ?? {};
      if (known === undefined || subscription === undefined || 'dropped' in outcome) continue;
      const queue = known.address;
      const isDuplicate = 'duplicateOf' in outcome;
      const counted = isDuplicate ? { messages: 0, bytes: 0, duplicates: 1 } : { messages: 1, bytes, duplicates: 0 };
      if (events.has('appended')) events.tell('appended', { at, queue, ...counted, principal });
      if (isDuplicate || !events.has('messages-appended')) continue;
      const messages = [toAppended(message, share.body, subscription.address.id, outcome.pos, bytes)];
      events.tell('messages-appended', { at, askedAt: at, queue, principal, origin, messages, carried: undefined });
    }
  }
}

function toAppended(
  { id, headers, properties }: TakenMessage,
  body: Uint8Array,
  subscriptionId: string,
  pos: number,
  bytes: number,
): AppendedMessage {
  return { id: copyId(id, subscriptionId), pos, bytes, head: encodeHead(headers, properties), body };
}
