/** The generator's side of the conversation with the benchmark: connections, runs, figures. */
import { performance } from 'node:perf_hooks';
import { LatencyHistogram } from '../histogram.ts';
import { Connection } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import { type LoadReply, type LoadRequest, type Plan, Run } from './plan.ts';
import { runPolls } from './polls.ts';
import { createScript, type Script } from './script.ts';
import { runWakes } from './wakes.ts';

/** An answer that has not come by then never comes: a long poll's 20 s are well below, and so is the slowest emulator. */
const unansweredMsMax = 60_000;
const connectsAtOnce = 100;

interface Open {
  readonly plan: Plan;
  readonly endpoint: Endpoint;
  readonly connections: readonly Connection[];
  readonly scripts: readonly Script[];
}

export class Generator {
  private open: Open | undefined;

  async answer(request: LoadRequest): Promise<LoadReply | undefined> {
    if (request.ask === 'open') await this.connect(request);
    else if (request.ask === 'run') return await this.run(request.ms, request.messagesMax ?? Number.POSITIVE_INFINITY);
    else this.close();
    return undefined;
  }

  private async connect(request: Extract<LoadRequest, { ask: 'open' }>): Promise<void> {
    this.close();
    const { endpoint } = request;
    const connections: Connection[] = [];
    while (connections.length < request.connections) {
      const some = Math.min(connectsAtOnce, request.connections - connections.length);
      connections.push(...(await Promise.all(Array.from({ length: some }, () => Connection.open(endpoint)))));
    }
    const isLoop = request.plan.do !== 'poll' && request.plan.do !== 'wake';
    const scripts = isLoop ? connections.map(() => createScript(endpoint, request.plan)) : [];
    this.open = { plan: request.plan, endpoint, connections, scripts };
  }

  private async run(ms: number, messagesMax: number): Promise<LoadReply> {
    if (this.open === undefined) throw new Error('open first');
    const run = new Run(messagesMax);
    const latencies = new LatencyHistogram();
    const startedAt = performance.now();
    const cpu = process.cpuUsage();
    await this.work(this.open, run, { ms, latencies });
    const used = process.cpuUsage(cpu);
    const { sent, received, deleted, requests, emptyReceives, failures } = run;
    const figures = { sent, received, deleted, requests, emptyReceives, failures };
    return {
      ...figures,
      ms: performance.now() - startedAt,
      cpuUs: used.user + used.system,
      latencyCounts: latencies.counts,
    };
  }

  private async work(
    open: Open,
    run: Run,
    how: { readonly ms: number; readonly latencies: LatencyHistogram },
  ): Promise<void> {
    if (open.plan.do === 'poll')
      return await runPolls(open.connections, open.endpoint, open.plan.queueUrl, run, how.ms);
    if (open.plan.do === 'wake') return await runWakes(open.connections, open.endpoint, open.plan.queueUrl, run, how);
    const end = setTimeout(() => (run.isEnding = true), how.ms);
    const giveUp = setTimeout(() => {
      run.fail(`no answer within ${unansweredMsMax} ms after the end`);
      this.close();
    }, how.ms + unansweredMsMax);
    await Promise.all(
      open.connections.map((connection, index) => drive(connection, open.scripts[index], run, how.latencies)),
    );
    clearTimeout(end);
    clearTimeout(giveUp);
  }

  private close(): void {
    for (const connection of this.open?.connections ?? []) connection.close();
    this.open = undefined;
  }
}

/** The closed loop of one connection: the next request leaves when the answer to the last has come. */
function drive(
  connection: Connection,
  script: Script | undefined,
  run: Run,
  latencies: LatencyHistogram,
): Promise<void> {
  return new Promise((resolve) => {
    if (script === undefined) return resolve();
    let sentAt = 0;
    const goOn = (): void => {
      const request = script.next(run);
      if (request === undefined) resolve();
      else {
        sentAt = performance.now();
        connection.write(request);
      }
    };
    const fail = (why: string): void => {
      run.fail(why);
      resolve();
    };
    connection.onLost = fail;
    connection.onAnswer = (status, bytes, from, to) => {
      latencies.add((performance.now() - sentAt) * 1000);
      run.requests++;
      if (status !== 200) return fail(`status ${status}: ${bytes.toString('utf8', from, Math.min(to, from + 300))}`);
      const wrong = script.take(run, bytes, from, to);
      if (wrong === undefined) goOn();
      else fail(wrong);
    };
    goOn();
  });
}
