/** Many connections beside a few that work: what the many cost the few, and the broker. */

import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { residentBytes } from '../../../src/cli/bench/measure.ts';
import { type LaunchedBroker, launch } from '../../support/launch.ts';
import { listOf, textOf } from './fields.ts';
import type { Wire } from './wire.ts';

const mib = 1024 * 1024;

/** Files that one process may have open, undefined where the system does not say; Node raises its soft limit to it. */
export function openFilesMax(): number | undefined {
  if (!existsSync('/proc/self/limits')) return undefined;
  const limit = /^Max open files +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return limit === undefined ? undefined : Number(limit);
}

export async function launchFor(...args: readonly string[]): Promise<LaunchedBroker> {
  const broker = await launch({ args });
  onTestFinished(async () => void (await broker.stop()));
  return broker;
}

/** Not-a-number where the system does not say. */
export function residentMib(broker: LaunchedBroker): number {
  return (residentBytes(broker.pid) ?? Number.NaN) / mib;
}

export async function metric(broker: LaunchedBroker, name: string): Promise<number> {
  const response = await fetch(`${broker.endpoint}/metrics`, { headers: { Connection: 'close' } });
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await response.text())?.[1]);
}

/** Settles when the metric has that value; metrics follow events, so nobody knows the moment. */
export async function untilMetric(broker: LaunchedBroker, name: string, isRight: (value: number) => boolean) {
  while (!isRight(await metric(broker, name))) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Sends, receives and deletes one after the other. @returns the slowest answer, in milliseconds */
export async function workOn(wire: Wire, queueUrl: string, times: number): Promise<number> {
  let slowestMs = 0;
  const call = async (operation: string, input: object) => {
    const startedAt = performance.now();
    const answer = await wire.call(operation, { QueueUrl: queueUrl, ...input });
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    if (answer.status !== 200) throw new Error(`${operation}: ${answer.status} ${JSON.stringify(answer.value)}`);
    return answer.value;
  };
  for (let time = 0; time < times; time++) {
    await call('SendMessage', { MessageBody: `work ${time}` });
    const [message] = listOf(await call('ReceiveMessage', {}), 'Messages');
    if (textOf(message, 'Body') !== `work ${time}`) throw new Error(`not message ${time}: ${JSON.stringify(message)}`);
    await call('DeleteMessage', { ReceiptHandle: textOf(message, 'ReceiptHandle') });
  }
  return slowestMs;
}

export async function newQueue(wire: Wire, name: string): Promise<string> {
  const { value } = await wire.call('CreateQueue', { QueueName: name });
  return textOf(value, 'QueueUrl');
}

/** A client that writes what it likes and reads when it likes. */
export class RawClient {
  readonly socket: Socket;
  /** All that came, as text, once it reads. */
  received = '';
  readonly ended: Promise<unknown>;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined); // A reset is an end as well.
    this.ended = new Promise((resolve) => socket.once('close', resolve));
  }

  static async open(broker: LaunchedBroker, doesRead: boolean): Promise<RawClient> {
    const { hostname, port } = new URL(broker.endpoint);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    const client = new RawClient(socket);
    onTestFinished(() => void socket.destroy());
    if (doesRead) client.read();
    return client;
  }

  /** From now on. */
  read(): void {
    this.socket.setEncoding('latin1').on('data', (text: string) => {
      this.received += text;
    });
  }

  /** Of what it reads; 0 when the connection ends without an answer. */
  firstStatus(): Promise<number> {
    const statusOf = () => Number(/^HTTP\/1\.1 (\d{3})/.exec(this.received)?.[1] ?? 0);
    return new Promise((resolve) => {
      const look = () => {
        if (statusOf() > 0 || this.socket.destroyed) resolve(statusOf());
      };
      this.socket.on('data', look).on('close', look);
      look();
    });
  }

  /** Reads so many answers and keeps nothing of them but their statuses. */
  async readAnswers(count: number): Promise<readonly number[]> {
    const statuses: number[] = [];
    let unread = Buffer.alloc(0);
    for await (const chunk of this.socket) {
      unread = Buffer.concat([unread, chunk]);
      for (let end = unread.indexOf('\r\n\r\n'); end >= 0; end = unread.indexOf('\r\n\r\n')) {
        const head = unread.toString('latin1', 0, end);
        const next = end + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
        if (unread.length < next) break;
        statuses.push(Number(head.slice(9, 12)));
        unread = unread.subarray(next);
      }
      if (statuses.length >= count) break;
    }
    return statuses;
  }
}
