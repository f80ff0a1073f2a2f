import type { Broker } from '../../src/core/broker.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Queue, QueueAddress } from '../../src/model/queue.ts';
import type { AwsError } from '../aws/errors.ts';
import type { Members } from '../aws/members.ts';
import type { Call } from '../aws/service.ts';
import { missing, queueDoesNotExist, sqsError } from './errors.ts';
import { hintFor } from './hint.ts';
import type { Pacer } from './pacer.ts';
import { type QueueUrls, queueUrl } from './queue-url.ts';
import type { OperationName } from './shapes.ts';
import type { Throttle } from './throttle.ts';

/** What every handler is given besides its call. */
export interface Sqs {
  readonly broker: Broker;
  readonly clock: Clock;
  /** In place of the host that a client names, in the queue URLs of answers. */
  readonly publicUrl: string | undefined;
  readonly purges: Pacer;
  readonly deletions: Pacer;
  readonly throttle: Throttle;
  /** ReceiveRequestAttemptId on a standard queue is passed over, where AWS refuses it. */
  readonly isAttemptLenient: boolean;
  readonly urls: QueueUrls;
}

/**
 * The queue that the request is about: its QueueUrl, or the path that it was posted to.
 * @throws AwsError `QueueDoesNotExist`, `MissingParameter`
 */
export function queueOf(sqs: Sqs, call: Call): Queue {
  const text = call.members.text('QueueUrl') ?? pathOf(call);
  if (text === undefined || text === '') throw missing('QueueUrl');
  const address = sqs.urls.address(text, call.namespace);
  const queue = address === undefined ? undefined : sqs.broker.catalogue.find(address);
  if (queue === undefined) throw missingQueue(sqs, call, address);
  return queue;
}

/** The queue that the request names, whether or not it is there. */
export function addressOf(urls: QueueUrls, call: Call): QueueAddress | undefined {
  const { members, namespace } = call;
  const name = members.text('QueueName');
  if (name !== undefined)
    return { ...namespace, account: members.text('QueueOwnerAWSAccountId') ?? namespace.account, name };
  const text = members.text('QueueUrl') ?? pathOf(call);
  return text === undefined ? undefined : urls.address(text, namespace);
}

/** Off, as it is by default, this costs a comparison. @throws AwsError `RequestThrottled` */
export function checkRate(sqs: Sqs, operation: OperationName, call: Call): void {
  if (sqs.throttle.isOnFor(operation)) sqs.throttle.take(operation, queueOf(sqs, call), sqs.clock.now());
}

/** The same for those who only look at it. @throws GantryError `access-denied` */
export function browsedQueue(sqs: Sqs, call: Call): Queue {
  const queue = queueOf(sqs, call);
  sqs.broker.requireAllowed(call.principal, 'browse', queue.address);
  return queue;
}

/**
 * Before anything is said of a queue that no verb of core will be asked about: who may not ask learns neither whether it
 * is there nor how it is set. @throws GantryError `access-denied`
 */
export function requireOwnAct(sqs: Sqs, call: Call, address: QueueAddress): void {
  const { act } = call.principal;
  if (act !== undefined) sqs.broker.requireAllowed(call.principal, act.action, address);
}

/**
 * @param address undefined: what was given names no queue
 * @throws GantryError `access-denied`: who asks learns not even that it is missing
 */
export function missingQueue(sqs: Sqs, call: Call, address: QueueAddress | undefined): AwsError {
  if (address === undefined) return noSuchQueue(undefined);
  requireOwnAct(sqs, call, address);
  const { broker } = sqs;
  const mayKnow = (other: QueueAddress) => broker.mayBrowse(call.principal, other);
  return noSuchQueue(hintFor(address, broker.catalogue, mayKnow));
}

function noSuchQueue(hint: string | undefined): AwsError {
  return sqsError('QueueDoesNotExist', queueDoesNotExist, hint);
}

export function urlOf(sqs: Sqs, call: Call, queue: Queue): string {
  return queueUrl(queue.address, sqs.publicUrl ?? call.baseUrl);
}

/** An empty text counts as missing [SQS SendMessage MessageBody]. */
export function required(members: Members, name: string): string {
  const text = members.text(name);
  if (text === undefined || text === '') throw missing(name);
  return text;
}

/** Who the receiver of a message is told has sent it. */
export function senderOf(call: Call): string {
  return call.principal.isAnonymous ? call.principal.account : call.principal.name;
}

function pathOf(call: Call): string | undefined {
  return call.path === '/' ? undefined : `${call.baseUrl}${call.path}`;
}
