import type { Broker, DocumentKind, Documents } from '../../../src/core/broker.ts';
import type { Call } from '../../aws/service.ts';
import { notFound } from '../errors.ts';
import { requireOwnAct, type Sns } from '../sns.ts';
import { type ApplicationAddress, applicationOfArn, applicationResource } from './platform-arn.ts';

export interface Application {
  /** Of one that is made again under the same name another: what belonged to the first is not the second's. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const applicationKind: DocumentKind<Application> = {
  name: 'sns-application',
  read: (fields) => ({ id: fields.text('id'), attributes: fields.texts('attributes') }),
};

export function applicationsOf(broker: Broker): Documents<Application> {
  return broker.documents(applicationKind);
}

export function applicationKey({ account, region, platform, name }: ApplicationAddress): string {
  return `${account}/${region}/${platform}/${name}`;
}

/** @throws AwsError `InvalidParameter`; GantryError `access-denied` */
export function applicationAddressOf(sns: Sns, call: Call): ApplicationAddress {
  const parameter = 'PlatformApplicationArn';
  const address = applicationOfArn(call.members.text(parameter) ?? '', parameter, call.namespace);
  requireOwnAct(sns, call, applicationResource(address));
  return address;
}

/** @throws AwsError `NotFound` (verified) */
export function findApplication({ broker }: Sns, address: ApplicationAddress): Application {
  const found = applicationsOf(broker).get(applicationKey(address));
  if (found === undefined) throw applicationDoesNotExist();
  return found;
}

export function applicationDoesNotExist() {
  return notFound('PlatformApplication does not exist');
}
