import type { Option } from './option-kinds.ts';
import {
  bytes,
  choice,
  count,
  duration,
  futurePort,
  hosts,
  live,
  origins,
  ports,
  text,
  texts,
  toggle,
  url,
} from './option-kinds.ts';
import { mailSender, networks, proxy, smtpUrl } from './outward-option-kinds.ts';

const upToAnHour = { min: 0, max: 3_600_000 };
const quotaRange = { min: 0, max: 100_000_000 };
const requestRange = { min: 100, max: 3_600_000 };

/**
 * Every option of the broker, once. From a row come the flag (`httpPort` -> `--http-port`), the environment variable
 * (`GANTRY_HTTP_PORT`), the key of the configuration file (`http-port`), its line in `--help`, and its field in Config.
 */
export const options = {
  config: {
    ...text('file', undefined, 'configuration file; else ./gantry.yaml when it is there'),
    isOutsideFile: true,
  },

  // What it listens on.
  host: hosts('localhost', '127.0.0.1, and ::1 where there is one', 'addresses to listen on, separated by commas'),
  httpPort: ports(4566, 'ports for SQS over HTTP, /health and /metrics; 0: any free one, off: none'),
  httpsPort: ports('off', 'ports for the same over HTTPS, which need --tls-cert; 0: any free one, off: none'),
  tlsCert: live(text('file', undefined, 'certificate chain for the TLS ports, PEM; generated: one of its own')),
  tlsKey: live(text('file', undefined, 'private key of that certificate, PEM')),
  allowAnonymous: toggle('let everybody in on addresses beyond loopback, while no user is configured'),
  publicUrl: url('what queue URLs begin with, instead of the Host header of each request'),
  snsSigningCertUrl: url('what SigningCertURL of SNS messages begins with, instead of the broker itself'),
  trustProxy: toggle('believe X-Forwarded-Host and X-Forwarded-Proto; only behind a proxy that sets them'),
  corsOrigins: live(origins('web origins that may call the broker from a browser; *: every one')),

  // What it keeps.
  dataDir: text('folder', './data', 'folder for the messages, made with mode 0700; :memory: keeps nothing'),
  durability: choice(
    ['full', 'normal'],
    'full',
    'full: what was acknowledged survives power loss; normal: a crash of the process only',
  ),
  skipMigrationCopy: toggle('keep no copy of the store when a newer release changes its schema'),
  bodyCacheBytes: bytes({ min: 0 }, '8MiB', 'memory for fresh message bodies on their way to consumers'),
  diskFreeMin: bytes(
    { min: 0 },
    '64MiB',
    'free space on the disk of the data folder, below which sends are refused and receives go on; 0: none is kept',
  ),
  pendingBytesMax: bytes({ min: 1 }, '64MiB', 'bytes on their way to the disk, above which sends wait'),

  // What fills it at the start.
  definitions: texts(
    'paths',
    'files or folders of queues as they are to be, applied at every start, separated by commas',
  ),
  initDir: texts(
    'folders',
    'folders of scripts (*.sh, *.js, *.mjs, *.py, executables) to run when it serves, before it is ready',
  ),
  initTimeoutMs: duration({ min: 0, max: 86_400_000 }, 600_000, 'time for one such script to end; 0: any'),

  // Where it is milder than AWS, unless asked to be as strict.
  sqsInFlightMax: count({ min: 0, max: 100_000_000 }, 0, 'messages of one queue in flight; 0: any number; AWS: 120000'),
  sqsPurgeIntervalMs: live(duration(upToAnHour, 0, 'time between two PurgeQueue of one queue; AWS: 60000')),
  sqsRecreateIntervalMs: live(
    duration(upToAnHour, 0, 'time after DeleteQueue before its name can be used again; AWS: 60000'),
  ),
  sqsFifoRateMax: live(
    count(
      { min: 0, max: 1_000_000 },
      0,
      'calls a second of one operation to one FIFO queue without high throughput; 0: any number; AWS: 300',
    ),
  ),
  snsReplaysMax: count(
    { min: 0, max: 100_000 },
    1000,
    'replays out of archives that run at a time in one account; 0: none may begin',
  ),
  snsSubscriptionsMax: live(count(quotaRange, 0, 'subscriptions of one topic; 0: any number; AWS: 12500000')),
  snsFilterPoliciesMax: live(count(quotaRange, 0, 'filter policies of one topic; 0: any number; AWS: 200')),
  snsAccountFilterPoliciesMax: live(
    count(quotaRange, 0, 'filter policies of all topics of one account; 0: any number; AWS: 10000'),
  ),
  snsFilterPolicyBytesMax: live(
    bytes({ min: 0 }, '64MiB', 'memory for the filter policies of all topics of one account; 0: any amount'),
  ),
  sqsLenientAttempts: toggle('pass over ReceiveRequestAttemptId on standard queues, which AWS refuses'),

  testEndpoints: toggle('for tests: reset, a clock that can be moved, and faults on demand, below /_gantry'),

  // Where it sends messages to: endpoints of SNS.
  snsEndpointsAllow: networks('where SNS posts although it would refuse to: link-local, private, separated by commas'),
  snsProxy: proxy('proxy for the posts of SNS; environment: HTTPS_PROXY, HTTP_PROXY and NO_PROXY say it'),
  snsCaFile: text(
    'file',
    undefined,
    'authorities that also sign certificates of https endpoints and mail servers, PEM',
  ),
  smtpUrl: smtpUrl('mail server for the e-mails of SNS; without it they go to the outbox'),
  smtpFrom: mailSender('Gantry <no-reply@localhost>', 'whom the e-mails of SNS are from'),
  lambdaEndpoint: url(
    "where the functions of lambda subscriptions are invoked, by Lambda's API: http://127.0.0.1:9001",
  ),

  // What it says.
  logLevel: live(choice(['error', 'warn', 'info', 'debug', 'off'], 'info', 'least important log lines to print')),
  metricsQueuesMax: live(count({ min: 0, max: 100_000 }, 1000, 'queues that get metrics of their own in /metrics')),
  otlpEndpoint: url('OpenTelemetry collector that takes traces over HTTP, such as http://127.0.0.1:4318'),

  // What it bears.
  connectionsMax: live(count({ min: 1, max: 1_000_000 }, 10_000, 'open connections a listener')),
  requestBytesMax: live(bytes({ min: 1024 }, '4MiB', 'size of the body of one HTTP request')),
  headerBytesMax: bytes({ min: 1024 }, '16KiB', 'size of all headers of one HTTP request'),
  headerTimeoutMs: live(duration(requestRange, 10_000, 'time for the headers of one request to arrive')),
  requestTimeoutMs: live(duration(requestRange, 60_000, 'time for one whole request to arrive')),
  keepAliveTimeoutMs: live(duration(requestRange, 75_000, 'time that an idle HTTP connection stays open')),
  shutdownTimeoutMs: live(duration(upToAnHour, 10_000, 'time for requests in flight to finish at a stop')),

  // Protocols still to come: their keys are settled, so that a file written today stays right.
  amqpPort: futurePort('AMQP', 'amqp'),
  amqpsPort: futurePort('AMQP over TLS', 'amqps'),
  mqttPort: futurePort('MQTT', 'mqtt'),
  mqttsPort: futurePort('MQTT over TLS', 'mqtts'),
  stompPort: futurePort('STOMP', 'stomp'),
  stompsPort: futurePort('STOMP over TLS', 'stomps'),
  openwirePort: futurePort('OpenWire', 'openwire'),
  openwiresPort: futurePort('OpenWire over TLS', 'openwires'),
} as const satisfies Record<string, Option<unknown>>;

export type OptionKey = keyof typeof options;

/** The groups of the table, each with its first row: `--help` and docs/configuration.md show them under these titles. */
const groupTitles: Readonly<Partial<Record<OptionKey, string>>> = {
  config: 'Where options are read from',
  host: 'What it listens on',
  dataDir: 'What it keeps',
  initDir: 'What fills it at the start',
  sqsInFlightMax: 'Where it is milder than AWS, unless asked to be as strict',
  snsEndpointsAllow: 'Where it sends messages to',
  logLevel: 'What it says',
  connectionsMax: 'What it bears',
  amqpPort: 'Protocols still to come',
};

/** `httpPort` -> `http-port`: the flag without its dashes, and the key in the file. */
export function optionName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `httpPort` -> `GANTRY_HTTP_PORT`; with `_FILE` behind it, the file that holds the value. */
export function variableName(key: string): string {
  return `GANTRY_${optionName(key).replaceAll('-', '_').toUpperCase()}`;
}

export interface OptionGroup {
  readonly title: string;
  readonly keys: readonly string[];
}

/** The table in its order, group by group. */
export function optionGroups(): readonly OptionGroup[] {
  const groups: { readonly title: string; readonly keys: string[] }[] = [];
  const titles: ReadonlyMap<string, string> = new Map(Object.entries(groupTitles));
  for (const key of Object.keys(options)) {
    const title = titles.get(key);
    if (title !== undefined) groups.push({ title, keys: [] });
    groups.at(-1)?.keys.push(key);
  }
  return groups;
}
