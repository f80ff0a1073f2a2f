/** Message move tasks on the wire: ARNs, handles, and a task as ListMessageMoveTasks shows it [sqs-sns 1.16]. */
import type { MoveTask } from '../../src/core/broker.ts';
import type { Queue, QueueAddress } from '../../src/model/queue.ts';
import { uuidText } from '../../src/model/uuid.ts';
import type { AwsError } from '../aws/errors.ts';
import type { Members } from '../aws/members.ts';
import type { Call } from '../aws/service.ts';
import { sqsError, sqsErrors } from './errors.ts';
import { parseJsonText } from './json-text.ts';
import { sqsLimits } from './limits.ts';
import { arnOf, parseArn } from './names.ts';
import { required, requireOwnAct, type Sqs } from './sqs.ts';

/**
 * The queue that the task is about. Who may not ask learns nothing of it.
 * @throws AwsError `InvalidParameterValue` where the ARN has not the form of one, `ResourceNotFoundException`
 * @throws GantryError `access-denied`
 */
export function sourceOf(sqs: Sqs, call: Call): Queue {
  return queueOfArn(sqs, call.members, 'SourceArn', (address) => requireOwnAct(sqs, call, address));
}

/** The queue that messages are to go to; throws as `sourceOf` does. */
export function destinationOf(sqs: Sqs, call: Call): Queue {
  const { members, principal } = call;
  return queueOfArn(sqs, members, 'DestinationArn', (address) => sqs.broker.requireAllowed(principal, 'send', address));
}

function queueOfArn(
  sqs: Sqs,
  members: Members,
  name: 'SourceArn' | 'DestinationArn',
  requireAllowed: (address: QueueAddress) => void,
): Queue {
  const arn = required(members, name);
  if (!/^arn:([^:]*:){4}[^:]+$/.test(arn)) {
    const form = 'arn:<partition>:<service>:<region>:<account-id>:<resource-id>';
    throw invalid(`You must use this format to specify the ${name}: ${form}`);
  }
  const address = parseArn(arn);
  if (address === undefined) throw noResource(name);
  requireAllowed(address);
  return sqs.broker.catalogue.find(address) ?? fail(noResource(name));
}

/** As AWS makes it: base64 of JSON. */
export function taskHandle(id: string, source: QueueAddress): string {
  const taskId = uuidText(Buffer.from(id, 'hex'));
  return Buffer.from(JSON.stringify({ taskId, sourceArn: arnOf(source) })).toString('base64');
}

/**
 * @throws AwsError `InvalidParameterValue` where it is none, `ResourceNotFoundException` where its queue is not there
 * @throws GantryError `access-denied`
 */
export function readTaskHandle(sqs: Sqs, call: Call): { readonly source: Queue; readonly id: string } {
  const handle = required(call.members, 'TaskHandle');
  const isShort = handle.length <= sqsLimits.receiptCharactersMax;
  const fields = isShort ? parseJsonText(Buffer.from(handle, 'base64').toString()) : undefined;
  const taskId = fields?.get('taskId');
  const arn = fields?.get('sourceArn');
  if (typeof taskId !== 'string' || typeof arn !== 'string') {
    throw invalid('Value for parameter TaskHandle is invalid.');
  }
  const address = parseArn(arn);
  if (address === undefined) throw noResource('SourceArn');
  requireOwnAct(sqs, call, address);
  const source = sqs.broker.catalogue.find(address) ?? fail(noResource('SourceArn'));
  return { source, id: taskId.replaceAll('-', '') };
}

const states = {
  running: 'RUNNING',
  cancelling: 'CANCELLING',
  cancelled: 'CANCELLED',
  completed: 'COMPLETED',
  failed: 'FAILED',
} as const satisfies Record<MoveTask['state'], string>;

/** The first two as AWS names them. */
const failures = {
  'destination-gone': sqsErrors.QueueDoesNotExist.code,
  'no-origin': 'CouldNotDetermineMessageSource',
  'too-long': 'TaskTimedOut',
} as const satisfies Record<NonNullable<MoveTask['failure']>, string>;

/** What was not given, or says nothing in this state, is left out. */
export function shownTask(task: MoveTask, source: QueueAddress) {
  return {
    TaskHandle: task.state === 'running' ? taskHandle(task.id, source) : undefined,
    Status: states[task.state],
    SourceArn: arnOf(source),
    DestinationArn: task.to === 'origin' ? undefined : arnOf(task.to.address),
    MaxNumberOfMessagesPerSecond: task.rateMax,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    FailureReason: task.failure === undefined ? undefined : failures[task.failure],
    StartedTimestamp: task.startedAt,
  };
}

export function noTask(): AwsError {
  return sqsError('ResourceNotFoundException', 'Task does not exist.');
}

export function invalid(message: string): AwsError {
  return sqsError('InvalidParameterValueException', message);
}

function noResource(name: 'SourceArn' | 'DestinationArn'): AwsError {
  const message = `The resource that you specified for the ${name} parameter doesn't exist.`;
  return sqsError('ResourceNotFoundException', message);
}

function fail(error: AwsError): never {
  throw error;
}
