import { performance } from 'node:perf_hooks';
import type { LatencyHistogram } from '../histogram.ts';
import type { Connection } from './connection.ts';
import { dialectOf } from './dialects.ts';
import type { Endpoint } from './endpoint.ts';
import type { Run } from './plan.ts';
import { pollSeconds } from './polls.ts';
import { deleteRequest, receiveRequest, SendRequest } from './requests.ts';

/** So long after its request a receiver surely waits. */
const parkMs = 5;

/**
 * The first connection waits, the second sends: the latency is from the send's request to the receiver's answer, both on
 * one clock. As often as the run's messages say, at most `ms`.
 */
export async function runWakes(
  connections: readonly Connection[],
  endpoint: Endpoint,
  queueUrl: string,
  run: Run,
  how: { readonly ms: number; readonly latencies: LatencyHistogram },
): Promise<void> {
  const [receiver, sender] = connections;
  if (receiver === undefined || sender === undefined) throw new Error('two connections are needed');
  const send = new SendRequest(endpoint, { queueUrl, entries: 1 });
  const receive = receiveRequest(endpoint, queueUrl, pollSeconds);
  const endAt = performance.now() + how.ms;
  while (performance.now() < endAt && run.claim(1)) {
    const received = ask(receiver, receive, run);
    await new Promise((resolve) => setTimeout(resolve, parkMs));
    const sentAt = performance.now();
    const sent = ask(sender, send.renew(), run);
    const [receipt] = dialectOf(endpoint).findReceipts(Buffer.from(await received));
    how.latencies.add((performance.now() - sentAt) * 1000);
    await sent;
    run.sent++;
    if (receipt === undefined) return run.fail('the receiver was woken without a message');
    run.received++;
    await ask(receiver, deleteRequest(endpoint, queueUrl, [receipt]), run);
    run.deleted++;
  }
}

/** @returns the answer's body; empty, with the run failed, when it is not 200 */
function ask(connection: Connection, request: Uint8Array, run: Run): Promise<string> {
  run.requests++;
  return new Promise((resolve) => {
    const fail = (why: string): void => {
      run.fail(why);
      resolve('');
    };
    connection.onLost = fail;
    connection.onAnswer = (status, bytes, from, to) => {
      const body = bytes.toString('utf8', from, to);
      if (status === 200) resolve(body);
      else fail(`status ${status}: ${body.slice(0, 300)}`);
    };
    connection.write(request);
  });
}
