import type { FileEntry, FileNode } from '../../file-node.ts';
import { failAt } from '../../file-node.ts';
import type { ReadDefinitions } from '../definition-files.ts';
import { escapedText } from '../variables.ts';
import { readHocon } from './hocon.ts';
import { entryOf, textEntry } from './nodes.ts';

type Remark = (place: string, what: string) => void;
/** A region or account that every queue is put into. */
type Namespace = readonly FileEntry[];

/** `queues` of an elasticmq.conf. @throws GantryError `invalid-argument` naming file, line and column */
export function readElasticMq(
  source: string,
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): ReadDefinitions {
  const { root, includes } = readHocon(source, path, environment);
  const remarks: string[] = [];
  const remark: Remark = (place, what) => void remarks.push(`${place}: ${what}`);
  // What ElasticMQ brings itself: there are no queues in it.
  for (const { place, text } of includes)
    if (!text.includes('classpath(')) remark(place, `${text} is not followed: name that file as well`);
  for (const { key, keyPlace, value } of root.entries ?? []) remarkOn(key, keyPlace, value, remark);
  const namespace = namespaceOf(entryOf(root, 'aws'), remark);
  const queues = entryOf(root, 'queues');
  if (queues !== undefined && queues.entries === undefined)
    failAt(queues.place, 'expected queues by name: name { ... }');
  const fifoNames = new Set((queues?.entries ?? []).filter(({ value }) => isFifo(value)).map(fullName));
  const items = (queues?.entries ?? []).map((entry) => queueOf(entry, namespace, fifoNames, remark));
  return { items: [{ key: 'queues', items }], remarks };
}

const settingsElsewhere: Readonly<Record<string, string>> = {
  'node-address': 'is left out: queue URLs follow the address that each request names; --public-url fixes them',
  'generate-node-address': 'is left out: queue URLs follow the address that each request names',
  'rest-stats': 'is left out: counts are at /metrics and in gantry queue ls',
  'persisted-queues-storage': 'is left out: Gantry keeps queues and messages on disk by itself',
  'queues-storage': 'is left out: Gantry keeps queues and messages on disk by itself',
  'messages-storage': 'is left out: Gantry keeps queues and messages on disk by itself',
  storage: 'is left out: Gantry keeps queues and messages on disk by itself',
};

function remarkOn(key: string, place: string, value: FileNode, remark: Remark): void {
  if (key === 'queues' || key === 'aws') return;
  const said = Object.hasOwn(settingsElsewhere, key) ? settingsElsewhere[key] : undefined;
  if (key !== 'rest-sqs') return remark(place, `${key} ${said ?? 'is left out: Gantry has nothing like it'}`);
  for (const entry of value.entries ?? []) {
    const text = entry.value.text ?? '';
    if (entry.key === 'bind-port')
      remark(entry.keyPlace, `rest-sqs.bind-port is left out: start Gantry with --http-port ${text}`);
    else if (entry.key === 'bind-hostname')
      remark(entry.keyPlace, `rest-sqs.bind-hostname is left out: start Gantry with --host ${text}`);
    else remark(entry.keyPlace, `rest-sqs.${entry.key} is left out: Gantry has its own options`);
  }
}

function namespaceOf(aws: FileNode | undefined, remark: Remark): Namespace {
  const region = entryOf(aws, 'region');
  const account = entryOf(aws, 'accountId');
  if (region?.text !== undefined) remark(region.place, `the queues are put into the region ${region.text}`);
  return [
    ...(region?.text === undefined ? [] : [textEntry('region', region.text, region.place)]),
    ...(account?.text === undefined ? [] : [textEntry('account', account.text, account.place)]),
  ];
}

function queueOf(entry: FileEntry, namespace: Namespace, fifoNames: ReadonlySet<string>, remark: Remark): FileNode {
  const { key, keyPlace, value } = entry;
  const name = fullName(entry);
  if (value.entries === undefined) return failAt(value.place, `expected the settings of queue "${key}": { ... }`);
  if (name === key && name.endsWith('.fifo') && !isFifo(value))
    remark(keyPlace, `queue "${key}" becomes a FIFO queue, as its name says`);
  const settings = value.entries.flatMap((one) => settingOf(name, one, fifoNames, remark));
  return { place: keyPlace, entries: [textEntry('name', escapedText(name), keyPlace), ...namespace, ...settings] };
}

function settingOf(
  queue: string,
  { key, keyPlace, value }: FileEntry,
  fifoNames: ReadonlySet<string>,
  remark: Remark,
): readonly FileEntry[] {
  switch (key) {
    case 'defaultVisibilityTimeout':
      return [textEntry('visibilityTimeout', durationIn(value), keyPlace)];
    case 'delay':
      return [textEntry('delay', durationIn(value), keyPlace)];
    case 'receiveMessageWait':
      return [textEntry('receiveWait', durationIn(value), keyPlace)];
    case 'contentBasedDeduplication':
      return queue.endsWith('.fifo') ? [{ key, keyPlace, value }] : [];
    case 'fifo':
      return [];
    case 'deadLettersQueue':
      return [{ key: 'deadLetter', keyPlace, value: deadLetterOf(queue, value, fifoNames) }];
    case 'tags':
      return [{ key, keyPlace, value: { ...value, entries: (value.entries ?? []).map(tagOf) } }];
    default:
      remark(keyPlace, `queue "${queue}": ${key} is left out: ${whyLeftOut(key)}`);
      return [];
  }
}

function whyLeftOut(key: string): string {
  if (key === 'copyTo' || key === 'moveTo') return 'a queue of Gantry does not send its messages on by itself';
  return 'Gantry has nothing like it';
}

function deadLetterOf(queue: string, node: FileNode, fifoNames: ReadonlySet<string>): FileNode {
  const name = entryOf(node, 'name') ?? failAt(node.place, 'deadLettersQueue lacks the key "name"');
  const count =
    entryOf(node, 'maxReceiveCount') ?? failAt(node.place, 'deadLettersQueue lacks the key "maxReceiveCount"');
  const text = name.text ?? '';
  const isShort = queue.endsWith('.fifo') && fifoNames.has(`${text}.fifo`);
  const full = textEntry('queue', escapedText(isShort ? `${text}.fifo` : text), name.place);
  return { place: node.place, entries: [full, { key: 'after', keyPlace: count.place, value: count }] };
}

function tagOf({ key, keyPlace, value }: FileEntry): FileEntry {
  return textEntry(key, escapedText(value.text ?? failAt(value.place, 'expected a text')), keyPlace);
}

function isFifo(queue: FileNode): boolean {
  return entryOf(queue, 'fifo')?.text === 'true';
}

/** ElasticMQ adds the ending where `fifo = true`. */
function fullName({ key, value }: FileEntry): string {
  return isFifo(value) && !key.endsWith('.fifo') ? `${key}.fifo` : key;
}

const unitWords: readonly (readonly [RegExp, number])[] = [
  [/^(|ms|milli|millis|milliseconds?)$/, 1],
  [/^(s|seconds?)$/, 1_000],
  [/^(m|minutes?)$/, 60_000],
  [/^(h|hours?)$/, 3_600_000],
  [/^(d|days?)$/, 86_400_000],
  [/^(us|micros?|microseconds?|ns|nanos?|nanoseconds?)$/, 0],
];

/** A number alone counts milliseconds; of a second's parts nothing is left, as there. */
function durationIn({ text = '', place }: FileNode): string {
  const [, digits = '', unit = ''] = /^(\d{1,15})\s*([A-Za-z]*)$/.exec(text.trim()) ?? [];
  const factor = unitWords.find(([words]) => words.test(unit))?.[1];
  if (digits === '' || factor === undefined) return failAt(place, 'expected a duration, such as 10 seconds');
  return `${Math.floor((Number(digits) * factor) / 1_000)}s`;
}
