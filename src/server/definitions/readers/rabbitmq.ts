import { isQueueName } from '../../../../protocols/sqs/names.ts';
import { type FileEntry, type FileNode, failAt } from '../../file-node.ts';
import type { ReadDefinitions } from '../definition-files.ts';
import { durationText } from '../values.ts';
import { escapedText } from '../variables.ts';
import { entryOf, textEntry } from './nodes.ts';
import { createRoutes, type Routes } from './rabbitmq-routes.ts';
import { createRemarks, type Remarks } from './remarks.ts';

interface RabbitQueue {
  readonly name: string;
  readonly vhost: string;
  readonly node: FileNode;
  readonly arguments: readonly FileEntry[];
}

const minute = 60_000;
const retentionMsMax = 14 * 24 * 60 * minute;
/** Of a queue whose consumers decide: there a message goes when it is rejected, whatever the count. */
const receivesByDefault = 5;

/** Whether a JSON document is one that RabbitMQ exports. */
export function isRabbitMq(root: FileNode): boolean {
  const keys = (root.entries ?? []).map(({ key }) => key);
  return ['rabbit_version', 'rabbitmq_version', 'vhosts', 'exchanges', 'bindings'].some((key) => keys.includes(key));
}

/** The queues of RabbitMQ's definitions. @param path that remarks name @throws GantryError `invalid-argument` */
export function readRabbitMq(root: FileNode, path: string): ReadDefinitions {
  for (const key of ['queues', 'exchanges', 'bindings']) {
    const node = entryOf(root, key);
    if (node !== undefined && node.items === undefined) failAt(node.place, `expected a list of ${key}`);
  }
  if (!isRabbitMq(root) && entryOf(root, 'queues')?.items === undefined)
    return failAt(root.place, 'expected definitions of RabbitMQ: {"rabbit_version": ..., "queues": [...]}');
  const remarks = createRemarks(path);
  const queues = keptQueues((entryOf(root, 'queues')?.items ?? []).map(queueIn), remarks);
  const routes = createRoutes(root, new Set(queues.map(({ name }) => name)));
  const items = queues.map((queue) => definitionOf(queue, routes, remarks));
  if (queues.some((queue) => argument(queue, 'x-message-ttl') === undefined))
    remarks.note('retention is 14d, the longest, where there is no x-message-ttl', '');
  for (const { key, value } of root.entries ?? []) {
    const count = value.items?.length ?? 0;
    const why = Object.hasOwn(othersLeftOut, key) ? othersLeftOut[key] : undefined;
    if (why !== undefined && count > 0) remarks.note(`${count} ${key} are left out: ${why}`, '');
  }
  return { items: [{ key: 'queues', items }], remarks: remarks.lines() };
}

const othersLeftOut: Readonly<Record<string, string>> = {
  users: 'their passwords are hashed otherwise; name them under "users:" of definitions or of gantry.yaml',
  permissions: 'users of gantry.yaml have policies',
  topic_permissions: 'users of gantry.yaml have policies',
  exchanges: 'queues are sent to by name',
  bindings: 'queues are sent to by name',
  policies: 'say in each definition what they said for many',
  parameters: 'Gantry has no shovels and federations',
};

function queueIn(node: FileNode): RabbitQueue {
  const name = entryOf(node, 'name')?.text ?? failAt(node.place, 'a queue lacks the key "name"');
  const vhost = entryOf(node, 'vhost')?.text ?? '/';
  return { name, vhost, node, arguments: entryOf(node, 'arguments')?.entries ?? [] };
}

/** Those whose name can be kept, each name once. */
function keptQueues(queues: readonly RabbitQueue[], remarks: Remarks): readonly RabbitQueue[] {
  const kept = new Map<string, RabbitQueue>();
  for (const queue of queues) {
    const { name, vhost } = queue;
    if (!isQueueName(name)) remarks.note('left out, for SQS cannot spell the name', name);
    else if (kept.has(name)) remarks.note(`left out, for another vhost than "${vhost}" has a queue of that name`, name);
    else {
      kept.set(name, queue);
      if (vhost !== '/') remarks.note(`the vhost "${vhost}" is left out: names are one for all`, name);
    }
  }
  return [...kept.values()];
}

function definitionOf(queue: RabbitQueue, routes: Routes, remarks: Remarks): FileNode {
  const { name, node } = queue;
  const { place } = node;
  if (entryOf(node, 'durable')?.text === 'false') remarks.note('becomes durable', name);
  if (entryOf(node, 'auto_delete')?.text === 'true')
    remarks.note('stays when its last consumer leaves (auto_delete)', name);
  for (const { key } of queue.arguments) if (!understood.has(key)) remarks.note(`${key} is left out`, name);
  const deadLetter = deadLetterOf(queue, routes, remarks);
  return {
    place,
    entries: [
      textEntry('name', escapedText(name), place),
      textEntry('retention', retentionOf(queue, remarks), argument(queue, 'x-message-ttl')?.place ?? place),
      ...(deadLetter === undefined ? [] : [deadLetter]),
    ],
  };
}

const understood = new Set([
  ...['x-message-ttl', 'x-dead-letter-exchange', 'x-dead-letter-routing-key', 'x-delivery-limit'],
  'x-queue-type', // Classic, quorum or stream: all are durable here, and a stream's way of reading is its consumers'.
]);

function retentionOf(queue: RabbitQueue, remarks: Remarks): string {
  const node = argument(queue, 'x-message-ttl');
  const ttl = node === undefined ? retentionMsMax : numberIn(node);
  if (ttl < minute) remarks.note('retention is 1m, the shortest, in place of a shorter x-message-ttl', queue.name);
  if (ttl > retentionMsMax)
    remarks.note('retention is 14d, the longest, in place of a longer x-message-ttl', queue.name);
  if (node !== undefined && argument(queue, 'x-dead-letter-exchange') !== undefined)
    remarks.note('a message that expires is dropped, not moved to the dead-letter queue', queue.name);
  const kept = Math.min(Math.max(ttl, minute), retentionMsMax);
  return durationText(Math.floor(kept / 1_000) * 1_000);
}

function deadLetterOf(queue: RabbitQueue, routes: Routes, remarks: Remarks): FileEntry | undefined {
  const { name, vhost } = queue;
  const exchange = argument(queue, 'x-dead-letter-exchange');
  const limit = argument(queue, 'x-delivery-limit');
  if (exchange === undefined) {
    if (limit !== undefined) remarks.note('x-delivery-limit is left out: there is no dead-letter queue', name);
    return undefined;
  }
  const key = argument(queue, 'x-dead-letter-routing-key')?.text;
  const target = routes.only(vhost, exchange.text ?? '', key);
  if (target === undefined) {
    remarks.note('its dead-letter exchange is left out: it does not lead to exactly one queue that is kept', name);
    return undefined;
  }
  // Returned more often than the limit says: one delivery more than that.
  const after = limit === undefined ? receivesByDefault : Math.min(Math.max(numberIn(limit) + 1, 1), 1_000);
  if (limit === undefined)
    remarks.note(
      `a message goes to its dead-letter queue after ${receivesByDefault} receives, for there is no x-delivery-limit`,
      name,
    );
  const { place } = exchange;
  const entries = [textEntry('queue', escapedText(target), place), textEntry('after', String(after), place)];
  return { key: 'deadLetter', keyPlace: place, value: { place, entries } };
}

function argument(queue: RabbitQueue, key: string): FileNode | undefined {
  return queue.arguments.find((entry) => entry.key === key)?.value;
}

function numberIn({ value, place }: FileNode): number {
  return typeof value === 'number' && value >= 0 ? value : failAt(place, 'expected a number');
}
