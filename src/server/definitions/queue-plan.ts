/** Queues as definitions want them against queues as they are: pure, and each step in a line for a person. */
import type { Namespace } from '../../model/queue.ts';
import { addressWords } from './addresses.ts';
import { type Change, changesBetween, changeText, type Words, wordsInBrackets, wordsOf } from './changes.ts';
import { type QueueDefinition, queueDefaults } from './queue-definition.ts';
import { type DescribedQueue, kindOfName, settingsChange, shownSettings, withExtras } from './queue-model.ts';
import { durationText, sizeText } from './values.ts';

export type QueueStep =
  | { readonly do: 'create'; readonly queue: DescribedQueue }
  | { readonly do: 'alter'; readonly queue: DescribedQueue; readonly changes: readonly Change[] }
  | { readonly do: 'drop'; readonly queue: DescribedQueue; readonly messages: number };

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
  const changes = changesBetween(queueWords(current), queueWords(queue), defaultWords);
  return changes.length === 0 ? undefined : { do: 'alter', queue, changes };
}

/** `~ queue orders: visibilityTimeout 30s -> 1m` */
export function stepText(step: QueueStep): string {
  const name = addressWords(step.queue.address);
  switch (step.do) {
    case 'create':
      return `+ queue ${name}${wordsInBrackets(queueWords(step.queue))}`;
    case 'alter':
      return `~ queue ${name}: ${step.changes.map(changeText).join(', ')}`;
    case 'drop':
      return `- queue ${name}${step.messages === 0 ? '' : ` (with ${step.messages} messages)`}`;
  }
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
function queueWords(queue: DescribedQueue): Words {
  const words = wordsOf(shownSettings(queue));
  const { redrive } = queue.attributes;
  if (redrive !== undefined) words.set('deadLetter', `${redrive.deadLetter.name} after ${redrive.deliveryCountMax}`);
  return words;
}
