/**
 * Everybody who works a queue in a run with crashes: producers that number what they send, and consumers that delete.
 * Each has a connection of its own with one request under way, asks again as soon as it is answered, and tells the
 * ledger. A producer of a FIFO queue sends again, as it was, what it had no answer to.
 */
import type { FixedRandom } from '../../support/fixed-random.ts';
import type { LaunchedBroker } from '../../support/launch.ts';
import type { Given, Ledger, MessageKey } from '../ledger.ts';
import { fieldOf, listOf, textOf } from './fields.ts';
import { type Answer, Wire } from './wire.ts';

export interface Site {
  readonly queueUrl: string;
  readonly kind: 'standard' | 'fifo';
  readonly ledger: Ledger;
  readonly random: FixedRandom;
  /** False: nobody asks for anything more. */
  isOpen: boolean;
  answered(): void;
  /** An answer that no client should get. */
  refused(what: string): void;
}

const leaseMs = 2_000;
const drainers = 48;
const batchMax = 8;
const filler = 'x'.repeat(200);

export class Producer {
  private readonly site: Site;
  private readonly groups: readonly { readonly name: string; sent: number }[];
  private unanswered: readonly MessageKey[] = [];
  private last: readonly MessageKey[] = [];

  constructor(site: Site, name: string, groups: number) {
    this.site = site;
    this.groups = Array.from({ length: groups }, (_, group) => ({ name: `${name}.${group}`, sent: 0 }));
  }

  work(wire: Wire): void {
    const { site } = this;
    if (!site.isOpen) return;
    const keys = this.nextKeys();
    this.unanswered = site.kind === 'fifo' ? keys : [];
    for (const key of keys) site.ledger.sendAsked(key);
    const isSingle = keys.length === 1;
    const rows = keys.map((key, at) => ({ ...(isSingle ? {} : { Id: `${at}` }), ...this.rowOf(key) }));
    const input = isSingle ? { QueueUrl: site.queueUrl, ...rows[0] } : { QueueUrl: site.queueUrl, Entries: rows };
    wire.ask(isSingle ? 'SendMessage' : 'SendMessageBatch', input, (answer) => {
      if (answer === 'lost') return;
      this.unanswered = [];
      this.last = keys;
      this.read(keys, answer);
      site.answered();
      this.work(wire);
    });
  }

  /** Again what had no answer, now and then what had one, else something new. */
  private nextKeys(): readonly MessageKey[] {
    const { random, kind } = this.site;
    if (this.unanswered.length > 0) return this.unanswered;
    if (kind === 'fifo' && this.last.length > 0 && random.below(20) === 0) return this.last;
    const count = random.below(2) === 0 ? 1 : 2 + random.below(batchMax - 5);
    return Array.from({ length: count }, () => {
      const group = this.groups[random.below(this.groups.length)];
      return group === undefined ? { group: '', index: 0 } : { group: group.name, index: group.sent++ };
    });
  }

  private rowOf({ group, index }: MessageKey) {
    const MessageBody = `${group}/${index} ${filler}`;
    if (this.site.kind === 'standard') return { MessageBody };
    return { MessageBody, MessageGroupId: group, MessageDeduplicationId: `${group}/${index}` };
  }

  private read(keys: readonly MessageKey[], { status, value }: Answer): void {
    const { site } = this;
    if (status !== 200) {
      site.refused(`a send: ${status} ${JSON.stringify(value)}`);
      return;
    }
    const rows = keys.length === 1 ? [value] : listOf(value, 'Successful');
    for (const [at, row] of rows.entries()) {
      const key = keys[keys.length === 1 ? at : Number(textOf(row, 'Id'))];
      const sequence = textOf(row, 'SequenceNumber');
      if (key !== undefined)
        site.ledger.sendAnswered(key, textOf(row, 'MessageId'), sequence === '' ? undefined : sequence);
    }
    for (const row of listOf(value, 'Failed')) site.refused(`an entry of a send: ${JSON.stringify(row)}`);
  }
}

interface Held extends Given {
  readonly receipt: string;
}

export class Consumer {
  private readonly site: Site;
  private readonly isThorough: boolean;
  private readonly onEmpty: () => void;

  /** @param isThorough deletes all that it is given, and waits for more */
  constructor(site: Site, isThorough = false, onEmpty: () => void = () => undefined) {
    this.site = site;
    this.isThorough = isThorough;
    this.onEmpty = onEmpty;
  }

  work(wire: Wire): void {
    const { site } = this;
    if (!site.isOpen) return;
    const asked = performance.now();
    const input = {
      QueueUrl: site.queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: leaseMs / 1000,
      WaitTimeSeconds: this.isThorough ? 1 : 0,
    };
    wire.ask('ReceiveMessage', input, (answer) => {
      if (answer === 'lost') return;
      const answered = performance.now();
      if (answer.status !== 200) site.refused(`a receive: ${answer.status} ${JSON.stringify(answer.value)}`);
      const held = listOf(answer.value, 'Messages').map(readHeld);
      site.ledger.received(held, asked, answered, leaseMs);
      site.answered();
      if (held.length === 0) {
        this.onEmpty();
        this.work(wire);
      } else this.delete(wire, this.chosen(held));
    });
  }

  /** Mostly all, in order; at times only the first few: the rest comes again when its lease ends. */
  private chosen(held: readonly Held[]): readonly Held[] {
    const { random } = this.site;
    if (this.isThorough || random.below(5) > 0) return held;
    return held.slice(0, 1 + random.below(held.length));
  }

  private delete(wire: Wire, held: readonly Held[]): void {
    const { site } = this;
    if (!site.isOpen) return;
    for (const { key } of held) site.ledger.deleteAsked(key);
    const rows = held.map(({ receipt }, at) => ({ Id: `${at}`, ReceiptHandle: receipt }));
    wire.ask('DeleteMessageBatch', { QueueUrl: site.queueUrl, Entries: rows }, (answer) => {
      if (answer === 'lost') return;
      if (answer.status !== 200) site.refused(`a delete: ${answer.status} ${JSON.stringify(answer.value)}`);
      const failed = new Set(listOf(answer.value, 'Failed').map((row) => textOf(row, 'Id')));
      const at = performance.now();
      for (const [index, { key }] of held.entries()) {
        site.ledger.deleteAnswered(key, answer.status === 200 && !failed.has(`${index}`), at);
      }
      site.answered();
      this.work(wire);
    });
  }
}

function readHeld(message: unknown): Held {
  const [name = ''] = textOf(message, 'Body').split(' ', 1);
  const slash = name.indexOf('/');
  const key = { group: name.slice(0, slash), index: Number(name.slice(slash + 1)) };
  return { key, id: textOf(message, 'MessageId'), receipt: textOf(message, 'ReceiptHandle') };
}

/** What a queue says that it holds, whatever its state. */
export async function countOf(wire: Wire, queueUrl: string): Promise<number> {
  const names = ['', 'NotVisible', 'Delayed'].map((state) => `ApproximateNumberOfMessages${state}`);
  const { value } = await wire.call('GetQueueAttributes', { QueueUrl: queueUrl, AttributeNames: names });
  const attributes = fieldOf(value, 'Attributes');
  return names.reduce((sum, name) => sum + Number(textOf(attributes, name)), 0);
}

/** Takes and deletes until the queue says that nothing is left in it. */
export async function drain(broker: Pick<LaunchedBroker, 'endpoint'>, site: Site, counter: Wire): Promise<void> {
  site.isOpen = true;
  site.answered = () => undefined;
  const wires = await Wire.openMany(broker.endpoint, drainers);
  await new Promise<void>((resolve) => {
    let isAsking = false;
    const look = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
      if ((await countOf(counter, site.queueUrl)) === 0) resolve();
      isAsking = false;
    };
    for (const wire of wires) new Consumer(site, true, () => void look()).work(wire);
  });
  site.isOpen = false;
  for (const wire of wires) wire.close();
}
