import type { Queue } from '../../../src/model/queue.ts';
import type { Members } from '../../aws/members.ts';
import type { Call } from '../../aws/service.ts';
import { isGroupId } from '../characters.ts';
import { invalidValue } from '../errors.ts';
import { sqsLimits } from '../limits.ts';
import { badId, notForThisQueue } from '../message.ts';
import { arnOf } from '../names.ts';
import { readAttributeNames, readSystemNames } from '../receive-names.ts';
import type { Received } from '../received.ts';
import { queueOf, type Sqs } from '../sqs.ts';

export async function receiveMessage(sqs: Sqs, call: Call): Promise<Received> {
  const { members } = call;
  const queue = queueOf(sqs, call);
  const deliveriesMax = readMax(members);
  const waitSeconds = readSeconds(members, 'WaitTimeSeconds', `Must be >= 0 and <= ${waitMax}, if provided.`, waitMax);
  const leaseReason = `Must be between 0 and ${visibilityMax}, if provided.`;
  const leaseSeconds = readSeconds(members, 'VisibilityTimeout', leaseReason, visibilityMax);
  const attempt = readAttempt(members, queue, sqs.isAttemptLenient);
  const wanted = { system: readSystemNames(members), attributes: readAttributeNames(members) };
  const waitMs = waitSeconds === undefined ? queue.attributes.receiveWaitMs : waitSeconds * 1000;
  const deliveries = await sqs.broker.receive(call.principal, queue, {
    deliveriesMax,
    leaseMs: leaseSeconds === undefined ? undefined : leaseSeconds * 1000,
    waitMs,
    ...(attempt === undefined ? {} : { attempt }),
    origin: call,
    ...(waitMs === 0 ? {} : { cancellation: call.cancellation() }),
  });
  return { deliveries, wanted, kind: queue.kind, arnOfQueue };

  function arnOfQueue(id: Queue['id']): string | undefined {
    const found = sqs.broker.catalogue.findById(id);
    return found === undefined ? undefined : arnOf(found.address);
  }
}

const waitMax = sqsLimits.waitSecondsMax;
const visibilityMax = sqsLimits.visibilitySecondsMax;

function readMax(members: Members): number {
  const max = members.integer('MaxNumberOfMessages') ?? 1;
  if (max >= 1 && max <= sqsLimits.receiveMessagesMax) return max;
  const reason = `Must be between 1 and ${sqsLimits.receiveMessagesMax}, if provided.`;
  throw invalidValue('MaxNumberOfMessages', max, reason);
}

function readSeconds(members: Members, name: string, reason: string, max: number): number | undefined {
  const seconds = members.integer(name);
  if (seconds === undefined || (seconds >= 0 && seconds <= max)) return seconds;
  throw invalidValue(name, seconds, reason);
}

function readAttempt(members: Members, queue: Queue, isLenient: boolean): string | undefined {
  const attempt = members.text('ReceiveRequestAttemptId');
  if (attempt === undefined) return undefined;
  if (queue.kind === 'standard') {
    if (isLenient) return undefined;
    throw notForThisQueue('ReceiveRequestAttemptId', attempt);
  }
  if (!isGroupId(attempt)) throw badId('ReceiveRequestAttemptId', attempt);
  return attempt;
}
