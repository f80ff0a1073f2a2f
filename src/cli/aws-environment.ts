import { GantryError } from '../model/errors.ts';
import { defaultNamespace } from '../model/queue.ts';
import { loadConfig } from '../server/config.ts';
import { findEndpoint } from './endpoint.ts';
import { requestFor } from './http-client.ts';

/** What programs of AWS have to know in order to find the broker. */
export interface AwsEnvironment {
  readonly endpoint: string;
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** With users, credentials are theirs: none are made up. */
  readonly hasUsers: boolean;
  readonly isRunning: boolean;
}
interface AwsChoice {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly account?: string | undefined;
}

const answerMsMax = 2_000;

/** @throws GantryError `invalid-argument` */
export async function awsEnvironment(choice: AwsChoice): Promise<AwsEnvironment> {
  const { environment } = { environment: process.env };
  const endpoint = await findEndpoint(choice.endpoint, {});
  const region = choice.region ?? environment.GANTRY_REGION ?? defaultNamespace.region;
  const account = choice.account ?? environment.GANTRY_ACCOUNT;
  if (!/^[a-z0-9-]{1,64}$/.test(region)) throw wrong('region', region, 'a region such as us-east-1');
  if (account !== undefined && !/^\d{12}$/.test(account)) throw wrong('account', account, '12 digits');
  const status = await statusOf(endpoint);
  const hasUsers =
    status === undefined ? (await loadConfig({ flags: {}, environment })).config.users.length > 0 : status === 401;
  const credentials = [
    ['AWS_ACCESS_KEY_ID', account ?? 'any'],
    ['AWS_SECRET_ACCESS_KEY', 'any'],
  ] as const;
  return {
    endpoint,
    hasUsers,
    isRunning: status !== undefined,
    variables: [
      ['GANTRY_ENDPOINT', endpoint],
      ['AWS_ENDPOINT_URL', endpoint],
      ['AWS_ENDPOINT_URL_SQS', endpoint],
      ['AWS_ENDPOINT_URL_SNS', endpoint],
      ['AWS_REGION', region],
      ['AWS_DEFAULT_REGION', region],
      ...(hasUsers ? [] : credentials),
    ],
  };
}

/** Of a request without credentials; undefined: nobody answers. */
async function statusOf(endpoint: string): Promise<number | undefined> {
  const send = await requestFor(endpoint);
  return await new Promise((resolve) => {
    const options = { agent: false, signal: AbortSignal.timeout(answerMsMax) };
    const request = send(new URL('/_gantry/', endpoint), options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', () => resolve(undefined));
    request.end();
  });
}

function wrong(name: string, value: string, expected: string): GantryError {
  return new GantryError('invalid-argument', `--${name} "${value}": expected ${expected}`);
}
