import { GantryError } from '../model/errors.ts';
import type { QueueView } from '../server/admin/queues.ts';
import { type AdminClient, connect } from './admin-client.ts';
import { type CommandInput, isSet } from './command.ts';
import { exitCodes, Unreachable } from './exit-codes.ts';
import { fetchText } from './health.ts';
import { createProgress } from './progress.ts';
import { queuePath } from './queue/views.ts';
import { topicPath } from './topic/views.ts';
import { durationFlag, pause, wholeFlag } from './values.ts';

const pollMs = 200;
const answerMsMax = 5_000;
/** Also where less is left: a broker gets the time to answer. */
const answerMsMin = 500;
const timeoutMsDefault = 30_000;

/** Undefined: it holds. Else why it does not yet. */
type Condition = (limitMs: number) => Promise<GantryError | undefined>;

/** Until all that was named is so. The exit code says what it failed at: nobody there, no such queue, too few messages. */
export async function waitFor(input: CommandInput): Promise<number> {
  const timeoutMs = durationFlag(input, 'timeout', timeoutMsDefault);
  const client = await connect(input);
  const conditions = conditionsOf(input, client);
  const endAt = performance.now() + timeoutMs;
  const look = (condition: Condition) =>
    condition(Math.max(answerMsMin, Math.min(answerMsMax, Math.ceil(endAt - performance.now()))));
  const progress = createProgress();
  try {
    for (const condition of conditions) {
      for (let why = await look(condition); why !== undefined; why = await look(condition)) {
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
  const paths = queues.map((name) => ({ name, path: queuePath(name) }));
  const topics = (input.flags.topic ?? []).map((name) => topicPath(name));
  return [
    (limitMs) => ready(client, limitMs),
    ...topics.map((path) => (limitMs: number) => isThere(client, path, limitMs)),
    ...paths.map((queue) => (limitMs: number) => queueHolds(client, queue, { isEmpty, messages, limitMs })),
  ];
}

async function isThere(client: AdminClient, path: string, limitMs: number): Promise<GantryError | undefined> {
  return await notYet(async () => {
    await client.call('GET', path, {}, undefined, { signal: AbortSignal.timeout(limitMs) });
    return undefined;
  });
}

interface Expected {
  readonly isEmpty: boolean;
  readonly messages: number | undefined;
  readonly limitMs: number;
}

/** What will not be otherwise in a while is thrown: denied, misspelt. */
async function notYet(look: () => Promise<GantryError | undefined>): Promise<GantryError | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof GantryError && (error instanceof Unreachable || error.code === 'not-found')) return error;
    throw error;
  }
}

async function queueHolds(
  client: AdminClient,
  { name, path }: { readonly name: string; readonly path: string },
  { isEmpty, messages, limitMs }: Expected,
): Promise<GantryError | undefined> {
  return await notYet(async () => {
    const { waiting, inFlight, delayed }: QueueView = await client.call('GET', path, {}, undefined, {
      signal: AbortSignal.timeout(limitMs),
    });
    const all = waiting + inFlight + delayed;
    if (isEmpty && all > 0) return new GantryError('unavailable', `queue "${name}" has ${all} messages`);
    if (messages !== undefined && waiting < messages)
      return new GantryError('unavailable', `queue "${name}" has ${waiting} of ${messages} messages`);
    return undefined;
  });
}

async function ready({ endpoint }: AdminClient, limitMs: number): Promise<GantryError | undefined> {
  try {
    const { status, text } = await fetchText(new URL('/health/ready', endpoint), limitMs);
    if (status !== 200) return new GantryError('unavailable', `${endpoint} is not ready yet`);
    return saysReady(text) ? undefined : new Unreachable('unavailable', `what answers at ${endpoint} is no Gantry`);
  } catch (error) {
    if (error instanceof Unreachable) return error;
    throw error;
  }
}

function saysReady(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null && 'isReady' in answer && answer.isReady === true;
  } catch {
    return false;
  }
}
