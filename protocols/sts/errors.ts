import type { GantryError } from '../../src/model/errors.ts';
import { AwsError, commonError } from '../aws/errors.ts';

const validation = { code: 'ValidationError', status: 400 } as const;

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', validation, message);
}

/** AWS's sentence for a parameter that breaks its rule. */
export function constraint(parameter: string, value: string, rule: string): AwsError {
  const shown = value.slice(0, 100);
  return invalid(
    `1 validation error detected: Value '${shown}' at '${parameter}' failed to satisfy constraint: Member must ${rule}`,
  );
}

export function missing(parameter: string): AwsError {
  return invalid(
    `1 validation error detected: Value null at '${parameter}' failed to satisfy constraint: Member must not be null`,
  );
}

export function denied(message: string): AwsError {
  return commonError('AccessDeniedException', message);
}

/** No verb of core is asked here, so none of its failures can come. */
export function errorOf(error: GantryError): AwsError {
  return commonError('InternalFailure', error.message);
}
