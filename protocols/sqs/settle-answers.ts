import type { SettleResult } from '../../src/core/broker.ts';
import type { AwsError } from '../aws/errors.ts';
import { errorOf, invalidValue, sqsError } from './errors.ts';
import { sqsLimits } from './limits.ts';

const done = undefined;

/** What a delete's end is to its caller [sqs-sns 1.8, 1.9]. @returns undefined: success */
export function deleteAnswer(result: SettleResult, handle: string): AwsError | undefined {
  if (!result.ok) return errorOf(result.error);
  switch (result.was) {
    case 'done':
    case 'gone': // Deleting twice is no mistake.
    case 'not-leased':
    case 'over-limit':
      return done;
    case 'expired':
      return expired(handle);
    case 'other-queue':
      return otherQueue(handle);
    case 'invalid':
      return invalidReceipt(handle);
  }
}

/** The same of a change of visibility [sqs-sns 1.8, 1.10]. */
export function visibilityAnswer(result: SettleResult, handle: string, seconds: number): AwsError | undefined {
  if (!result.ok) return errorOf(result.error);
  switch (result.was) {
    case 'done':
    case 'not-leased': // A standard queue's expired handle: AWS says 200 and does nothing.
      return done;
    case 'gone':
      return invalidValue(
        'ReceiptHandle',
        handle,
        'Message does not exist or is not available for visibility timeout change.',
      );
    case 'over-limit':
      return invalidValue(
        'VisibilityTimeout',
        seconds,
        `Total VisibilityTimeout for the message is beyond the limit [${sqsLimits.visibilitySecondsMax} seconds]`,
      );
    case 'expired':
      return expired(handle);
    case 'other-queue':
      return otherQueue(handle);
    case 'invalid':
      return invalidReceipt(handle);
  }
}

export function invalidReceipt(handle: string): AwsError {
  const shown = handle.slice(0, sqsLimits.receiptCharactersMax);
  return sqsError('ReceiptHandleIsInvalid', `The input receipt handle "${shown}" is not a valid receipt handle.`);
}

function expired(handle: string): AwsError {
  return invalidValue('ReceiptHandle', handle, 'The receipt handle has expired.');
}

function otherQueue(handle: string): AwsError {
  return sqsError('ReceiptHandleIsInvalid', `The receipt handle "${handle}" is not valid for this queue.`);
}
