import type { CommandRow, OptionRow } from '../command.ts';
import { optionsOf, subscriptionFlags, topicFlags } from './setting-options.ts';

const force: OptionRow = { flags: '-f, --force', help: 'do not ask' };

/** The rows of `gantry topic`. */
export const topicCommands: readonly CommandRow[] = [
  {
    name: 'topic ls',
    args: ['[prefix]'],
    summary: 'list topics with their subscriptions and what passed through since the start',
    uses: 'broker',
    isPrinting: true,
    examples: ['gantry topic ls', 'gantry topic ls alerts -o json'],
    load: async () => (await import('./ls.ts')).listTopics,
  },
  {
    name: 'topic info',
    args: ['<topic>'],
    summary: 'show one topic: subscriptions, counts since the start, settings',
    uses: 'broker',
    isPrinting: true,
    examples: ['gantry topic info alerts', 'gantry topic info alerts -o json'],
    load: async () => (await import('./info.ts')).showTopic,
  },
  {
    name: 'topic create',
    args: ['<topics...>'],
    summary: 'create topics; one that is there already must be as asked',
    uses: 'broker',
    isPrinting: true,
    options: [{ flags: '--fifo', help: 'a FIFO topic: .fifo is added to its name' }, ...optionsOf(topicFlags)],
    examples: [
      'gantry topic create news',
      'gantry topic create news --display-name "The news" --tag team=shop',
      'gantry topic create payments --fifo --content-based-deduplication true --archive 30d',
    ],
    load: async () => (await import('./create.ts')).createTopics,
  },
  {
    name: 'topic set',
    args: ['<topic>'],
    summary: 'change settings of a topic; what is not named stays',
    uses: 'broker',
    isPrinting: true,
    options: [
      ...optionsOf(topicFlags),
      { flags: '--untag <name>', help: 'takes a tag away; may be given several times', isList: true },
    ],
    examples: [
      'gantry topic set alerts --display-name Alerts --signature-version 2',
      'gantry topic set alerts --policy none',
    ],
    load: async () => (await import('./set.ts')).changeTopic,
  },
  {
    name: 'topic rm',
    args: ['<topics...>'],
    summary: 'drop topics with their subscriptions, and what waits for endpoints outside',
    uses: 'broker',
    options: [force],
    examples: ['gantry topic rm alerts --force'],
    load: async () => (await import('./rm.ts')).removeTopics,
  },
  {
    name: 'topic publish',
    args: ['<topic>', '[body...]'],
    summary: 'publish messages: the words given, a file, or standard input',
    uses: 'broker',
    isPrinting: true,
    options: [
      { flags: '--subject <text>', help: 'of mails, and in the envelope' },
      { flags: '--file <path>', help: 'the body is the content of this file' },
      { flags: '--lines', help: 'each line of the file or of standard input is a message, empty ones left out' },
      { flags: '--count <number>', help: 'publish it so often; in the body {{n}} counts, {{uuid}} is a new one' },
      { flags: '--template', help: 'fill in placeholders also of one message' },
      { flags: '--rate <number>', help: 'messages a second at most' },
      {
        flags: '--attr <name=value>',
        help: 'an attribute; name:Number=5, name:Binary=<base64>; may be given several times',
        isList: true,
      },
      { flags: '--group <id>', help: 'message group; without it a FIFO topic takes one group for all, "default"' },
      { flags: '--dedup-id <id>', help: 'FIFO: deduplication id' },
    ],
    examples: [
      'gantry topic publish alerts "the oven is hot" --subject Oven --attr level:Number=3',
      'gantry topic publish alerts --file order.json',
      'cat orders.jsonl | gantry topic publish alerts --lines',
      'gantry topic publish payments.fifo paid --group customer-42 --dedup-id 7',
    ],
    load: async () => (await import('./publish.ts')).publishMessages,
  },
  {
    name: 'topic sub ls',
    args: ['<topic>'],
    summary: 'list who gets what is published, and what waits for each',
    uses: 'broker',
    isPrinting: true,
    examples: ['gantry topic sub ls alerts', 'gantry topic sub ls alerts -o json'],
    load: async () => (await import('./sub/ls.ts')).listSubscriptions,
  },
  {
    name: 'topic sub add',
    args: ['<topic>', '<endpoint>'],
    summary:
      'subscribe a queue by its name, an address that begins with http, a mail address, +<phone number>, or a function or device by its ARN',
    uses: 'broker',
    isPrinting: true,
    options: [...optionsOf(subscriptionFlags), { flags: '--json', help: 'mails have the message as JSON' }],
    examples: [
      'gantry topic sub add alerts orders --raw --dead-letter orders-dlq',
      'gantry topic sub add alerts orders --filter \'{"level":[{"numeric":[">",2]}]}\'',
      'gantry topic sub add alerts https://127.0.0.1:9/hook',
      'gantry topic sub add alerts ann@example.org',
    ],
    load: async () => (await import('./sub/add.ts')).addSubscription,
  },
  {
    name: 'topic sub set',
    args: ['<topic>', '<endpoint>'],
    summary: 'change settings of a subscription, named by its endpoint or id; what is not named stays',
    uses: 'broker',
    isPrinting: true,
    options: [
      ...optionsOf(subscriptionFlags),
      { flags: '--confirm', help: 'confirm it in the place of its endpoint: for who may manage the topic' },
    ],
    examples: [
      'gantry topic sub set alerts returns --filter none --raw false',
      'gantry topic sub set alerts http://127.0.0.1:9/wait --confirm',
    ],
    load: async () => (await import('./sub/set.ts')).changeSubscription,
  },
  {
    name: 'topic sub rm',
    args: ['<topic>', '<endpoints...>'],
    summary: 'end subscriptions, named by their endpoints or ids',
    uses: 'broker',
    options: [force],
    examples: ['gantry topic sub rm alerts returns --force'],
    load: async () => (await import('./sub/rm.ts')).removeSubscriptions,
  },
];
