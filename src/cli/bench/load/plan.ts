/** What the load generator is asked and what it answers; plain data, for it crosses a process boundary. */

import type { Endpoint } from './endpoint.ts';

export type Plan =
  /** Sends by ones or tens. */
  | { readonly do: 'send'; readonly queueUrl: string; readonly entries: 1 | 10; readonly groups?: number }
  /** Publishes by ones; the queue is one that is subscribed. */
  | {
      readonly do: 'publish';
      readonly queueUrl: string;
      readonly topicArn: string;
      /** Of a message attribute `event`; undefined: there is none. */
      readonly event?: string;
    }
  /** Sends ten, receives ten, deletes what it received, again and again. */
  | { readonly do: 'cycle'; readonly queueUrl: string; readonly groups?: number }
  /** Receives ten and deletes them. */
  | { readonly do: 'drain'; readonly queueUrl: string }
  /** Receives ten and keeps them in flight. */
  | { readonly do: 'hold'; readonly queueUrl: string }
  /** One long poll a connection, waiting for nothing. */
  | { readonly do: 'poll'; readonly queueUrl: string }
  /** The same question again and again, of a queue that stays as it is. */
  | { readonly do: 'ask'; readonly queueUrl: string; readonly operation: AskedOperation; readonly input: object }
  /** One waits, another sends, one after the other: how long until the first has it? */
  | { readonly do: 'wake'; readonly queueUrl: string };

/** A receive that waits for nothing and finds nothing, or attributes. */
type AskedOperation = 'ReceiveMessage' | 'GetQueueAttributes';

export type LoadRequest =
  | { readonly ask: 'open'; readonly endpoint: Endpoint; readonly connections: number; readonly plan: Plan }
  /** Stops when the time is over or the messages are done, whichever comes first, with nothing under way. */
  | { readonly ask: 'run'; readonly ms: number; readonly messagesMax?: number }
  | { readonly ask: 'close' };

export interface LoadReply {
  readonly sent: number;
  readonly received: number;
  readonly deleted: number;
  readonly requests: number;
  readonly emptyReceives: number;
  readonly ms: number;
  /** User and system time of the generator. */
  readonly cpuUs: number;
  /** Of a LatencyHistogram, in microseconds. */
  readonly latencyCounts: Uint32Array;
  /** Anything but the expected answer; the first few in words. Empty: all was well. */
  readonly failures: readonly string[];
}

/** What is under way in this run, shared by all connections of a generator. */
export class Run {
  sent = 0;
  received = 0;
  deleted = 0;
  requests = 0;
  emptyReceives = 0;
  checks = 0;
  isEnding = false;
  readonly failures: string[] = [];
  private readonly messagesMax: number;
  private claimed = 0;

  constructor(messagesMax: number) {
    this.messagesMax = messagesMax;
  }

  /** Messages are claimed before they are asked for, so that together the connections take no more than there shall be. */
  claim(messages: number): boolean {
    if (this.isEnding || this.claimed >= this.messagesMax) return false;
    this.claimed += messages;
    return true;
  }

  giveBack(messages: number): void {
    this.claimed -= messages;
  }

  fail(why: string): void {
    this.isEnding = true; // One wrong answer is enough: the figures are void.
    if (this.failures.length < 5) this.failures.push(why);
  }
}
