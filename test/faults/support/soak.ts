/**
 * An ordinary day in short: many queues, few pollers that go round among them, producers that come and go, messages that
 * are late, forgotten and seen again. Every message is accounted for.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createFixedRandom, type FixedRandom } from '../../support/fixed-random.ts';
import { listOf, textOf } from './fields.ts';
import { Wire } from './wire.ts';

export interface SoakOptions {
  readonly endpoint: string;
  readonly queues: number;
  readonly pollers: number;
  readonly producers: number;
  readonly seed: number;
}
/** So often one poller leaves in the middle of a poll, one message is not deleted, one connection is made anew. */
const oddOneIn = 50;
const fifoOneIn = 5;
const leaseSeconds = 5;
const bodyBytesMax = 4000;
const producerPauseMs = 60;
const endMsMax = 60_000;

export class Soak {
  readonly refusals: string[] = [];
  deleted = 0;
  private readonly options: SoakOptions;
  private readonly random: FixedRandom;
  private readonly outstanding = new Set<string>();
  private readonly urls: string[] = [];
  private isSending = true;
  private isPolling = true;
  private sent = 0;
  private work: Promise<unknown> = Promise.resolve();

  constructor(options: SoakOptions) {
    this.options = options;
    this.random = createFixedRandom(options.seed);
  }

  async start(): Promise<void> {
    const { queues, pollers, producers } = this.options;
    const wire = await this.open();
    for (let queue = 0; queue < queues; queue++) {
      const isFifo = queue % fifoOneIn === 0;
      const attributes = { VisibilityTimeout: String(leaseSeconds), ...(isFifo ? { FifoQueue: 'true' } : {}) };
      const name = isFifo ? `soak-${queue}.fifo` : `soak-${queue}`;
      const { value } = await wire.call('CreateQueue', { QueueName: name, Attributes: attributes });
      this.urls.push(textOf(value, 'QueueUrl'));
    }
    wire.close();
    this.work = Promise.all([
      ...Array.from({ length: pollers }, (_, poller) => this.poll(poller)),
      ...Array.from({ length: producers }, () => this.produce()),
    ]);
  }

  /** No more sends; what is there is taken. @returns how many messages never came */
  async end(): Promise<number> {
    this.isSending = false;
    for (const endAt = performance.now() + endMsMax; this.outstanding.size > 0 && performance.now() < endAt; )
      await pause(100);
    this.isPolling = false;
    await this.work;
    return this.outstanding.size;
  }

  private async produce(): Promise<void> {
    let wire = await this.open();
    while (this.isSending) {
      const url = this.urls[this.random.below(this.urls.length)] ?? '';
      const isFifo = url.endsWith('.fifo');
      const entries = Array.from({ length: 1 + this.random.below(10) }, (_, at) => this.newEntry(at, isFifo));
      const { status, value } = await wire.call('SendMessageBatch', { QueueUrl: url, Entries: entries });
      if (status !== 200 || listOf(value, 'Failed').length > 0) this.refuse('a send', status, value);
      await pause(producerPauseMs);
      if (this.random.below(oddOneIn) > 0) continue;
      wire.close();
      wire = await this.open();
    }
    wire.close();
  }

  private newEntry(at: number, isFifo: boolean) {
    const id = `${this.sent++}`;
    this.outstanding.add(id);
    const entry = { Id: `${at}`, MessageBody: `${id} ${'x'.repeat(this.random.below(bodyBytesMax))}` };
    if (isFifo) return { ...entry, MessageGroupId: `g${this.random.below(100)}`, MessageDeduplicationId: id };
    return { ...entry, DelaySeconds: this.random.below(20) === 0 ? 1 : 0 };
  }

  private async poll(poller: number): Promise<void> {
    let wire = await this.open();
    for (let turn = poller; this.isPolling; turn += this.options.pollers) {
      const url = this.urls[turn % this.urls.length] ?? '';
      const receive = { QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
      if (this.random.below(oddOneIn) === 0) {
        wire.ask('ReceiveMessage', receive, () => undefined);
        await pause(this.random.below(500));
        wire.close();
        wire = await this.open();
        continue;
      }
      const { status, value } = await wire.call('ReceiveMessage', receive);
      if (status !== 200) this.refuse('a receive', status, value);
      const messages = listOf(value, 'Messages');
      if (messages.length > 0 && this.random.below(oddOneIn) > 0) await this.delete(wire, url, messages);
    }
    wire.close();
  }

  private async delete(wire: Wire, url: string, messages: readonly unknown[]): Promise<void> {
    const entries = messages.map((message, at) => ({ Id: `${at}`, ReceiptHandle: textOf(message, 'ReceiptHandle') }));
    const { status, value } = await wire.call('DeleteMessageBatch', { QueueUrl: url, Entries: entries });
    if (status !== 200) this.refuse('a delete', status, value);
    for (const message of messages) {
      const [id = ''] = textOf(message, 'Body').split(' ', 1);
      if (this.outstanding.delete(id)) this.deleted += 1;
    }
  }

  private refuse(what: string, status: number, value: unknown): void {
    if (this.refusals.length < 10) this.refusals.push(`${what}: ${status} ${JSON.stringify(value)}`);
  }

  private open(): Promise<Wire> {
    return Wire.open(this.options.endpoint);
  }
}
