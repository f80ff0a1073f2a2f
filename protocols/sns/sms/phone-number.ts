import type { Call } from '../../aws/service.ts';
import { isPhoneNumber } from '../destinations.ts';
import { invalid, mustNotBeNull } from '../errors.ts';

/**
 * @param parameter as this operation spells it: `phoneNumber` or `PhoneNumber`
 * @throws AwsError `ValidationError`, `InvalidParameter` (verified) [sqs-sns 2.14]
 */
export function phoneNumberOf({ members }: Call, parameter: 'phoneNumber' | 'PhoneNumber'): string {
  const number = members.text(parameter);
  if (number === undefined) throw mustNotBeNull('phoneNumber');
  if (!isPhoneNumber(number)) throw invalid('PhoneNumber Reason: input incorrectly formatted');
  return number;
}
