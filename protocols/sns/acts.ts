import type { Action } from '../../src/model/principal.ts';

/** An operation as policies name it, and what it is to core. */
export interface ActName {
  readonly name: string;
  readonly action: Action;
}

/** [IAM, actions of Amazon SNS]. A batch has no name of its own: it is allowed with what it is a batch of. */
const rows: readonly (readonly [Action, string, ...(readonly string[])])[] = [
  ['create', 'CreateTopic'],
  ['send', 'Publish', 'PublishBatch'],
  ['subscribe', 'Subscribe'],
  ['subscribe', 'ConfirmSubscription'],
  ['subscribe', 'Unsubscribe'],
  ['subscribe', 'SetSubscriptionAttributes'],
  ['browse', 'GetSubscriptionAttributes'],
  ['browse', 'GetTopicAttributes'],
  ['browse', 'ListTopics'],
  ['browse', 'ListSubscriptions'],
  ['browse', 'ListSubscriptionsByTopic'],
  ['browse', 'ListTagsForResource'],
  ['browse', 'GetDataProtectionPolicy'],
  ['browse', 'GetPlatformApplicationAttributes'],
  ['browse', 'GetEndpointAttributes'],
  ['browse', 'ListPlatformApplications'],
  ['browse', 'ListEndpointsByPlatformApplication'],
  ['browse', 'GetSMSAttributes'],
  ['browse', 'GetSMSSandboxAccountStatus'],
  ['browse', 'ListSMSSandboxPhoneNumbers'],
  ['browse', 'ListOriginationNumbers'],
  ['browse', 'CheckIfPhoneNumberIsOptedOut'],
  ['browse', 'ListPhoneNumbersOptedOut'],
  ['manage', 'DeleteTopic'],
  ['manage', 'SetTopicAttributes'],
  ['manage', 'TagResource'],
  ['manage', 'UntagResource'],
  ['manage', 'AddPermission'],
  ['manage', 'RemovePermission'],
  ['manage', 'PutDataProtectionPolicy'],
  ['manage', 'CreatePlatformApplication'],
  ['manage', 'DeletePlatformApplication'],
  ['manage', 'SetPlatformApplicationAttributes'],
  ['manage', 'CreatePlatformEndpoint'],
  ['manage', 'DeleteEndpoint'],
  ['manage', 'SetEndpointAttributes'],
  ['manage', 'SetSMSAttributes'],
  ['manage', 'OptInPhoneNumber'],
  ['manage', 'CreateSMSSandboxPhoneNumber'],
  ['manage', 'DeleteSMSSandboxPhoneNumber'],
  ['manage', 'VerifySMSSandboxPhoneNumber'],
];

const acts: ReadonlyMap<string, ActName> = new Map(
  rows.flatMap(([action, base, ...batches]) =>
    [base, ...batches].map((operation) => [operation, { name: `sns:${base}`, action }] as const),
  ),
);

/** As policies may name them. */
export const actNames: ReadonlyMap<string, string> = new Map(
  [...acts.keys()].map((operation) => [`sns:${operation}`.toLowerCase(), `sns:${operation}`]),
);

/** An operation that is not in the table may be done by nobody but an admin. */
export function actOf(operation: string): ActName {
  return acts.get(operation) ?? { name: `sns:${operation}`, action: 'admin' };
}
