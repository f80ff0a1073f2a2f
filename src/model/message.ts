/**
 * What a message says beside its body: headers and typed properties, in the order given, repeats kept.
 * head.ts turns it into bytes; selectors and every protocol read those.
 */
export interface Head {
  readonly headers: Headers;
  readonly properties: readonly Property[];
}

/** Absent means not set. Texts are Unicode; instants epoch milliseconds. */
export interface Headers {
  readonly bodyKind?: BodyKind;
  readonly contentType?: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
  /** JMSType, AMQP subject, SNS Subject. */
  readonly type?: string;
  readonly sentAt?: number;
  readonly groupId?: string;
  readonly groupSequence?: number;
  readonly dedupId?: string;
  /** Who sent it, as the protocol of the receiver shows it (SQS SenderId). */
  readonly senderId?: string;
  /** An id that the client chose (AMQP message-id, as text). */
  readonly clientMessageId?: string;
  /** AWS X-Ray trace header. */
  readonly traceHeader?: string;
  /** False: the sender does not need it to survive a crash (JMS NON_PERSISTENT). */
  readonly isPersistent?: boolean;
  readonly expiresAt?: number;
  readonly priority?: number;
  /** MD5 of the body in 32 lower-case hex digits: what SQS shows at each receive, computed once. */
  readonly bodyMd5?: string;
  /** The W3C trace context that the send left behind, where traces were on. */
  readonly traceparent?: string;
  /** What each envelope around it says of the message, as the protocol that makes envelopes wrote it down. */
  readonly envelope?: string;
}

/** What the bytes of a body mean. Text is UTF-8. */
export type BodyKind = 'bytes' | 'text' | 'map' | 'list' | 'object';

/** `number` is a decimal text as SQS spells numbers, kept as written; integers of 64 bits are bigint. */
export type PropertyValue =
  | { readonly type: 'string' | 'number' | 'symbol' | 'char' | 'decimal'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | {
      readonly type: 'byte' | 'short' | 'int' | 'float' | 'double' | 'ubyte' | 'ushort' | 'uint';
      readonly value: number;
    }
  | { readonly type: 'long' | 'ulong' | 'timestamp'; readonly value: bigint }
  | { readonly type: 'binary' | 'uuid'; readonly value: Uint8Array }
  | { readonly type: 'null'; readonly value: null };

export type PropertyType = PropertyValue['type'];

export type Property = PropertyValue & {
  readonly name: string;
  /** The sender's own name of the type where it says more than `type` (SQS `String.Array`, `Number.int`). */
  readonly label?: string;
};
