import { brokerOptions, type CommandRow, type OptionRow } from './command.ts';
import { messageCommands } from './message/commands.ts';
import { queueCommands } from './queue/commands.ts';
import { topicCommands } from './topic/commands.ts';

const force: OptionRow = { flags: '-f, --force', help: 'do not ask' };
const userOptions: readonly OptionRow[] = [
  { flags: '--admin [true|false]', help: 'may do everything, whatever policies say' },
  { flags: '--password', help: 'ask for a password, or read it from a pipe' },
  { flags: '--password-file <file>', help: 'file that holds the password; -: standard input' },
  { flags: '--policy <file>', help: 'statements of IAM or a policy document, as YAML or JSON; -: standard input' },
  { flags: '--account <digits>', help: 'account of the user, default 000000000000' },
];

const readAsOption: OptionRow = {
  flags: '--format <format>',
  help: 'auto, gantry, elasticmq (its elasticmq.conf) or rabbitmq (its definitions); default auto',
};

/** All commands, in the order in which help shows them. */
export const commands: readonly CommandRow[] = [
  {
    name: 'serve',
    summary: 'run the broker until it is told to stop',
    uses: 'config',
    examples: ['gantry serve', 'gantry serve --http-port 4566,9324 --data-dir /srv/gantry'],
    load: async () => {
      const { serve } = await import('./serve.ts');
      return ({ flags }) => serve(flags);
    },
  },
  {
    name: 'check-config',
    summary: 'show what the options mean and where each comes from; starts nothing',
    uses: 'config',
    options: [
      { flags: '--schema', help: 'print the JSON schema of the configuration file, for editors, and check nothing' },
    ],
    examples: [
      'gantry check-config',
      'gantry check-config --config /etc/gantry/gantry.yaml',
      'gantry check-config --schema > gantry.schema.json',
    ],
    load: async () => {
      const { checkConfig } = await import('./check-config.ts');
      return ({ flags }) => checkConfig(flags);
    },
  },
  ...queueCommands,
  ...messageCommands,
  ...topicCommands,
  {
    name: 'tail',
    args: ['[pattern]'],
    summary: 'show messages while they come, from every protocol, until Ctrl-C; takes none away',
    uses: 'broker',
    isPrinting: true,
    options: [
      {
        flags: '--kinds <list>',
        help: 'appended, delivered, acked, released, extended, rejected, queue-created, ... or all; default appended',
      },
      { flags: '--filter <name=value>', help: 'only messages with this property' },
      { flags: '--body-bytes <number>', help: 'bytes of each body that are shown, default 4096' },
    ],
    examples: [
      'gantry tail',
      'gantry tail "orders*" --kinds appended,acked',
      'gantry tail orders --filter country=de -o json | jq .body',
    ],
    load: async () => (await import('./tail.ts')).tail,
  },
  {
    name: 'backup',
    args: ['<file>'],
    summary: 'have a running broker copy its store into a file; nobody waits meanwhile',
    uses: 'broker',
    options: [{ flags: '-f, --force', help: 'replace a file that is there' }],
    examples: ['gantry backup monday.db', 'gantry backup /backups/gantry.db --force'],
    load: async () => (await import('./backup.ts')).takeBackup,
  },
  {
    name: 'restore',
    args: ['<file>'],
    summary: 'put a backup into a data folder that no broker runs on',
    uses: 'nothing',
    options: [
      { flags: '--data-dir <folder>', help: 'where to, else as the options of the broker say [GANTRY_DATA_DIR]' },
      { flags: '-f, --force', help: 'move aside what the folder holds' },
    ],
    examples: ['gantry restore monday.db --data-dir ./data', 'gantry restore monday.db --data-dir ./data --force'],
    load: async () => (await import('./restore.ts')).restoreBackup,
  },
  {
    name: 'doctor',
    summary:
      'look at all that a broker stands on: ports, folder, disk, clock, limits; exit code 1 when something fails',
    uses: 'config',
    isPrinting: true,
    options: [{ flags: '--endpoint <url>', help: 'the running broker to look at [GANTRY_ENDPOINT]' }],
    examples: ['gantry doctor', 'gantry doctor --config /etc/gantry/gantry.yaml -o json'],
    load: async () => (await import('./doctor.ts')).runDoctor,
  },
  {
    name: 'cert',
    summary:
      'make a certificate for HTTPS, and an authority that clients can trust; nothing that is right is made anew',
    uses: 'config',
    isPrinting: true,
    options: [
      { flags: '--out <folder>', help: 'where to put them, default the folder "tls" in the data folder' },
      { flags: '--name <name>', help: 'a further host name or address; may be given several times', isList: true },
    ],
    examples: [
      'gantry cert',
      'gantry cert --out certs --name sns.us-east-1.amazonaws.com',
      'NODE_EXTRA_CA_CERTS=$(gantry cert -o name) gantry health --endpoint https://localhost:4567',
    ],
    load: async () => (await import('./cert.ts')).makeCertificate,
  },
  {
    name: 'bench',
    summary: 'measure sends, batches and whole cycles in half a minute, on a broker of its own or on one that runs',
    uses: 'nothing',
    isPrinting: true,
    options: [
      { flags: '--endpoint <url>', help: 'a running broker to measure, in queues that are removed afterwards' },
      { flags: '--folder <folder>', help: "on the disk to measure; default the system's temporary folder" },
      { flags: '--seconds <number>', help: 'measured time of each of the four cases; default 5' },
    ],
    examples: [
      'gantry bench',
      'gantry bench --folder /srv -o json',
      'gantry bench --endpoint http://127.0.0.1:4566 --seconds 2',
    ],
    load: async () => (await import('./bench.ts')).runBench,
  },
  {
    name: 'user ls',
    summary: 'list users, those of files too',
    uses: 'broker',
    isPrinting: true,
    examples: ['gantry user ls', 'gantry user ls -o json'],
    load: async () => (await import('./user/ls.ts')).listUsers,
  },
  {
    name: 'user add',
    args: ['<name>'],
    summary: 'make a user; the first turns access control on; before the first start it is written to the data folder',
    uses: 'broker',
    options: [
      ...userOptions,
      {
        flags: '--data-dir <folder>',
        help: 'write it there, whatever broker runs elsewhere; else where the options say, when none runs',
      },
    ],
    examples: [
      'gantry user add operator --admin --password',
      'gantry user add shop --policy shop-policy.yaml --user operator',
    ],
    load: async () => (await import('./user/add.ts')).addUser,
  },
  {
    name: 'user set',
    args: ['<name>'],
    summary: 'change a user; what is not named stays',
    uses: 'broker',
    options: [
      ...userOptions,
      { flags: '--remove-password', help: 'nobody signs in by a password of this user any more' },
      { flags: '--remove-policy', help: 'take all its statements away' },
    ],
    examples: ['gantry user set shop --policy shop-policy.yaml', 'gantry user set shop --admin false'],
    load: async () => (await import('./user/set.ts')).changeUser,
  },
  {
    name: 'user info',
    args: ['<name>'],
    summary: 'show one user: account, access keys, policy',
    uses: 'broker',
    isPrinting: true,
    examples: ['gantry user info shop'],
    load: async () => (await import('./user/info.ts')).showUser,
  },
  {
    name: 'user rm',
    args: ['<names...>'],
    summary: 'drop users with their access keys',
    uses: 'broker',
    options: [force],
    examples: ['gantry user rm shop', 'gantry user rm shop bakery --force'],
    load: async () => (await import('./user/rm.ts')).removeUsers,
  },
  {
    name: 'key create',
    args: ['<user>'],
    summary: 'make an access key for a user and print it; its secret is never shown again',
    uses: 'broker',
    isPrinting: true,
    options: [{ flags: '--account <digits>', help: 'account in which it acts, default that of its user' }],
    examples: ['gantry key create shop', 'gantry key create shop -o json > shop-key.json'],
    load: async () => (await import('./key/create.ts')).createKey,
  },
  {
    name: 'key ls',
    args: ['[user]'],
    summary: 'list access keys, without their secrets',
    uses: 'broker',
    isPrinting: true,
    examples: ['gantry key ls', 'gantry key ls shop -o name'],
    load: async () => (await import('./key/ls.ts')).listKeys,
  },
  {
    name: 'key rm',
    args: ['<user>', '<ids...>'],
    summary: 'drop access keys of a user',
    uses: 'broker',
    options: [force],
    examples: ['gantry key rm shop AKIAEXAMPLE'],
    load: async () => (await import('./key/rm.ts')).removeKeys,
  },
  {
    name: 'policy check',
    args: ['<who>', '<action>', '<resource>'],
    summary: 'say whether a user may, and which statement decides: exit code 0 allowed, 5 denied',
    uses: 'broker',
    isPrinting: true,
    options: [{ flags: '--context <key=value>', help: 'a condition key, such as aws:SourceIp=10.0.0.1', isList: true }],
    examples: [
      'gantry policy check shop sqs:SendMessage orders',
      'gantry policy check anonymous receive orders --context aws:SourceIp=10.0.0.1',
    ],
    load: async () => (await import('./policy/check.ts')).checkPolicy,
  },
  {
    name: 'export',
    args: ['[file]'],
    summary: 'write queues, topics and users as definitions, which import reads; a file gets mode 0600',
    uses: 'broker',
    options: [
      { flags: '-o, --output <format>', help: 'yaml or json; default yaml, or what the name of the file ends in' },
      { flags: '--prefix <text>', help: 'only queues, topics and users whose names begin so' },
    ],
    examples: ['gantry export', 'gantry export definitions.yaml', 'gantry export -o json --prefix orders'],
    load: async () => (await import('./definitions/export.ts')).exportDefinitions,
  },
  {
    name: 'import',
    args: ['<files...>'],
    summary: 'make queues, topics and users as definitions say: files, folders, or - for standard input',
    uses: 'broker',
    isPrinting: true,
    options: [
      { flags: '--dry-run', help: 'show what would be done' },
      {
        flags: '--prune',
        help: 'drop queues, topics, subscriptions and users that no definition names, with their messages',
      },
      readAsOption,
      force,
    ],
    examples: [
      'gantry import definitions.yaml',
      'gantry import --dry-run definitions.d',
      'gantry import elasticmq.conf',
      'gantry export | gantry import --endpoint http://127.0.0.1:4567 -',
    ],
    load: async () => (await import('./definitions/import.ts')).importDefinitions,
  },
  {
    name: 'diff',
    args: ['<files...>'],
    summary: 'show what import --prune would do: exit code 0 when nothing, 1 when something',
    uses: 'broker',
    isPrinting: true,
    options: [readAsOption],
    examples: ['gantry diff definitions.yaml', 'gantry diff definitions.d -o json'],
    load: async () => (await import('./definitions/import.ts')).showDifferences,
  },
  {
    name: 'health',
    summary: 'ask the running broker whether it serves: exit code 0, 1 when not, 3 when not reachable',
    uses: 'config',
    options: [
      {
        flags: '--endpoint <url>',
        help: 'the broker to ask, else the first HTTP listener of the options [GANTRY_ENDPOINT]',
      },
      { flags: '--ready', help: 'ask whether it is ready: also the scripts of --init-dir have ended' },
    ],
    examples: ['gantry health', 'gantry health --endpoint http://127.0.0.1:4566'],
    load: async () => {
      const { askHealth } = await import('./health.ts');
      return ({ flags }) => askHealth(flags);
    },
  },
  {
    name: 'wait',
    summary: 'wait until the broker is ready, topics and queues are there, and queues have messages, or none',
    uses: 'broker',
    options: [
      { flags: '--queue <name>', help: 'must be there; may be given several times', isList: true },
      { flags: '--topic <name>', help: 'must be there; may be given several times', isList: true },
      { flags: '--messages <number>', help: 'so many must wait in each queue' },
      { flags: '--empty', help: 'each queue must have none, in flight and delayed ones included' },
      { flags: '--ready', help: 'the broker must be ready, which is asked for in any case' },
      { flags: '--timeout <duration>', help: 'how long to wait, default 30s' },
    ],
    examples: ['gantry wait --ready --timeout 10s', 'gantry wait --queue orders', 'gantry wait --queue orders --empty'],
    load: async () => (await import('./wait.ts')).waitFor,
  },
  {
    name: 'env',
    summary: 'print what points AWS SDKs and tools at the broker, for a shell to read',
    uses: 'nothing',
    options: [
      { flags: '--shell <name>', help: 'sh, fish or powershell; default sh' },
      ...brokerOptions.filter(({ flags }) => !flags.startsWith('--user')),
    ],
    examples: ['eval "$(gantry env)"', 'gantry env --shell fish | source', 'gantry env --shell powershell'],
    load: async () => (await import('./env.ts')).printEnvironment,
  },
  {
    name: 'aws',
    args: ['[words...]'],
    summary: 'run the AWS CLI against the broker; without one, SQS, SNS and STS by itself',
    uses: 'nothing',
    isPassingOn: true,
    examples: [
      'gantry aws sqs list-queues',
      'gantry aws sqs create-queue --queue-name invoices',
      'gantry aws sns create-topic --name news',
    ],
    load: async () => (await import('./aws.ts')).runAws,
  },
  {
    name: 'init',
    args: ['[folder]'],
    summary: 'write gantry.yaml with every option, and a compose.yaml; nothing that is there is overwritten',
    uses: 'nothing',
    options: [{ flags: '-f, --force', help: 'write them anew' }],
    examples: ['gantry init', 'gantry init shop --force'],
    load: async () => (await import('./init.ts')).initialize,
  },
  {
    name: 'completion',
    args: ['<shell>'],
    summary: 'print what completes commands, flags, names of queues and topics in bash, zsh or fish',
    uses: 'nothing',
    examples: ['eval "$(gantry completion bash)"', 'gantry completion zsh', 'gantry completion fish'],
    load: async () => {
      const { printCompletion } = await import('./completion.ts');
      return (input) => printCompletion(commands, input);
    },
  },
  {
    name: 'version',
    summary: 'print the version',
    uses: 'nothing',
    examples: ['gantry version'],
    load: async () => {
      const { printVersion } = await import('./version.ts');
      return () => printVersion();
    },
  },
];
