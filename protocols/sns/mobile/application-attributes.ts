import { invalid, mustNotBeNull } from '../errors.ts';
import { mobileLimits } from './limits.ts';

/** [SNS API, SetPlatformApplicationAttributes] */
const names: ReadonlySet<string> = new Set([
  ...['PlatformCredential', 'PlatformPrincipal', 'ApplePlatformTeamID', 'ApplePlatformBundleID', 'Enabled'],
  ...['EventEndpointCreated', 'EventEndpointDeleted', 'EventEndpointUpdated', 'EventDeliveryFailure'],
  'EventDeliveryAttemptFailure', // Not in the API reference; AWS takes it (tests of its SDK for .NET).
  ...['SuccessFeedbackRoleArn', 'FailureFeedbackRoleArn', 'SuccessFeedbackSampleRate'],
]);
/** What only the push services could judge. None of them is called, so it is not kept (decision 0007). */
const secrets: ReadonlySet<string> = new Set(['PlatformCredential', 'PlatformPrincipal']);
/** Their credential is one key, without a principal [SNS API, CreatePlatformApplication]. */
const platformsOfOneKey: ReadonlySet<string> = new Set(['GCM', 'FCM']);

/**
 * @param given undefined or empty: AWS's own words for that it is missing (verified)
 * @throws AwsError `ValidationError`
 */
export function requireAttributes(given: readonly (readonly [string, string])[] | undefined) {
  if (given === undefined || given.length === 0) throw mustNotBeNull('attributes');
  return given;
}

/** @throws AwsError `InvalidParameter` (verified) [sqs-sns 2.15] */
export function checkCredentials(given: ReadonlyMap<string, string>, platform: string): void {
  const hasCredential = given.has('PlatformCredential');
  const hasPrincipal = given.has('PlatformPrincipal');
  if (hasCredential && !hasPrincipal && !platformsOfOneKey.has(platform)) {
    throw invalid('Attributes Reason: PlatformCredential attribute provided without PlatformPrincipal');
  }
  if (hasPrincipal && !hasCredential) {
    throw invalid('Attributes Reason: PlatformPrincipal attribute provided without PlatformCredential');
  }
}

/** What is kept of them. @throws AwsError `InvalidParameter` */
export function readApplicationAttributes(given: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [name, value] of given) {
    if (!names.has(name)) throw invalid(`Attributes Reason: Invalid attribute name: ${name}`);
    if (value.length > mobileLimits.attributeCharactersMax) {
      throw invalid(`Attributes Reason: Invalid value for attribute: ${name}`);
    }
    if (!secrets.has(name)) kept[name] = value;
  }
  return kept;
}
