import type { ErrorCode, GantryError } from '../../src/model/errors.ts';
import { AwsError, type AwsErrorRow, commonErrors, commonShapesByCode } from '../aws/errors.ts';

/** Error shapes of the SNS model: the shape, the Query code, the status [sqs-sns 0.2]; also those that nothing here answers. */
export const snsErrors = {
  AuthorizationErrorException: { code: 'AuthorizationError', status: 403 },
  BatchEntryIdsNotDistinctException: { code: 'BatchEntryIdsNotDistinct', status: 400 },
  BatchRequestTooLongException: { code: 'BatchRequestTooLong', status: 400 },
  ConcurrentAccessException: { code: 'ConcurrentAccess', status: 400 },
  EmptyBatchRequestException: { code: 'EmptyBatchRequest', status: 400 },
  EndpointDisabledException: { code: 'EndpointDisabled', status: 400 },
  FilterPolicyLimitExceededException: { code: 'FilterPolicyLimitExceeded', status: 403 },
  InternalErrorException: { code: 'InternalError', status: 500 },
  InvalidBatchEntryIdException: { code: 'InvalidBatchEntryId', status: 400 },
  InvalidParameterException: { code: 'InvalidParameter', status: 400 },
  InvalidParameterValueException: { code: 'ParameterValueInvalid', status: 400 },
  InvalidSecurityException: { code: 'InvalidSecurity', status: 403 },
  InvalidStateException: { code: 'InvalidState', status: 400 },
  KMSAccessDeniedException: { code: 'KMSAccessDenied', status: 400 },
  KMSDisabledException: { code: 'KMSDisabled', status: 400 },
  KMSInvalidStateException: { code: 'KMSInvalidState', status: 400 },
  KMSNotFoundException: { code: 'KMSNotFound', status: 400 },
  KMSOptInRequired: { code: 'KMSOptInRequired', status: 403 },
  KMSThrottlingException: { code: 'KMSThrottling', status: 400 },
  NotFoundException: { code: 'NotFound', status: 404 },
  OptedOutException: { code: 'OptedOut', status: 400 },
  PlatformApplicationDisabledException: { code: 'PlatformApplicationDisabled', status: 400 },
  ReplayLimitExceededException: { code: 'ReplayLimitExceeded', status: 403 },
  ResourceNotFoundException: { code: 'ResourceNotFound', status: 404 },
  StaleTagException: { code: 'StaleTag', status: 400 },
  SubscriptionLimitExceededException: { code: 'SubscriptionLimitExceeded', status: 403 },
  TagLimitExceededException: { code: 'TagLimitExceeded', status: 400 },
  TagPolicyException: { code: 'TagPolicy', status: 400 },
  ThrottledException: { code: 'Throttled', status: 429 },
  TooManyEntriesInBatchRequestException: { code: 'TooManyEntriesInBatchRequest', status: 400 },
  TopicLimitExceededException: { code: 'TopicLimitExceeded', status: 403 },
  UserErrorException: { code: 'UserError', status: 400 },
  ValidationException: { code: 'ValidationException', status: 400 },
  VerificationException: { code: 'VerificationException', status: 400 },
  /** Not in the model. */
  ValidationError: { code: 'ValidationError', status: 400 },
} as const satisfies Record<string, AwsErrorRow>;

export function snsError(shape: keyof typeof snsErrors, message: string, hint?: string): AwsError {
  return new AwsError(shape, snsErrors[shape], message, hint);
}

const everyError = { ...snsErrors, ...commonErrors };

/** What core's failures are here. */
export const shapesByCode = {
  ...commonShapesByCode,
  'not-found': 'NotFoundException',
  'already-exists': 'InvalidParameterException',
  'invalid-argument': 'InvalidParameterException',
  'too-large': 'InvalidParameterException',
  'access-denied': 'AuthorizationErrorException',
  'receipt-invalid': 'InvalidParameterException',
  'limit-exceeded': 'ThrottledException',
  unsupported: 'InvalidParameterException',
} as const satisfies Record<ErrorCode, keyof typeof everyError>;

export function errorOf(error: GantryError): AwsError {
  const shape = shapesByCode[error.code];
  const message = error.code === 'not-found' ? topicDoesNotExist : error.message;
  return new AwsError(shape, everyError[shape], message, error.hint);
}

export const topicDoesNotExist = 'Topic does not exist';

/** AWS's commonest sentence: `Invalid parameter: TopicArn Reason: ...`. */
export function invalid(what: string, hint?: string): AwsError {
  return snsError('InvalidParameterException', `Invalid parameter: ${what}`, hint);
}

/** A text that must be there is missing or empty. */
export function noValue(parameter: string): AwsError {
  return invalid(`${parameter} Reason: no value for required parameter`);
}

export function notFound(message: string, hint?: string): AwsError {
  return snsError('NotFoundException', message, hint);
}

/** A member that must be there is not, in the words of AWS's own validation. @param path `attributes`, `messageAttributes.a.member.dataType` */
export function mustNotBeNull(path: string): AwsError {
  return snsError(
    'ValidationError',
    `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
}
