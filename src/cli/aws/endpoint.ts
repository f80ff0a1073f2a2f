import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { findEndpoint } from '../endpoint.ts';
import { AwsFailure, awsExitCodes } from './failure.ts';
import type { Credentials } from './signature.ts';

/** Where an operation goes, and as whom. */
export interface Target {
  readonly url: URL;
  readonly region: string;
  /** Undefined: unsigned. */
  readonly credentials: Credentials | undefined;
  readonly waitMsMax: number;
  readonly tls: RequestOptions;
}

type Environment = Readonly<Record<string, string | undefined>>;

const waitSecondsDefault = 60;

/**
 * As the AWS CLI finds it, but for files of profiles: options, then variables; then what the broker is told.
 * @throws AwsFailure, GantryError `invalid-argument`
 */
export async function findTarget(
  service: string,
  options: ReadonlyMap<string, string>,
  environment: Environment,
): Promise<Target> {
  const named =
    options.get('endpoint-url') ??
    set(environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`]) ??
    set(environment.AWS_ENDPOINT_URL);
  const endpoint = named ?? (await findEndpoint(undefined, {}));
  const { protocol } = URL.canParse(endpoint) ? new URL(endpoint) : { protocol: undefined };
  if (protocol !== 'http:' && protocol !== 'https:') throw failed(`Invalid endpoint: ${endpoint}`);
  const region =
    options.get('region') ?? set(environment.AWS_REGION) ?? set(environment.AWS_DEFAULT_REGION) ?? 'us-east-1';
  if (!/^[\w-]{1,64}$/.test(region)) throw failed(`Provided region_name '${region}' doesn't match a supported format.`);
  return {
    url: new URL(endpoint),
    region,
    credentials: options.has('no-sign-request') ? undefined : credentialsIn(environment),
    waitMsMax: waitMs(options.get('cli-read-timeout')),
    tls: tlsOptions(options, environment),
  };
}

/** Where nobody is told apart any will do; they carry the region. */
function credentialsIn(environment: Environment): Credentials {
  const keyId = set(environment.AWS_ACCESS_KEY_ID) ?? 'test';
  if (!/^[\x21-\x7e]{1,256}$/.test(keyId)) throw failed('AWS_ACCESS_KEY_ID is no key id');
  const secret = set(environment.AWS_SECRET_ACCESS_KEY) ?? 'test';
  return { keyId, secret, token: set(environment.AWS_SESSION_TOKEN) };
}

function tlsOptions(options: ReadonlyMap<string, string>, environment: Environment): RequestOptions {
  if (options.has('no-verify-ssl')) return { rejectUnauthorized: false };
  const file = options.get('ca-bundle') ?? set(environment.AWS_CA_BUNDLE);
  if (file === undefined) return {};
  try {
    return { ca: readFileSync(file) };
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error));
  }
}

/** 0: for ever. */
function waitMs(text: string | undefined): number {
  const seconds = Number(text ?? waitSecondsDefault);
  if (!(seconds >= 0 && seconds <= 1_000_000)) throw failed(`--cli-read-timeout: expected seconds, got ${text}`);
  return seconds * 1000;
}

/** An empty variable is as none. */
function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function failed(text: string): AwsFailure {
  return new AwsFailure(awsExitCodes.failed, text);
}
