/** Queues as definitions want them against queues as they are: pure, and each step in a line for a person. */
import { canonicalJson } from '../../../protocols/sqs/json-text.ts';
import { defaultNamespace, type Namespace, type QueueAddress } from '../../model/queue.ts';
import { type QueueDefinition, queueDefaults } from './queue-definition.ts';
import { type DescribedQueue, kindOfName, settingsChange, shownSettings, withExtras } from './queue-model.ts';
import { durationText, sizeText } from './values.ts';

export type QueueStep =
  | { readonly do: 'create'; readonly queue: DescribedQueue }
  | { readonly do: 'alter'; readonly queue: DescribedQueue; readonly changes: readonly Change[] }
  | { readonly do: 'drop'; readonly queue: DescribedQueue; readonly messages: number };

/** One setting in words: `visibilityTimeout`, `30s`, `1m`. */
interface Change {
  readonly setting: string;
  readonly before: string;
  readonly after: string;
}

/**
 * The whole queue that a definition means: what it does not say is as by default.
 * @param namespace of a definition that names none
 * @throws GantryError `invalid-argument`
 */
export function wantedQueue(definition: QueueDefinition, namespace: Namespace): DescribedQueue {
  const { name, account = namespace.account, region = namespace.region, tags = {}, ...settings } = definition;
  const address = { account, region, name };
  const { attributes, extras } = settingsChange(address, settings);
  return {
    ...{ address, kind: kindOfName(name), attributes: { ...queueDefaults, ...attributes } },
    ...{ extras: withExtras({}, extras), tags },
  };
}

/** @returns undefined: the queue is as it is wanted */
export function queueStep(queue: DescribedQueue, current: DescribedQueue | undefined): QueueStep | undefined {
  if (current === undefined) return { do: 'create', queue };
  const before = wordsOf(current);
  const after = wordsOf(queue);
  const settings = new Set([...before.keys(), ...after.keys()]);
  const changes = [...settings].flatMap((setting) => {
    const fallback = defaultWords[setting] ?? 'none';
    const change = { setting, before: before.get(setting) ?? fallback, after: after.get(setting) ?? fallback };
    return change.before === change.after ? [] : [change];
  });
  return changes.length === 0 ? undefined : { do: 'alter', queue, changes };
}

/** `~ queue orders: visibilityTimeout 30s -> 1m` */
export function stepText(step: QueueStep): string {
  const name = addressWords(step.queue.address);
  switch (step.do) {
    case 'create':
      return `+ queue ${name}${inBrackets([...wordsOf(step.queue)].map(([setting, word]) => `${setting} ${short(word)}`))}`;
    case 'alter':
      return `~ queue ${name}: ${step.changes.map(changeText).join(', ')}`;
    case 'drop':
      return `- queue ${name}${step.messages === 0 ? '' : ` (with ${step.messages} messages)`}`;
  }
}

/** The name alone where nothing else can be meant. */
export function addressWords({ account, region, name }: QueueAddress): string {
  const isDefault = account === defaultNamespace.account && region === defaultNamespace.region;
  return isDefault ? name : `${account}/${region}/${name}`;
}

/** Whether two policies, as texts, say the same. */
export function isSamePolicy(one: string | undefined, other: string | undefined): boolean {
  if (one === other) return true;
  return one !== undefined && other !== undefined && canonicalJson(one) === canonicalJson(other);
}

const defaultWords: Readonly<Record<string, string>> = {
  delay: durationText(queueDefaults.delayMs),
  visibilityTimeout: durationText(queueDefaults.leaseMs),
  retention: queueDefaults.retentionMs === undefined ? 'none' : durationText(queueDefaults.retentionMs),
  receiveWait: durationText(queueDefaults.receiveWaitMs),
  maximumMessageSize: sizeText(queueDefaults.messageBytesMax),
  contentBasedDeduplication: 'false',
  deduplicationScope: 'queue',
  fifoThroughputLimit: 'perQueue',
  managedEncryption: 'true',
};

/** Each setting that is not as by default, as one comparable word. */
function wordsOf(queue: DescribedQueue): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const [setting, value] of Object.entries(shownSettings(queue))) {
    if (setting === 'tags') for (const [key, text] of Object.entries(queue.tags)) words.set(`tags.${key}`, text);
    else words.set(setting, wordOf(value));
  }
  const { redrive } = queue.attributes;
  if (redrive !== undefined) words.set('deadLetter', `${redrive.deadLetter.name} after ${redrive.deliveryCountMax}`);
  return words;
}

function wordOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).toSorted().join(' ');
  return typeof value === 'object' ? canonicalJson(JSON.stringify(value)) : String(value);
}

const wordCharactersMax = 60;

/** Two long words that differ at their end would look the same. */
function changeText({ setting, before, after }: Change): string {
  if (before.length > wordCharactersMax && after.length > wordCharactersMax) return `${setting} is another`;
  return `${setting} ${short(before)} -> ${short(after)}`;
}

function short(word: string): string {
  return word.length > wordCharactersMax ? `${word.slice(0, wordCharactersMax - 1)}…` : word;
}

function inBrackets(words: readonly string[]): string {
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}
