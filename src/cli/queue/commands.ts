import type { CommandRow, OptionRow } from '../command.ts';
import { settingOptions } from './setting-options.ts';

const force: OptionRow = { flags: '-f, --force', help: 'do not ask' };
const rate: OptionRow = { flags: '--rate <number>', help: 'messages a second at most' };
const untilDone: OptionRow = { flags: '--wait', help: 'until it is done' };
const filter: OptionRow = {
  flags: '--filter <condition>',
  help: 'only these, and at once: key=value, key!=value or key~part; a key is body, group, id or a property; may be given several times',
  isList: true,
};
const dryRun: OptionRow = { flags: '--dry-run', help: 'show what would be moved, and where to; change nothing' };

/** The rows of `gantry queue`. */
export const queueCommands: readonly CommandRow[] = [
  {
    name: 'queue ls',
    args: ['[prefix]'],
    summary: 'list queues with their counts',
    uses: 'broker',
    isPrinting: true,
    examples: [
      'gantry queue ls',
      'gantry queue ls orders -o json',
      'gantry queue ls -o name | xargs -n1 gantry queue purge --force',
    ],
    load: async () => (await import('./ls.ts')).listQueues,
  },
  {
    name: 'queue info',
    args: ['<queue>'],
    summary: 'show one queue: counts, totals, settings',
    uses: 'broker',
    isPrinting: true,
    examples: ['gantry queue info orders', 'gantry queue info orders -o json'],
    load: async () => (await import('./info.ts')).showQueue,
  },
  {
    name: 'queue rm',
    args: ['<queues...>'],
    summary: 'drop queues with all their messages',
    uses: 'broker',
    options: [force],
    examples: ['gantry queue rm orders', 'gantry queue rm orders returns --force'],
    load: async () => (await import('./rm.ts')).removeQueues,
  },
  {
    name: 'queue create',
    args: ['<queues...>'],
    summary: 'create queues; one that is there already must be as asked',
    uses: 'broker',
    isPrinting: true,
    options: [{ flags: '--fifo', help: 'a FIFO queue: .fifo is added to its name' }, ...settingOptions],
    examples: [
      'gantry queue create orders-dlq',
      'gantry queue create orders --visibility-timeout 60s --dead-letter orders-dlq:5 --tag team=shop',
      'gantry queue create invoices --fifo --content-based-deduplication true',
    ],
    load: async () => (await import('./create.ts')).createQueues,
  },
  {
    name: 'queue set',
    args: ['<queue>'],
    summary: 'change settings of a queue; what is not named stays',
    uses: 'broker',
    isPrinting: true,
    options: [
      ...settingOptions,
      { flags: '--untag <name>', help: 'takes a tag away; may be given several times', isList: true },
    ],
    examples: [
      'gantry queue set orders --retention 14d --tag stage=live',
      'gantry queue set orders --dead-letter none',
    ],
    load: async () => (await import('./set.ts')).changeQueue,
  },
  {
    name: 'queue purge',
    args: ['<queues...>'],
    summary: 'drop all messages of queues',
    uses: 'broker',
    options: [force],
    examples: ['gantry queue purge orders --force'],
    load: async () => (await import('./purge.ts')).purgeQueues,
  },
  {
    name: 'queue peek',
    args: ['<queue>'],
    summary: 'look at messages without a trace: no receive, no count',
    uses: 'broker',
    isPrinting: true,
    options: [
      { flags: '--max <number>', help: 'messages at most, default 10' },
      {
        flags: '--filter <condition>',
        help: 'key=value, key!=value or key~part; a key is body, group, id or a property; may be given several times',
        isList: true,
      },
      { flags: '--state <state>', help: 'waiting, delayed or leased; default all' },
      { flags: '--after <place>', help: 'go on where an earlier look ended' },
      { flags: '--body-only', help: 'bodies as they are, one a line' },
      { flags: '--decode <as>', help: 'auto, text, json, base64 (of what somebody encoded) or hex; default auto' },
    ],
    examples: [
      'gantry queue peek orders',
      'gantry queue peek orders --filter customer=42 --filter body~refund --max 100',
      'gantry queue peek orders --state waiting --body-only',
    ],
    load: async () => (await import('./peek.ts')).peekQueue,
  },
  {
    name: 'queue redrive',
    args: ['<queue>'],
    summary: 'move what waits in a dead-letter queue back to where each message came from, or to one queue',
    uses: 'broker',
    isPrinting: true,
    options: [{ flags: '--to <queue>', help: 'all to this queue' }, filter, rate, dryRun, untilDone],
    examples: [
      'gantry queue redrive orders-dlq --dry-run',
      'gantry queue redrive orders-dlq --wait',
      'gantry queue redrive orders-dlq --to returns --rate 50',
      'gantry queue redrive orders-dlq --filter customer=42 --to orders',
    ],
    load: async () => (await import('./moves.ts')).redriveQueue,
  },
  {
    name: 'queue move',
    args: ['<from>', '<to>'],
    summary: 'move what waits in a queue to another one',
    uses: 'broker',
    isPrinting: true,
    options: [filter, rate, dryRun, untilDone],
    examples: ['gantry queue move orders returns --wait'],
    load: async () => (await import('./moves.ts')).moveQueue,
  },
  {
    name: 'queue moves',
    args: ['<queue>'],
    summary: 'list what was moved out of a queue and what is being moved, or cancel it',
    uses: 'broker',
    isPrinting: true,
    options: [{ flags: '--cancel', help: 'end the one that runs; what is moved stays moved' }],
    examples: ['gantry queue moves orders-dlq'],
    load: async () => (await import('./moves.ts')).listMoves,
  },
  {
    name: 'queue top',
    args: ['[prefix]'],
    summary: 'show what happens in queues, again and again: sends, receives and acks a second, depth, age',
    uses: 'broker',
    isPrinting: true,
    options: [
      { flags: '-n, --rounds <number>', help: 'so many times, for scripts; default until Ctrl-C' },
      { flags: '--interval <duration>', help: 'between two looks, default 1s' },
      { flags: '--sort <by>', help: 'rate, waiting, oldest or name; default rate' },
    ],
    examples: ['gantry queue top', 'gantry queue top orders -n 1', 'gantry queue top -n 1 --sort waiting -o json'],
    load: async () => (await import('./top.ts')).showTop,
  },
];
