import type { ErrorCode, GantryError } from '../../src/model/errors.ts';
import { AwsError, type AwsErrorRow, commonErrors, commonShapesByCode } from '../aws/errors.ts';

/**
 * Error shapes of the SQS model: the JSON `__type`, the Query code, the status [sqs-sns 0.2]. Also those that nothing
 * here answers, so that a shape that AWS adds is one that this table lacks.
 */
export const sqsErrors = {
  BatchEntryIdsNotDistinct: { code: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct', status: 400 },
  BatchRequestTooLong: { code: 'AWS.SimpleQueueService.BatchRequestTooLong', status: 400 },
  EmptyBatchRequest: { code: 'AWS.SimpleQueueService.EmptyBatchRequest', status: 400 },
  InvalidAddress: { code: 'InvalidAddress', status: 404 },
  InvalidAttributeName: { code: 'InvalidAttributeName', status: 400 },
  InvalidAttributeValue: { code: 'InvalidAttributeValue', status: 400 },
  InvalidBatchEntryId: { code: 'AWS.SimpleQueueService.InvalidBatchEntryId', status: 400 },
  InvalidIdFormat: { code: 'InvalidIdFormat', status: 400 },
  InvalidMessageContents: { code: 'InvalidMessageContents', status: 400 },
  InvalidParameterValueException: { code: 'InvalidParameterValue', status: 400 },
  InvalidSecurity: { code: 'InvalidSecurity', status: 403 },
  KmsAccessDenied: { code: 'KMS.AccessDeniedException', status: 400 },
  KmsDisabled: { code: 'KMS.DisabledException', status: 400 },
  KmsInvalidKeyUsage: { code: 'KMS.InvalidKeyUsageException', status: 400 },
  KmsInvalidState: { code: 'KMS.InvalidStateException', status: 400 },
  KmsNotFound: { code: 'KMS.NotFoundException', status: 400 },
  KmsOptInRequired: { code: 'KMS.OptInRequired', status: 403 },
  KmsThrottled: { code: 'KMS.ThrottlingException', status: 400 },
  MessageNotInflight: { code: 'AWS.SimpleQueueService.MessageNotInflight', status: 400 },
  MissingRequiredParameterException: { code: 'MissingParameter', status: 400 },
  OverLimit: { code: 'OverLimit', status: 403 },
  PurgeQueueInProgress: { code: 'AWS.SimpleQueueService.PurgeQueueInProgress', status: 403 },
  QueueDeletedRecently: { code: 'AWS.SimpleQueueService.QueueDeletedRecently', status: 400 },
  QueueDoesNotExist: { code: 'AWS.SimpleQueueService.NonExistentQueue', status: 400 },
  QueueNameExists: { code: 'QueueAlreadyExists', status: 400 },
  ReceiptHandleIsInvalid: { code: 'ReceiptHandleIsInvalid', status: 404 },
  RequestThrottled: { code: 'RequestThrottled', status: 403 },
  ResourceNotFoundException: { code: 'ResourceNotFoundException', status: 404 },
  TooManyEntriesInBatchRequest: { code: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest', status: 400 },
  UnsupportedOperation: { code: 'AWS.SimpleQueueService.UnsupportedOperation', status: 400 },
} as const satisfies Record<string, AwsErrorRow>;

export function sqsError(shape: keyof typeof sqsErrors, message: string, hint?: string): AwsError {
  return new AwsError(shape, sqsErrors[shape], message, hint);
}

const everyError = { ...sqsErrors, ...commonErrors };

/** What core's failures are here. */
export const shapesByCode = {
  ...commonShapesByCode,
  'not-found': 'QueueDoesNotExist',
  'already-exists': 'QueueNameExists',
  'invalid-argument': 'InvalidParameterValueException',
  'too-large': 'InvalidParameterValueException',
  'access-denied': 'AccessDeniedException',
  'receipt-invalid': 'ReceiptHandleIsInvalid',
  'limit-exceeded': 'OverLimit',
  unsupported: 'UnsupportedOperation',
} as const satisfies Record<ErrorCode, keyof typeof everyError>;

export function errorOf(error: GantryError): AwsError {
  const shape = shapesByCode[error.code];
  const message = error.code === 'not-found' ? queueDoesNotExist : error.message;
  return new AwsError(shape, everyError[shape], message, error.hint);
}

export const queueDoesNotExist = 'The specified queue does not exist.';

/** What an error says in the Query protocol (verified) [sqs-sns 0.2]. */
export function queryTextOf({ message }: AwsError): string {
  return message === queueDoesNotExist ? 'The specified queue does not exist for this wsdl version.' : message;
}

export function missing(parameter: string): AwsError {
  return sqsError('MissingRequiredParameterException', `The request must contain the parameter ${parameter}.`);
}

/** Of a value in an error: enough to know it by, and no echo of a whole request. */
const shownCharactersMax = 1_024;

/** AWS's commonest sentence. */
export function invalidValue(parameter: string, value: string | number, reason: string): AwsError {
  const shown = typeof value === 'string' ? value.slice(0, shownCharactersMax) : value;
  const text = `Value ${shown} for parameter ${parameter} is invalid. Reason: ${reason}`;
  return sqsError('InvalidParameterValueException', text);
}
