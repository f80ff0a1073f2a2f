import type { CommandRow, OptionRow } from './command.ts';

const force: OptionRow = { flags: '-f, --force', help: 'do not ask' };

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
    load: async () => (await import('./queue/ls.ts')).listQueues,
  },
  {
    name: 'queue info',
    args: ['<queue>'],
    summary: 'show one queue: counts, totals, settings',
    uses: 'broker',
    isPrinting: true,
    examples: ['gantry queue info orders', 'gantry queue info orders -o json'],
    load: async () => (await import('./queue/info.ts')).showQueue,
  },
  {
    name: 'queue rm',
    args: ['<queues...>'],
    summary: 'drop queues with all their messages',
    uses: 'broker',
    options: [force],
    examples: ['gantry queue rm orders', 'gantry queue rm orders returns --force'],
    load: async () => (await import('./queue/rm.ts')).removeQueues,
  },
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
