import type { Readable } from 'node:stream';
import type { EventMap, Events } from '../../core/broker.ts';
import type { Clock, Timer } from '../../model/clock.ts';
import { GantryError } from '../../model/errors.ts';
import type { Head } from '../../model/message.ts';
import type { QueueAddress } from '../../model/queue.ts';
import { KnownDeliveries } from '../known-deliveries.ts';
import { plainValue } from '../property-value.ts';
import { Feed } from './feed.ts';
import { tailLimits } from './limits.ts';
import { headOf, messageFacts, recordOf, type TailKind, tailKinds } from './record.ts';

export interface TailOptions {
  /** Asked at each event, for rights may go while a tail runs. */
  isShown(queue: QueueAddress): boolean;
  readonly kinds: ReadonlySet<TailKind>;
  /** Of the messages, only those with this property. */
  readonly property: { readonly name: string; readonly value: string } | undefined;
  readonly bodyBytesMax: number;
}

/** Whose tail it is. */
export interface TailReader {
  /** Undefined: nobody's in particular. */
  readonly name: string | undefined;
  readonly isAdmin: boolean;
  /** False: there is no such user any more, or by now one has to be a user. */
  isKnown(): boolean;
}

/** Shows what happens while it happens, to whoever reads: a look without a trace, and nothing is kept for later. */
export interface Tail {
  /**
   * Lines of JSON, each a TailRecord or MissedRecord, and empty ones for a sign of life. Ends by `destroy`, or with the tail.
   * @throws GantryError `limit-exceeded`
   */
  open(reader: TailReader, options: TailOptions): Readable;
  /** The users are others than before: ends the tails of those who are none of them. */
  review(): void;
  /** Ends all: a stop must not wait for readers who never end. */
  stop(): void;
}

const outcomeKinds = { ack: 'acked', release: 'released', extend: 'extended', reject: 'rejected' } as const;
const queueKinds = ['queue-created', 'queue-altered', 'queue-dropped', 'queue-purged'] as const;

export function createTail(events: Events, clock: Pick<Clock, 'after'>): Tail {
  const running = new Map<Feed, { readonly reader: TailReader; end(): void }>();
  let isStopped = false;

  return {
    open(reader, options) {
      if (isStopped) throw new GantryError('unavailable', 'the broker is stopping');
      requireRoom(reader);
      const feed = new Feed();
      const endings = [...listen(events, options, feed), beat(clock, feed)];
      const end = (): void => {
        if (running.delete(feed)) for (const ending of endings) ending();
      };
      running.set(feed, { reader, end });
      feed.once('close', end);
      return feed;
    },
    review() {
      for (const [feed, { reader, end }] of running) {
        if (reader.isKnown()) continue;
        end(); // At once: who does not read would keep the place of another.
        feed.finish();
      }
    },
    stop() {
      isStopped = true;
      for (const feed of running.keys()) feed.finish();
    },
  };

  /** @throws GantryError `limit-exceeded` */
  function requireRoom({ name, isAdmin }: TailReader): void {
    const max = isAdmin ? tailLimits.readersMax : tailLimits.readersBesidesAdminsMax;
    if (running.size >= max) throw new GantryError('limit-exceeded', `${max} tails run already`);
    if (name === undefined) return;
    const own = [...running.values()].filter(({ reader }) => reader.name === name).length;
    if (own >= tailLimits.readersOfOneMax)
      throw new GantryError('limit-exceeded', `user "${name}" has ${own} tails already`);
  }
}

/** Listens for what the reader wants and for nothing else: an unheard kind costs nothing. */
function listen(events: Events, options: TailOptions, feed: Feed): readonly (() => void)[] {
  const { kinds, isShown, bodyBytesMax } = options;
  const known = new KnownDeliveries<{ readonly id: string; readonly isWanted: boolean }>(tailLimits.knownDeliveriesMax);
  const isAnyWanted = (...some: readonly TailKind[]) => some.some((kind) => kinds.has(kind));
  const endings: (() => void)[] = [];

  if (isAnyWanted('appended')) endings.push(events.on('messages-appended', appended));
  const isSettling = isAnyWanted(...Object.values(outcomeKinds));
  if (isSettling || isAnyWanted('delivered')) endings.push(events.on('messages-delivered', delivered));
  if (isSettling) endings.push(events.on('messages-settled', settled));
  for (const kind of queueKinds) {
    if (kinds.has(kind)) endings.push(events.on(kind, (event) => changed(kind, event)));
  }
  return endings;

  function appended(event: EventMap['messages-appended']): void {
    if (!isShown(event.queue)) return;
    for (const message of event.messages) {
      const head = headOf(message);
      if (!hasProperty(head, options)) continue;
      feed.offer(() => JSON.stringify(recordOf('appended', event, messageFacts(message, head, bodyBytesMax))));
    }
  }

  function delivered(event: EventMap['messages-delivered']): void {
    if (!isShown(event.queue)) return;
    for (const delivery of event.deliveries) {
      const head = headOf(delivery);
      const isWanted = hasProperty(head, options);
      const { id, ...facts } = messageFacts(delivery, head, isWanted && kinds.has('delivered') ? bodyBytesMax : 0);
      if (isSettling) known.note(delivery, { id, isWanted });
      if (!isWanted || !kinds.has('delivered')) continue;
      const { deliveries } = delivery;
      feed.offer(() => JSON.stringify(recordOf('delivered', event, { id, deliveries, ...facts })));
    }
  }

  function settled(event: EventMap['messages-settled']): void {
    const kind = outcomeKinds[event.outcome];
    if (!kinds.has(kind) || !isShown(event.queue)) return;
    for (const receipt of event.receipts) {
      const message = known.find(receipt);
      if (kind !== 'extended') known.forget(receipt);
      // Received before the tail began: it cannot be told whether it has the property.
      if (message === undefined ? options.property !== undefined : !message.isWanted) continue;
      feed.offer(() => JSON.stringify(recordOf(kind, event, message === undefined ? {} : { id: message.id })));
    }
  }

  function changed(kind: (typeof queueKinds)[number], event: EventMap[(typeof queueKinds)[number]]): void {
    if (isShown(event.queue)) feed.offer(() => JSON.stringify(recordOf(kind, event, {})));
  }
}

function hasProperty({ properties }: Head, { property }: TailOptions): boolean {
  if (property === undefined) return true;
  return properties.some((one) => one.name === property.name && String(plainValue(one)) === property.value);
}

function beat(clock: Pick<Clock, 'after'>, feed: Feed): () => void {
  let timer: Timer;
  const arm = (): void => {
    timer = clock.after(tailLimits.heartbeatMs, () => {
      feed.beat();
      arm();
    });
  };
  arm();
  return () => timer.cancel();
}

/** `*` is any text, all else itself. */
export function namePattern(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return (name) => name === pattern;
  return (name) => {
    if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
    let at = first.length;
    const end = name.length - last.length;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

export function isTailKind(text: string): text is TailKind {
  return tailKinds.some((kind) => kind === text);
}
