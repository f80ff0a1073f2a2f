import type { QueueAddress } from '../model/queue.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** Where a request came from, as its adapter knows it. An adapter hands its own request in: only listeners read it. */
export interface Origin {
  /** `sqs`. */
  readonly protocol: string;
  /** Of the client, as the socket has it; '' when it has gone. */
  readonly remoteAddress: string;
  /** The W3C trace context of the request, as the client wrote it: nobody has checked it. */
  readonly traceparent: string | undefined;
}

/** What messages carry on of the trace that their send is part of. */
export interface Carried {
  /** Checked: `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`. */
  readonly traceparent: string;
}

/** Handed in where traces are on, and asked before the messages are stored. The event of the append brings its answer back. */
export type Carry = (
  queue: QueueAddress,
  messages: readonly OutgoingMessage[],
  origin: Origin | undefined,
) => Carried | undefined;
