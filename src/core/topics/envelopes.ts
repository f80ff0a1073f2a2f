import type { Instant } from '../../model/clock.ts';
import type { Head } from '../../model/message.ts';
import type { Topic } from '../../model/topic.ts';
import type { Note } from './note.ts';

/** A message on its way through a topic. */
export interface PublishedMessage extends Head {
  /** 16 bytes. */
  readonly id: Uint8Array;
  readonly body: Uint8Array;
}
/** Of the request that published it. */
export interface SealContext {
  readonly topic: Topic;
  readonly sentAt: Instant;
  /** Scheme, host and port by which the publisher reached us; undefined: it came by no HTTP. */
  readonly baseUrl: string | undefined;
  /** In a FIFO topic, whose envelopes are not signed [sqs-sns 2.6]. */
  readonly sequence: number | undefined;
}

/**
 * Who makes the envelope in which subscribers that did not ask for the bare message get it: SNS, whoever published. In two
 * steps, for the body is stored once: what is the same in every envelope is found out when a message is published, and each
 * envelope is written when somebody receives it.
 */
export interface Envelopes {
  /** What every envelope around this message says of it: the header `envelope`. Asked only where somebody wants an envelope. */
  seal(message: PublishedMessage, context: SealContext): string | Promise<string>;
  /** The most bytes that an envelope around this message may have. */
  bytesMax(message: PublishedMessage): number;
  /** The envelope of one subscription. @param message its header `envelope` is set */
  wrap(message: PublishedMessage, note: Note): Uint8Array;
}

/** Where nobody makes envelopes everybody gets the bare message. */
export const bareEnvelopes: Envelopes = {
  seal: () => '',
  bytesMax: ({ body }) => body.length,
  wrap: ({ body }) => body,
};
