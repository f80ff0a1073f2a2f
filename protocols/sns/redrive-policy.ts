import { jsonComplaint } from '../../src/filter/policy/index.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { QueueAddress } from '../../src/model/queue.ts';
import { arnParts } from './arn.ts';
import { snsLimits } from './limits.ts';

/**
 * The queue that a RedrivePolicy names; it need not be there.
 * @param isFifo from a FIFO topic to a FIFO queue
 * @throws GantryError `invalid-argument` with AWS's words from "RedrivePolicy: " on (verified) [sqs-sns 2.3]
 */
export function deadLetterOf(policy: string, isFifo: boolean): QueueAddress {
  const queue = queueOf(targetArnIn(policy));
  if (isFifo && !queue.name.endsWith('.fifo')) {
    throw refusal('must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.');
  }
  return queue;
}

function targetArnIn(policy: string): string {
  if (policy.length > snsLimits.redrivePolicyCharactersMax) throw refusal('the policy is too long');
  const complaint = jsonComplaint(policy);
  if (complaint !== undefined) throw refusal(`failed to parse JSON. ${complaint}`);
  const value = parsed(policy);
  const arn =
    typeof value === 'object' && value !== null && 'deadLetterTargetArn' in value && value.deadLetterTargetArn;
  return typeof arn === 'string' ? arn : '';
}

/** AWS's reader is content with what stands before the end of an object. */
function parsed(policy: string): unknown {
  try {
    return JSON.parse(policy);
  } catch {
    throw refusal('failed to parse JSON.');
  }
}

function queueOf(target: string): QueueAddress {
  const [arn, , service, region = '', account = '', name = '', ...rest] = arnParts(target);
  const isArn = arn === 'arn' && service === 'sqs' && rest.length === 0;
  if (!isArn || region === '' || account === '' || name === '')
    throw refusal('deadLetterTargetArn is an invalid arn', target === '' ? wantedForm : undefined);
  return { account, region, name };
}

const wantedForm = 'RedrivePolicy: {"deadLetterTargetArn": "<the ARN of a queue>"} is wanted';

function refusal(what: string, hint?: string): GantryError {
  return new GantryError('invalid-argument', `RedrivePolicy: ${what}`, hint === undefined ? {} : { hint });
}
