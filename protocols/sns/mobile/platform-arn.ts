import type { Namespace } from '../../../src/model/queue.ts';
import { resourceArn } from '../../../src/security/resource-arn.ts';
import { arnParts } from '../arn.ts';
import { invalid } from '../errors.ts';

/** A platform application: what stands for an app of somebody's at one maker of devices. */
export interface ApplicationAddress extends Namespace {
  readonly platform: string;
  readonly name: string;
}
/** One device with the app on it. */
export interface EndpointAddress {
  readonly application: ApplicationAddress;
  /** A uuid. */
  readonly id: string;
}

export function applicationArn(address: ApplicationAddress): string {
  return resourceArn({ type: 'topic', ...applicationResource(address) });
}

export function endpointArn(address: EndpointAddress): string {
  return resourceArn({ type: 'topic', ...endpointResource(address) });
}

/** As policies see them: a resource of SNS, whose name has slashes where a topic's has none. */
export function applicationResource({ account, region, platform, name }: ApplicationAddress) {
  return { account, region, name: `app/${platform}/${name}` };
}

export function endpointResource({ application, id }: EndpointAddress) {
  const { account, region, platform, name } = application;
  return { account, region, name: `endpoint/${platform}/${name}/${id}` };
}

/** @throws AwsError `InvalidParameter` (verified) [sqs-sns 2.15] */
export function applicationOfArn(arn: string, parameter: string, namespace: Namespace): ApplicationAddress {
  const { account, region, steps } = readArn(arn, parameter, namespace);
  const [kind, platform = '', name = '', ...rest] = steps;
  if (kind !== 'app' || name === '' || rest.length > 0) throw wrongSlashes(parameter);
  return { account, region, platform, name };
}

/** @throws AwsError `InvalidParameter` (verified) [sqs-sns 2.15] */
export function endpointOfArn(arn: string, parameter: string, namespace: Namespace): EndpointAddress {
  const { account, region, steps } = readArn(arn, parameter, namespace);
  const [kind, platform = '', name = '', id = '', ...rest] = steps;
  if (kind !== 'endpoint' || id === '' || rest.length > 0) throw wrongSlashes(parameter);
  return { application: { account, region, platform, name }, id };
}

function readArn(arn: string, parameter: string, namespace: Namespace) {
  const parts = arnParts(arn);
  if (parts.length < 6) {
    throw invalid(`${parameter} Reason: An ARN must have at least 6 elements, not ${parts.length}`);
  }
  const [, , service, region = '', account = '', resource = ''] = parts;
  if (service !== 'sns' || parts.length > 6 || region !== namespace.region) throw invalid(parameter);
  if (!/^\d{12}$/.test(account)) throw invalid(parameter);
  return { account, region, steps: resource.split('/') };
}

function wrongSlashes(parameter: string) {
  return invalid(`${parameter} Reason: Wrong number of slashes in relative portion of the ARN.`);
}
