/**
 * Spans made of what core tells, by OpenTelemetry's conventions for messaging. Loaded only where traces are on.
 * `send` begins before its messages are stored, because they carry its context on; the others are told of afterwards.
 */

import type { Attributes, Context, Link, Span, SpanContext, Tracer } from '@opentelemetry/api';
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { Carried, Carry, EventMap, Events, Origin } from '../../core/broker.ts';
import { decodeHead } from '../../model/head.ts';
import type { Property } from '../../model/message.ts';
import type { QueueAddress } from '../../model/queue.ts';
import { uuidText } from '../../model/uuid.ts';
import { KnownDeliveries } from '../known-deliveries.ts';

import { parseTraceparent, traceparentOf } from './traceparent.ts';

/** Deliveries whose settlement will find its message; some 400 bytes each. */
const knownDeliveriesMax = 10_000;

/** A message in traces. */
interface Traced {
  readonly id: Uint8Array;
  /** Where it comes from, as its sender says in an attribute, or else as the broker's own `send` left it. */
  readonly creation: SpanContext | undefined;
  /** What comes next in its life goes below this. */
  readonly parent: SpanContext | undefined;
}

class SendSpan implements Carried {
  readonly span: Span;
  readonly traceparent: string;

  constructor(span: Span) {
    this.span = span;
    this.traceparent = traceparentOf(span.spanContext());
  }
}

export class Spans {
  private readonly tracer: Tracer;
  private readonly known = new KnownDeliveries<Traced>(knownDeliveriesMax);

  constructor(tracer: Tracer) {
    this.tracer = tracer;
  }

  readonly carry: Carry = (queue, messages, origin) => {
    const creations = messages.map(({ properties }) => parseTraceparent(sentTraceparent(properties)));
    const parent = parseTraceparent(origin?.traceparent) ?? (messages.length === 1 ? creations[0] : undefined);
    const options = {
      kind: SpanKind.PRODUCER,
      links: linksTo(creations),
      attributes: attributesOf('send', queue, origin),
    };
    return new SendSpan(this.tracer.startSpan(`send ${queue.name}`, options, below(parent)));
  };

  listen(events: Events): void {
    events.on('messages-appended', (event) => this.appended(event));
    events.on('messages-delivered', (event) => this.delivered(event));
    events.on('messages-settled', (event) => this.settled(event));
  }

  private appended({ carried, messages, principal }: EventMap['messages-appended']): void {
    if (!(carried instanceof SendSpan)) return;
    const { span } = carried;
    const [first] = messages;
    span.setAttributes({ ...countAttributes(messages), ...userAttributes(principal) });
    if (messages.length === 1 && first !== undefined)
      span.setAttribute('messaging.message.body.size', first.body.length);
    span.end();
  }

  private delivered({ deliveries, ...told }: EventMap['messages-delivered']): void {
    const messages: Traced[] = [];
    for (const delivery of deliveries) {
      const { headers, properties } = decodeHead(delivery.head);
      const sent = parseTraceparent(sentTraceparent(properties));
      const carried = parseTraceparent(headers.traceparent);
      const message = { id: delivery.id, creation: sent ?? carried, parent: carried ?? sent };
      messages.push(message);
      this.known.note(delivery, message);
    }
    this.tell('receive', told, messages);
  }

  private settled({ outcome, receipts, ...told }: EventMap['messages-settled']): void {
    const unknown: Traced = { id: noId, creation: undefined, parent: undefined };
    const messages = receipts.map((receipt) => this.known.find(receipt) ?? unknown);
    if (outcome !== 'extend') for (const receipt of receipts) this.known.forget(receipt);
    this.tell(outcome, told, messages);
  }

  /** Below the request's own trace if it has one; else, of one message, below that message's, so that its life is one trace. */
  private tell(
    operation: string,
    { queue, origin, principal, askedAt, at }: Omit<EventMap['messages-delivered'], 'deliveries'>,
    messages: readonly Traced[],
  ): void {
    const parent = parseTraceparent(origin?.traceparent) ?? (messages.length === 1 ? messages[0]?.parent : undefined);
    const attributes = {
      ...attributesOf(operation, queue, origin),
      ...countAttributes(messages),
      ...userAttributes(principal),
    };
    const links = linksTo(messages.map(({ creation }) => creation));
    const options = { kind: SpanKind.CLIENT, startTime: askedAt, links, attributes };
    this.tracer.startSpan(`${operation} ${queue.name}`, options, below(parent)).end(at);
  }
}

const noId = new Uint8Array();

function below(parent: SpanContext | undefined): Context {
  return parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
}

function linksTo(contexts: readonly (SpanContext | undefined)[]): Link[] {
  const links: Link[] = [];
  for (const context of contexts) if (context !== undefined) links.push({ context });
  return links;
}

/** As instrumented clients send it, for whoever receives the message. */
function sentTraceparent(properties: readonly Property[]): string | undefined {
  const found = properties.find(({ name }) => name === 'traceparent');
  return found?.type === 'string' ? found.value : undefined;
}

/** [OpenTelemetry semantic conventions, messaging spans]; what it has no name for begins with `gantry.`. */
function attributesOf(
  operation: string,
  { name, account, region }: QueueAddress,
  origin: Origin | undefined,
): Attributes {
  return {
    'messaging.system': 'gantry',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation === 'send' || operation === 'receive' ? operation : 'settle',
    'messaging.destination.name': name,
    'gantry.account': account,
    'gantry.region': region,
    ...(origin === undefined ? {} : { 'gantry.protocol': origin.protocol, 'client.address': origin.remoteAddress }),
  };
}

function countAttributes(messages: readonly { readonly id: Uint8Array }[]): Attributes {
  const [first] = messages;
  if (messages.length !== 1 || first === undefined) return { 'messaging.batch.message_count': messages.length };
  return first.id.length === 0 ? {} : { 'messaging.message.id': uuidText(first.id) };
}

function userAttributes(principal: string): Attributes {
  return principal === 'anonymous' ? {} : { 'user.name': principal };
}
