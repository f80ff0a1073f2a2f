import type { BaselineOptions } from './options.ts';

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly MD5OfBody: string;
  readonly Body: string;
}

/** What anyone would write first: strings in objects in an array, and a map of those in flight. */
export class MemoryQueue {
  private readonly options: BaselineOptions;
  private waiting: Message[] = [];
  private head = 0;
  private readonly leased = new Map<string, Message>();
  private readonly createdAt = String(Math.floor(Date.now() / 1000));
  private accepted = 0;
  private sends = 0;
  private readonly waits: (() => void)[] = [];

  constructor(options: BaselineOptions) {
    this.options = options;
  }

  /** @returns the fault that was planted in this send; undefined is the rule */
  send(id: string, body: string, md5: string): 'refused' | 'lost' | 'wrong-md5' | undefined {
    const { planted, storage } = this.options;
    const fault = planted !== undefined && ++this.sends % planted.every === 0 ? planted.fault : undefined;
    if (fault === 'refused' || fault === 'lost') return fault;
    this.accepted++;
    if (storage === 'none') return fault;
    this.waiting.push({ MessageId: id, ReceiptHandle: id, MD5OfBody: md5, Body: body });
    if (this.waits.length > 0) this.waits.shift()?.();
    return fault;
  }

  /** A head that moves on, because `shift` of a long array copies it. */
  receive(max: number): readonly Message[] {
    const messages = this.waiting.slice(this.head, this.head + max);
    this.head += messages.length;
    for (const message of messages) this.leased.set(message.ReceiptHandle, message);
    if (this.head > 1024 && this.head * 2 > this.waiting.length) {
      this.waiting = this.waiting.slice(this.head);
      this.head = 0;
    }
    return messages;
  }

  /** Calls back with the first message that comes, or with none when `waitMs` are over. */
  wait(max: number, waitMs: number, take: (messages: readonly Message[]) => void): void {
    const wake = (): void => {
      clearTimeout(timer);
      take(this.receive(max));
    };
    const timer = setTimeout(() => {
      this.waits.splice(this.waits.indexOf(wake), 1);
      take([]);
    }, waitMs);
    this.waits.push(wake);
  }

  delete(receipt: string): void {
    if (this.leased.delete(receipt)) this.accepted--;
  }

  clear(): void {
    this.waiting = [];
    this.head = 0;
    this.leased.clear();
    this.accepted = 0;
  }

  /** As GetQueueAttributes answers them. */
  attributes(url: string, names: readonly string[]): Readonly<Record<string, string>> {
    const all: Readonly<Record<string, string>> = {
      QueueArn: `arn:aws:sqs:us-east-1:000000000000:${url.slice(url.lastIndexOf('/') + 1)}`,
      CreatedTimestamp: this.createdAt,
      LastModifiedTimestamp: this.createdAt,
      ApproximateNumberOfMessages: String(this.accepted - this.leased.size),
      ApproximateNumberOfMessagesNotVisible: String(this.leased.size),
      ApproximateNumberOfMessagesDelayed: '0',
      DelaySeconds: '0',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      VisibilityTimeout: '300',
      MaximumMessageSize: '1048576',
      SqsManagedSseEnabled: 'true',
    };
    if (names.includes('All')) return all;
    return Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
  }
}
