import type { Connection } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import type { Run } from './plan.ts';
import { receiveRequest } from './requests.ts';

/** The longest that SQS allows. */
export const pollSeconds = 20;

/** Sends a long poll on every connection and watches for `ms` that none ends: an answer in that time is a failure. */
export async function runPolls(
  connections: readonly Connection[],
  endpoint: Endpoint,
  queueUrl: string,
  run: Run,
  ms: number,
): Promise<void> {
  const request = receiveRequest(endpoint, queueUrl, pollSeconds);
  for (const connection of connections) {
    connection.onLost = (why) => run.fail(why);
    connection.onAnswer = (status, bytes, from, to) =>
      run.fail(`a poll ended with ${status}: ${bytes.toString('utf8', from, Math.min(to, from + 300))}`);
    connection.write(request);
    run.requests++;
  }
  await new Promise((resolve) => setTimeout(resolve, ms));
}
