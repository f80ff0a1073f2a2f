import { GantryError } from '../../model/errors.ts';
import type { MoveView } from '../../server/admin/moves.ts';
import type { QueueView } from '../../server/admin/queues.ts';
import { type AdminClient, connect } from '../admin-client.ts';
import { type CommandInput, flag, isSet } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { nextPage } from '../next-page.ts';
import { formatOf, type Listing, printJson, printName, printRows, say } from '../output.ts';
import { pathPart } from '../path-part.ts';
import { createProgress } from '../progress.ts';
import { pause, wholeFlag } from '../values.ts';
import { type PeekPage, peekAll } from './peek.ts';
import { messagesText, queuePath } from './views.ts';

const pollMs = 200;
const previewMax = 1_000;
const chosenMax = 256;

/** `queue redrive <dlq>`: each back to where it came from, or to one queue. */
export async function redriveQueue(input: CommandInput): Promise<number> {
  const [from = ''] = input.args;
  return move(input, from, flag(input, 'to'));
}

/** `queue move <from> <to>` */
export async function moveQueue(input: CommandInput): Promise<number> {
  const [from = '', to] = input.args;
  return move(input, from, to);
}

async function move(input: CommandInput, from: string, to: string | undefined): Promise<number> {
  const format = formatOf(input);
  const rate = wholeFlag(input, 'rate', { min: 1, max: 100_000 });
  for (const name of [from, ...(to === undefined ? [] : [to])]) queuePath(name); // Refused before it is asked.
  const client = await connect(input);
  const filter = input.flags.filter?.join('\n');
  if (isSet(input, 'dryRun')) return preview(client, from, to, filter, format === 'json');
  if (filter !== undefined) {
    if (rate !== undefined) throw new GantryError('invalid-argument', '--rate is for all messages, --filter for some');
    return moveSome(client, from, to, filter, format === 'json');
  }
  const body = { ...(to === undefined ? {} : { to }), ...(rate === undefined ? {} : { rate }) };
  const task: MoveView = await client.call('POST', `${queuePath(from)}/moves`, {}, body);
  const ended = isSet(input, 'wait') ? await untilEnded(client, from, task) : task;
  if (format === 'json') printJson(ended);
  else if (format === 'name') printName(ended.id);
  else if (ended.state === 'running') say(`on their way out of ${from}: ${messagesText(ended.toMove)} (${ended.id})`);
  else say(endText(from, ended));
  if (ended.state !== 'failed' && ended.state !== 'cancelled') return exitCodes.ok;
  return exitCodes.failed;
}

async function untilEnded(client: AdminClient, from: string, started: MoveView): Promise<MoveView> {
  const progress = createProgress();
  try {
    for (;;) {
      const { moves }: { moves: readonly MoveView[] } = await client.call('GET', `${queuePath(from)}/moves`);
      const task = moves.find(({ id }) => id === started.id);
      if (task === undefined) throw new GantryError('not-found', `the move task ${started.id} is not known any more`);
      if (task.state !== 'running' && task.state !== 'cancelling') return task;
      progress.show('moving', task.moved, task.toMove);
      await pause(pollMs);
    }
  } finally {
    progress.end();
  }
}

const failureTexts: Readonly<Record<string, string>> = {
  'no-origin': 'the others came from no queue that still has this one as its dead letter: name one with --to',
  'destination-gone': 'the queue that they came from, or that they were to go to, is gone',
  'too-long': 'it took too long',
};

function endText(from: string, { moved, state, failure }: MoveView): string {
  const why = failure === null ? '' : `: ${failureTexts[failure] ?? failure}`;
  return `moved ${messagesText(moved)} of ${from}, ${state}${why}`;
}

/** Page by page: each is looked for, and then moved in one commit; what was received meanwhile stays. */
async function moveSome(
  client: AdminClient,
  from: string,
  to: string | undefined,
  filter: string,
  isJson: boolean,
): Promise<number> {
  const counts = { moved: 0, withoutOrigin: 0, originGone: 0 };
  const progress = createProgress();
  let after: string | undefined;
  const seen = new Set<string>();
  try {
    do {
      const query = { filter, state: 'waiting', max: chosenMax, after };
      const page: PeekPage = await client.call('GET', `${queuePath(from)}/messages`, query);
      after = nextPage(page.next, seen);
      progress.show(`moved ${counts.moved}`, 0, 0);
      if (page.messages.length === 0) continue;
      const body = { positions: page.messages.map(({ position }) => position), ...(to === undefined ? {} : { to }) };
      const result: typeof counts = await client.call('POST', `${queuePath(from)}/messages/move`, {}, body);
      for (const key of ['moved', 'withoutOrigin', 'originGone'] as const) counts[key] += result[key];
    } while (after !== undefined);
  } finally {
    progress.end();
  }
  const { moved, withoutOrigin, originGone } = counts;
  if (isJson) printJson(counts);
  else {
    say(`moved ${messagesText(moved)} of ${from}`);
    if (withoutOrigin > 0) say(`gantry: ${withoutOrigin} stay: ${failureTexts['no-origin']}`);
    if (originGone > 0) say(`gantry: ${originGone} stay: ${failureTexts['destination-gone']}`);
  }
  return withoutOrigin + originGone === 0 ? exitCodes.ok : exitCodes.failed;
}

/** What a redrive would do, and to what: nothing is changed. */
async function preview(
  client: AdminClient,
  from: string,
  to: string | undefined,
  filter: string | undefined,
  isJson: boolean,
): Promise<number> {
  const { waiting, inFlight, delayed }: QueueView = await client.call('GET', queuePath(from));
  if (to !== undefined) await client.call('GET', queuePath(to));
  const counts = new Map<string, number>();
  const query = { filter, state: 'waiting' };
  if (waiting > 0) {
    for await (const message of peekAll(client, from, query, previewMax)) {
      const target = to ?? message.deadLetteredFrom ?? '(no origin: stays)';
      counts.set(target, (counts.get(target) ?? 0) + 1);
    }
  }
  const targets = [...counts].map(([queue, messages]) => ({ queue, messages }));
  const looked = Math.min(waiting, previewMax);
  if (isJson) printJson({ waiting, inFlight, delayed, looked, targets });
  else {
    const found = targets.reduce((sum, { messages }) => sum + messages, 0);
    if (filter !== undefined)
      say(`${found === previewMax ? `${found} or more` : found} of ${waiting} messages of ${from} would be moved:`);
    else say(`${waiting} messages of ${from} would be moved${looked < waiting ? `; of the first ${looked}:` : ':'}`);
    printRows('table', targets, { columns: previewColumns, name: ({ queue }) => queue });
    if (inFlight + delayed > 0) say(`${inFlight} in flight and ${delayed} delayed stay`);
  }
  return exitCodes.ok;
}

const previewColumns: Listing<{ queue: string; messages: number }>['columns'] = [
  { title: 'to', of: ({ queue }) => queue },
  { title: 'messages', of: ({ messages }) => messages },
];

const listing: Listing<MoveView> = {
  name: ({ id }) => id,
  columns: [
    { title: 'id', of: ({ id }) => id },
    { title: 'to', of: ({ to }) => to ?? '(origin)' },
    { title: 'state', of: ({ state, failure }) => (failure === null ? state : `${state}: ${failure}`) },
    { title: 'moved', of: ({ moved }) => moved },
    { title: 'of', of: ({ toMove }) => toMove },
    { title: 'started', of: ({ startedAt }) => startedAt },
  ],
};

/** `queue moves <queue>`: the latest tasks; `--cancel` ends the one that runs. */
export async function listMoves(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const path = `${queuePath(input.args[0])}/moves`;
  const { moves }: { moves: readonly MoveView[] } = await client.call('GET', path);
  if (!isSet(input, 'cancel')) {
    printRows(format, moves, listing);
    return exitCodes.ok;
  }
  const running = moves.find(({ state }) => state === 'running');
  if (running === undefined) throw new GantryError('not-found', `no move task of ${input.args[0]} is running`);
  const task: MoveView = await client.call('DELETE', `${path}/${pathPart(running.id)}`);
  printRows(format, [task], listing);
  return exitCodes.ok;
}
