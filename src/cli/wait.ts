import { get } from 'node:http';
import { GantryError } from '../model/errors.ts';
import type { QueueView } from '../server/admin/queues.ts';
import { type AdminClient, connect } from './admin-client.ts';
import { type CommandInput, isSet } from './command.ts';
import { exitCodes, Unreachable } from './exit-codes.ts';
import { createProgress } from './progress.ts';
import { queuePath } from './queue/views.ts';
import { durationFlag, pause, wholeFlag } from './values.ts';

const pollMs = 200;
const answerMsMax = 5_000;
const timeoutMsDefault = 30_000;

/** Undefined: it holds. Else why it does not yet. */
type Condition = () => Promise<GantryError | undefined>;

/** Until all that was named is so. The exit code says what it failed at: nobody there, no such queue, too few messages. */
export async function waitFor(input: CommandInput): Promise<number> {
  const timeoutMs = durationFlag(input, 'timeout', timeoutMsDefault);
  const client = await connect(input);
  const conditions = conditionsOf(input, client);
  const endAt = performance.now() + timeoutMs;
  const progress = createProgress();
  try {
    for (const condition of conditions) {
      for (let why = await condition(); why !== undefined; why = await condition()) {
        const { code, message } = why;
        progress.show(`waiting: ${message}`, 0, 0);
        if (performance.now() < endAt) {
          await pause(Math.min(pollMs, endAt - performance.now()));
          continue;
        }
        const text = `not within ${timeoutMs / 1_000} s: ${message}`;
        throw why instanceof Unreachable ? new Unreachable(code, text) : new GantryError(code, text);
      }
    }
  } finally {
    progress.end();
  }
  return exitCodes.ok;
}

function conditionsOf(input: CommandInput, client: AdminClient): readonly Condition[] {
  const queues = input.flags.queue ?? [];
  const messages = wholeFlag(input, 'messages', { min: 1, max: Number.MAX_SAFE_INTEGER });
  const isEmpty = isSet(input, 'empty');
  if (queues.length === 0 && (isEmpty || messages !== undefined))
    throw new GantryError('invalid-argument', '--empty and --messages are about a queue: name it with --queue');
  if (isEmpty && messages !== undefined) throw new GantryError('invalid-argument', '--empty or --messages, not both');
  return [() => ready(client), ...queues.map((name) => () => queueHolds(client, name, isEmpty, messages))];
}

/** What will not be otherwise in a while is thrown: denied, misspelt. */
async function queueHolds(
  client: AdminClient,
  name: string,
  isEmpty: boolean,
  messages: number | undefined,
): Promise<GantryError | undefined> {
  try {
    const { waiting, inFlight, delayed }: QueueView = await client.call('GET', queuePath(name));
    const all = waiting + inFlight + delayed;
    if (isEmpty && all > 0) return new GantryError('unavailable', `queue "${name}" has ${all} messages`);
    if (messages !== undefined && waiting < messages)
      return new GantryError('unavailable', `queue "${name}" has ${waiting} of ${messages} messages`);
    return undefined;
  } catch (error) {
    if (error instanceof GantryError && (error instanceof Unreachable || error.code === 'not-found')) return error;
    throw error;
  }
}

function ready({ endpoint }: AdminClient): Promise<GantryError | undefined> {
  return new Promise((resolve) => {
    const options = { agent: false, signal: AbortSignal.timeout(answerMsMax) };
    const request = get(new URL('/health/ready', endpoint), options, (response) => {
      response.resume();
      const { statusCode } = response;
      resolve(statusCode === 200 ? undefined : new GantryError('unavailable', `${endpoint} is not ready yet`));
    });
    request.on('error', ({ message }) =>
      resolve(new Unreachable('unavailable', `no broker answers at ${endpoint}: ${message}`)),
    );
  });
}
