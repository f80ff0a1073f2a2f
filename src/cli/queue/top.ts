import { GantryError } from '../../model/errors.ts';
import type { QueueView } from '../../server/admin/queues.ts';
import { type AdminClient, connect } from '../admin-client.ts';
import { whenBack } from '../come-back.ts';
import { type CommandInput, flag } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Format, formatOf, type Listing, printJsonLine, printRows, printTable, tableOf } from '../output.ts';
import { durationFlag, pause, wholeFlag } from '../values.ts';
import { ageText } from './views.ts';

/** A queue with what happened in it between two looks, a second. */
interface TopRow extends Pick<QueueView, 'name' | 'waiting' | 'inFlight' | 'delayed' | 'oldestAgeMs'> {
  readonly sends: number;
  readonly receives: number;
  readonly acks: number;
}
interface Look {
  readonly at: number;
  readonly queues: readonly QueueView[];
  readonly isCut: boolean;
}

/** Of one call: what is behind them in the order of names is not shown, which the title says. */
const queuesMax = 1_000;
const intervalMsMin = 100;

const listing: Listing<TopRow> = {
  name: ({ name }) => name,
  columns: [
    { title: 'queue', of: ({ name }) => name },
    { title: 'send/s', of: ({ sends }) => sends },
    { title: 'recv/s', of: ({ receives }) => receives },
    { title: 'ack/s', of: ({ acks }) => acks },
    { title: 'waiting', of: ({ waiting }) => waiting },
    { title: 'in flight', of: ({ inFlight }) => inFlight },
    { title: 'delayed', of: ({ delayed }) => delayed },
    { title: 'oldest', of: ({ oldestAgeMs }) => ageText(oldestAgeMs) },
  ],
};

const orders: Readonly<Record<string, (a: TopRow, b: TopRow) => number>> = {
  rate: (a, b) => b.sends + b.receives + b.acks - (a.sends + a.receives + a.acks) || b.waiting - a.waiting,
  waiting: (a, b) => b.waiting - a.waiting,
  oldest: (a, b) => (b.oldestAgeMs ?? -1) - (a.oldestAgeMs ?? -1),
  name: () => 0, // As the broker lists them.
};

export async function showTop(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const intervalMs = Math.max(intervalMsMin, durationFlag(input, 'interval', 1_000));
  const rounds = wholeFlag(input, 'rounds', { min: 1, max: 1_000_000_000 }) ?? Number.POSITIVE_INFINITY;
  const sort = flag(input, 'sort') ?? 'rate';
  const order = Object.hasOwn(orders, sort) ? orders[sort] : undefined;
  if (order === undefined)
    throw new GantryError('invalid-argument', `--sort "${sort}": expected ${Object.keys(orders).join(', ')}`);
  const client = await connect(input);
  const [prefix = ''] = input.args;
  const screen = openScreen(format === 'table' && rounds > 1);
  // A script that asked for so many rounds is told that there is no broker.
  const nextLook = () =>
    rounds === Number.POSITIVE_INFINITY
      ? whenBack(client, () => look(client, prefix), screen.ending)
      : look(client, prefix);
  try {
    let before = await look(client, prefix);
    for (let round = 0; round < rounds && !screen.ending.aborted; round++) {
      await pause(intervalMs, screen.ending);
      if (screen.ending.aborted) break;
      const now = await nextLook();
      if (now === undefined) break;
      const rows = [...rowsOf(before, now)].sort(order);
      await screen.show(format, rows, titleOf(client, now));
      before = now;
    }
  } finally {
    screen.close();
  }
  return exitCodes.ok;
}

async function look(client: AdminClient, prefix: string): Promise<Look> {
  const answer: { queues: readonly QueueView[]; next?: string } = await client.call('GET', '/queues', {
    ...{ prefix, max: queuesMax },
  });
  return { at: performance.now(), queues: answer.queues, isCut: answer.next !== undefined };
}

/** A queue that was made anew between two looks begins at nothing. */
function rowsOf(before: Look, now: Look): readonly TopRow[] {
  const earlier = new Map(before.queues.map((queue) => [`${queue.name} ${queue.createdAt}`, queue.totals]));
  const seconds = Math.max(0.001, (now.at - before.at) / 1_000);
  return now.queues.map(({ name, createdAt, waiting, inFlight, delayed, oldestAgeMs, totals }) => {
    const past = earlier.get(`${name} ${createdAt}`);
    const rate = (key: keyof QueueView['totals']): number =>
      Math.max(0, Math.round((totals[key] - (past?.[key] ?? 0)) / seconds));
    return {
      ...{ name, waiting, inFlight, delayed, oldestAgeMs },
      ...{ sends: rate('appended'), receives: rate('delivered'), acks: rate('acked') },
    };
  });
}

function titleOf({ endpoint }: AdminClient, { queues, isCut }: Look): string {
  const time = new Date().toTimeString().slice(0, 8);
  return `gantry ${endpoint}  ${time}  ${isCut ? `the first ${queues.length}` : queues.length} queues`;
}

interface Screen {
  readonly ending: AbortSignal;
  show(format: Format, rows: readonly TopRow[], title: string): Promise<void>;
  close(): void;
}

/** A screen of its own on a terminal, which Ctrl-C gives back; else a block of lines each time. */
function openScreen(isLive: boolean): Screen {
  const { stdout } = process;
  const hasScreen = isLive && stdout.isTTY === true && process.env.TERM !== 'dumb';
  const ending = new AbortController();
  const end = (): void => ending.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  if (hasScreen) stdout.write('\u001b[?1049h\u001b[?25l');
  return {
    ending: ending.signal,
    async show(format, rows, title) {
      if (format === 'json') return printJsonLine(rows);
      if (format === 'name') return printRows(format, rows, listing);
      const lines = tableOf(rows, listing.columns);
      if (!hasScreen) return printTable(lines);
      const { columns = 80, rows: height = 24 } = stdout;
      const [titles = '', ...body] = lines;
      const fitting = [title, '', ...body.slice(0, Math.max(0, height - 4))].map((line) => line.slice(0, columns - 1));
      fitting.splice(2, 0, cutTitle(titles, columns - 1));
      stdout.write(`\u001b[H${fitting.map((line) => `${line}\u001b[K`).join('\n')}\u001b[J`);
    },
    close() {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
      if (hasScreen) stdout.write('\u001b[?25h\u001b[?1049l');
    },
  };
}

const bold = '\u001b[1m';
const plain = '\u001b[0m';

/** It may be bold: what sets that takes no column, and must not be cut through. */
function cutTitle(line: string, columns: number): string {
  if (!line.startsWith(bold)) return line.slice(0, columns);
  return `${bold}${line.slice(bold.length, -plain.length).slice(0, columns)}${plain}`;
}
