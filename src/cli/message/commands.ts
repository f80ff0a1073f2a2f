import type { CommandRow, OptionRow } from '../command.ts';

const decode: OptionRow = {
  flags: '--decode <as>',
  help: 'auto, text, json, base64 (of what somebody encoded) or hex; default auto',
};
const lease: OptionRow = {
  flags: '--visibility-timeout <duration>',
  help: 'how long others do not see what is received',
};
const placeholders = '{{n}} counts, {{uuid}} is a new one, {{now}} the time';

/** The rows of what is done with messages. */
export const messageCommands: readonly CommandRow[] = [
  {
    name: 'send',
    args: ['<queue>', '[body...]'],
    summary: 'send messages: the words given, a file, or standard input',
    uses: 'broker',
    isPrinting: true,
    options: [
      { flags: '--file <path>', help: 'the body is the content of this file' },
      { flags: '--lines', help: 'each line of the file or of standard input is a message, empty ones left out' },
      { flags: '--count <number>', help: `send it so often; in the body ${placeholders}` },
      { flags: '--template', help: `fill in placeholders also of one message: ${placeholders}` },
      { flags: '--rate <number>', help: 'messages a second at most' },
      {
        flags: '--attr <name=value>',
        help: 'a property; name:Number=5, name:Boolean=true, name:Binary=<base64>; may be given several times',
        isList: true,
      },
      { flags: '--group <id>', help: 'message group; without it a FIFO queue takes one group for all, "default"' },
      { flags: '--dedup-id <id>', help: 'FIFO: deduplication id' },
      { flags: '--delay <duration>', help: 'before it can be received' },
      { flags: '--reply-to <queue>', help: 'queue that takes the answer' },
      { flags: '--correlation-id <id>', help: 'what the answer will bear' },
    ],
    examples: [
      'gantry send orders \'{"id":1,"item":"lamp"}\' --attr customer:Number=42',
      'gantry send orders --file order.json',
      'cat orders.jsonl | gantry send orders --lines',
      'gantry send orders \'{"id":{{n}},"at":"{{now}}"}\' --count 100 --rate 500',
      'gantry send invoices.fifo paid --group customer-42 --dedup-id 7',
    ],
    load: async () => (await import('./send.ts')).sendMessages,
  },
  {
    name: 'receive',
    args: ['<queue>'],
    summary: 'receive messages, print them, and then acknowledge them',
    uses: 'broker',
    isPrinting: true,
    options: [
      { flags: '--max <number>', help: 'messages at most; default 1, with --follow any number' },
      { flags: '--wait <duration>', help: 'how long to wait for them, default 0s' },
      { flags: '--follow', help: 'go on until Ctrl-C' },
      { flags: '--keep', help: 'do not acknowledge: they come back when their visibility timeout ends' },
      lease,
      { flags: '--body-only', help: 'bodies as they are, one a line' },
      decode,
    ],
    examples: [
      'gantry receive orders',
      'gantry receive orders --max 100 --wait 1s -o json',
      'gantry receive orders --follow --body-only',
      'gantry receive orders --keep --visibility-timeout 5s',
    ],
    load: async () => (await import('./receive.ts')).receiveMessages,
  },
  {
    name: 'reply',
    args: ['<queue>', '[body...]'],
    summary: 'answer requests: to the queue that each names in replyTo, with its correlation id',
    uses: 'broker',
    options: [
      {
        flags: '--command <line>',
        help: 'a shell command: it gets the request on standard input and prints the answer',
      },
      { flags: '--echo', help: 'the answer is the request' },
      { flags: '--max <number>', help: 'requests, default any number' },
      lease,
    ],
    examples: [
      'gantry reply requests \'{"ok":true,"n":{{n}}}\' --max 1',
      "gantry reply requests --command 'tr a-z A-Z' --max 1",
      'gantry reply requests --echo',
    ],
    load: async () => (await import('./reply.ts')).replyToMessages,
  },
];
