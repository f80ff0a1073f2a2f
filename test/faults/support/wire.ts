/**
 * One keep-alive connection to a broker, one request under way: for loads that are cut off at any moment. That the
 * connection ended before the answer is an answer of its own, for then nobody knows what became of the request.
 */
import { Connection } from '../../../src/cli/bench/load/connection.ts';
import type { Endpoint } from '../../../src/cli/bench/load/endpoint.ts';
import { jsonDialect } from '../../../src/cli/bench/load/json-dialect.ts';

export interface Answer {
  readonly status: number;
  readonly value: unknown;
}
/** `lost`: no answer will come any more. */
export type OnAnswer = (answer: Answer | 'lost') => void;

/** Below the backlog of a listening socket: more at once would wait for TCP to ask again. */
const openedAtOnce = 200;

export class Wire {
  /** Settles when the connection has ended; true: with a request under way that changes the store. */
  readonly ended: Promise<boolean>;
  isBusy = false;
  /** It ended with a request under way. */
  isCutOff = false;
  private isChange = false;
  private end: (isCutOff: boolean) => void = () => undefined;
  private readonly endpoint: Endpoint;
  private readonly connection: Connection;
  private isLost = false;
  private onAnswer: OnAnswer = () => undefined;

  private constructor(endpoint: Endpoint, connection: Connection) {
    this.endpoint = endpoint;
    this.connection = connection;
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    connection.onAnswer = (status, bytes, from, to) => {
      const text = bytes.toString('utf8', from, to);
      this.settle({ status, value: text.startsWith('{') ? JSON.parse(text) : text });
    };
    connection.onLost = () => this.lose();
  }

  static async open(url: string): Promise<Wire> {
    const { hostname, port } = new URL(url);
    const endpoint = { host: hostname, port: Number(port) };
    return new Wire(endpoint, await Connection.open(endpoint));
  }

  static async openMany(url: string, count: number): Promise<readonly Wire[]> {
    const wires: Wire[] = [];
    while (wires.length < count) {
      const slice = Array.from({ length: Math.min(openedAtOnce, count - wires.length) }, () => Wire.open(url));
      wires.push(...(await Promise.all(slice)));
    }
    return wires;
  }

  /** Whether a request is under way that changes the store. */
  get isChanging(): boolean {
    return this.isBusy && this.isChange;
  }

  ask(operation: string, input: object, onAnswer: OnAnswer): void {
    if (this.isBusy) throw new Error('one request at a time');
    if (this.isLost) {
      onAnswer('lost');
      return;
    }
    this.isBusy = true;
    this.isChange = operation !== 'ReceiveMessage' && operation !== 'GetQueueAttributes';
    this.onAnswer = onAnswer;
    this.connection.write(Buffer.from(jsonDialect.requestText(this.endpoint, operation, input)));
  }

  /** @throws Error when the connection ends before the answer */
  call(operation: string, input: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.ask(operation, input, (answer) => {
        if (answer === 'lost') reject(new Error(`${operation}: the connection ended before the answer`));
        else resolve(answer);
      });
    });
  }

  close(): void {
    this.connection.close();
    this.lose();
  }

  private lose(): void {
    this.isLost = true;
    this.isCutOff ||= this.isBusy;
    this.end(this.isChanging);
    if (this.isBusy) this.settle('lost');
  }

  private settle(answer: Answer | 'lost'): void {
    this.isBusy = false;
    this.onAnswer(answer);
  }
}
