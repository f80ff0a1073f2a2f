/** Tells of each queue that a published message went to what is told of a send: the copy as its receiver will get it. */
import type { Change, ChangeResult } from '../../../storage/store.ts';
import { assert } from '../../model/assert.ts';
import type { Clock } from '../../model/clock.ts';
import type { AppendedMessage, Events } from '../events.ts';
import type { Origin } from '../origin.ts';
import { messageBytes } from '../validate.ts';
import type { Envelopes } from './envelopes.ts';
import type { Plan } from './fan-out.ts';
import { present } from './presented.ts';

/** For the events: who sent it, from where. */
export interface Told {
  readonly principal: string;
  readonly origin: Origin | undefined;
}

export function hasListener(events: Events): boolean {
  return events.has('appended') || events.has('messages-appended');
}

export function tellAppended(
  { clock, events, envelopes }: { clock: Pick<Clock, 'now'>; events: Events; envelopes: Envelopes },
  { shares, message }: Plan,
  changes: readonly Change[],
  results: readonly ChangeResult[],
  { principal, origin }: Told,
): void {
  const at = clock.now();
  const bytes = messageBytes({ ...message, delayMs: undefined });
  for (const [index, share] of shares.filter(({ targets }) => targets.length > 0).entries()) {
    const change = changes[index];
    const result = results[index];
    assert(change?.do === 'append' && result?.did === 'append', 'each share is an append');
    for (const [place, outcome] of result.targets.entries()) {
      const { queue: known, subscription } = share.wanted[place] ?? {};
      if (known === undefined || subscription === undefined || 'dropped' in outcome) continue;
      const queue = known.address;
      const isDuplicate = 'duplicateOf' in outcome;
      const counted = isDuplicate ? { messages: 0, bytes: 0, duplicates: 1 } : { messages: 1, bytes, duplicates: 0 };
      if (events.has('appended')) events.tell('appended', { at, queue, ...counted, principal });
      if (isDuplicate || !events.has('messages-appended')) continue;
      const messages = [copyOf(change, place, outcome.pos, bytes, envelopes)];
      events.tell('messages-appended', { at, askedAt: at, queue, principal, origin, messages, carried: undefined });
    }
  }
}

function copyOf(
  { message: { id, head, body }, to }: Change & { readonly do: 'append' },
  place: number,
  pos: number,
  bytes: number,
  envelopes: Envelopes,
): AppendedMessage {
  assert(body instanceof Uint8Array, 'what is published is handed over whole');
  const note = to[place]?.note;
  const copy = { id, head, body, ...(note !== undefined && { note }) };
  const shown = present(copy, envelopes);
  return { id: shown.id, pos, bytes, head: shown.head, body: shown.body };
}
