import { randomUUID } from 'node:crypto';
import type { Call } from '../../aws/service.ts';
import { invalid, mustNotBeNull } from '../errors.ts';
import { checkCredentials, readApplicationAttributes, requireAttributes } from '../mobile/application-attributes.ts';
import { applicationKey, applicationsOf } from '../mobile/applications.ts';
import { mobileLimits } from '../mobile/limits.ts';
import { applicationArn, applicationResource } from '../mobile/platform-arn.ts';
import { requireOwnAct, type Sns } from '../sns.ts';

/** Push services [SNS Developer Guide, mobile push]; FCM and Baidu are spelt so as well. */
const platforms: ReadonlySet<string> = new Set([
  ...['ADM', 'APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX', 'MACOS', 'MACOS_SANDBOX'],
  ...['GCM', 'FCM', 'BAIDU', 'Baidu', 'WNS', 'MPNS'],
]);

/** One that is there already stays, with its endpoints, and takes the attributes over. */
export async function createPlatformApplication(sns: Sns, call: Call) {
  const { members, namespace } = call;
  const name = members.text('Name');
  if (name === undefined) throw mustNotBeNull('name');
  checkName(name);
  const platform = members.text('Platform');
  if (platform === undefined) throw mustNotBeNull('platform');
  if (!platforms.has(platform)) throw invalid(`Platform Reason: ${platform} is not supported`);
  const given = new Map(requireAttributes(members.textMap('Attributes')));
  checkCredentials(given, platform);
  const attributes = readApplicationAttributes(given);
  const address = { ...namespace, platform, name };
  requireOwnAct(sns, call, applicationResource(address));
  await applicationsOf(sns.broker).change(applicationKey(address), (before) => ({
    id: before?.id ?? randomUUID(),
    attributes: { Enabled: 'true', ...before?.attributes, ...attributes },
  }));
  return { PlatformApplicationArn: applicationArn(address) };
}

/** @throws AwsError `InvalidParameter` (verified) [sqs-sns 2.15] */
function checkName(name: string): void {
  if (name === '') throw invalid(`${name} Reason: cannot be empty`);
  if (name.length > mobileLimits.nameCharactersMax) {
    throw invalid(`${name} Reason: must be at most 256 characters long`);
  }
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) {
    throw invalid(`${name} Reason: must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'`);
  }
}
