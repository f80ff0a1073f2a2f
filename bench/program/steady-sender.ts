/**
 * Sends at a fixed rate, whatever the broker does: a pause shows in every message that was due in it, not only in those
 * that were under way (a closed loop would send less meanwhile, and hide it).
 */
import { performance } from 'node:perf_hooks';
import { LatencyHistogram } from '../../src/cli/bench/histogram.ts';
import { Connection } from '../../src/cli/bench/load/connection.ts';
import type { Endpoint } from '../../src/cli/bench/load/endpoint.ts';
import { SendRequest } from '../../src/cli/bench/load/requests.ts';

interface SteadySettings {
  readonly endpoint: Endpoint;
  readonly queueUrls: readonly string[];
  /** To each queue. */
  readonly connections: number;
  readonly perSecond: number;
}
export type SteadyRequest =
  | ({ readonly ask: 'open' } & SteadySettings)
  /** Ends when the time is over and every message is answered. */
  | { readonly ask: 'run'; readonly ms: number };
export interface SteadyReply {
  /** In the order of the queues. */
  readonly lanes: readonly { readonly sent: number; readonly latencyCounts: Uint32Array }[];
  readonly failures: readonly string[];
}

const behindSecondsMax = 20;
const unansweredMsMax = 60_000;

/** The connections to one queue. */
class Lane {
  sent = 0;
  underWay = 0;
  latencies = new LatencyHistogram();
  /** When those were due that no connection was free for. */
  readonly due: number[] = [];
  private readonly idle: ((dueAt: number) => void)[] = [];

  constructor(connections: readonly Connection[], settings: SteadySettings, queueUrl: string, fail: Fail) {
    for (const connection of connections) {
      const request = new SendRequest(settings.endpoint, { queueUrl, entries: 1 });
      let startedAt = 0;
      const send = (dueAt: number): void => {
        startedAt = dueAt;
        this.underWay++;
        connection.write(request.renew());
      };
      connection.onLost = fail;
      connection.onAnswer = (status, bytes, from, to) => {
        this.underWay--;
        if (status !== 200) return fail(`status ${status}: ${bytes.toString('utf8', from, Math.min(to, from + 300))}`);
        this.latencies.add((performance.now() - startedAt) * 1000);
        this.sent++;
        const next = this.due.shift();
        if (next === undefined) this.idle.push(send);
        else send(next);
      };
      this.idle.push(send);
    }
  }

  /** From now on: that this process itself was late is not the broker's doing. */
  give(now: number): void {
    const send = this.idle.pop();
    if (send === undefined) this.due.push(now);
    else send(now);
  }
}
type Fail = (why: string) => void;

export class SteadySender {
  private lanes: readonly Lane[] = [];
  private perSecond = 0;
  private failures: string[] = [];

  async answer(request: SteadyRequest): Promise<SteadyReply | undefined> {
    if (request.ask === 'run') return await this.run(request.ms);
    this.perSecond = request.perSecond;
    const fail: Fail = (why) => {
      if (this.failures.length < 5) this.failures.push(why);
    };
    this.lanes = await Promise.all(
      request.queueUrls.map(async (queueUrl) => {
        const opening = Array.from({ length: request.connections }, () => Connection.open(request.endpoint));
        return new Lane(await Promise.all(opening), request, queueUrl, fail);
      }),
    );
    return undefined;
  }

  private async run(ms: number): Promise<SteadyReply> {
    for (const lane of this.lanes) {
      lane.sent = 0;
      lane.latencies = new LatencyHistogram();
    }
    await this.give(ms);
    return {
      lanes: this.lanes.map(({ sent, latencies }) => ({ sent, latencyCounts: latencies.counts })),
      failures: this.failures,
    };
  }

  private give(ms: number): Promise<void> {
    const startedAt = performance.now();
    let given = 0;
    return new Promise((resolve) => {
      const ticking = setInterval(() => {
        const now = performance.now();
        const wanted = Math.floor((Math.min(now - startedAt, ms) * this.perSecond) / 1000);
        for (; given < wanted; given++) for (const lane of this.lanes) lane.give(now);
        const isDone = this.lanes.every((lane) => lane.underWay === 0 && lane.due.length === 0);
        const isBehind = this.lanes.some((lane) => lane.due.length > this.perSecond * behindSecondsMax);
        if (isBehind) this.failures.push(`${behindSecondsMax} s behind ${this.perSecond} messages a second`);
        if (now - startedAt > ms + unansweredMsMax) this.failures.push(`no answer ${unansweredMsMax} ms after the end`);
        if ((now - startedAt < ms || !isDone) && this.failures.length === 0) return;
        clearInterval(ticking);
        resolve();
      }, 1);
    });
  }
}
