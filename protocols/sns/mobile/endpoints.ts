/**
 * Endpoints of a platform application. A token is one device, so a second document says which endpoint has it: whoever makes an
 * endpoint claims the token first, whoever takes one away gives it back first. What a crash leaves between the two, a claim of
 * an endpoint that is not there, or of one that has another token by now, is taken over by the next who asks for the token.
 */
import { hash, randomUUID } from 'node:crypto';
import type { Broker, DocumentKind, Documents } from '../../../src/core/broker.ts';
import { inChunks } from '../../../src/core/in-chunks.ts';
import { GantryError } from '../../../src/model/errors.ts';
import type { Call } from '../../aws/service.ts';
import { invalid, notFound } from '../errors.ts';
import { applicationDoesNotExist, applicationKey, applicationsOf } from './applications.ts';
import { isSameAttributes } from './endpoint-attributes.ts';
import { mobileLimits } from './limits.ts';
import { type ApplicationAddress, type EndpointAddress, endpointArn, endpointOfArn } from './platform-arn.ts';

export interface Endpoint {
  /** As they are shown: Token, Enabled, CustomUserData. */
  readonly attributes: Readonly<Record<string, string>>;
}
interface Claim {
  readonly endpoint: string;
}

const endpointKind: DocumentKind<Endpoint> = {
  name: 'sns-endpoint',
  read: (fields) => ({ attributes: fields.texts('attributes') }),
};
const claimKind: DocumentKind<Claim> = {
  name: 'sns-endpoint-token',
  read: (fields) => ({ endpoint: fields.text('endpoint') }),
};

export function endpointsOf(broker: Broker): Documents<Endpoint> {
  return broker.documents(endpointKind);
}

/** Of all endpoints of an application. */
export function endpointPrefix(applicationId: string): string {
  return `${applicationId}/`;
}

/** @returns undefined: there is none, or no such application */
export function findEndpoint(broker: Broker, { application, id }: EndpointAddress): Endpoint | undefined {
  const known = applicationsOf(broker).get(applicationKey(application));
  return known && endpointsOf(broker).get(endpointPrefix(known.id) + id);
}

/**
 * That it is there to be subscribed: with users, one of another account is nobody's to subscribe.
 * @throws AwsError `InvalidParameter`, in AWS's spelling (verified)
 */
export function requireEndpoint(
  broker: Broker,
  arn: string,
  { namespace, principal }: Pick<Call, 'namespace' | 'principal'>,
): void {
  const address = endpointOfArn(arn, 'Endpoint', namespace);
  const isOurs = principal.act === undefined || address.application.account === namespace.account;
  if (isOurs && findEndpoint(broker, address) !== undefined) return;
  throw invalid(`Endpoint Reason: Endpoint does not exist for endpoint arn${arn}`);
}

/**
 * The same token with the same attributes is the same endpoint.
 * @throws AwsError `InvalidParameter` when it has others (verified), `NotFound`
 */
export async function createEndpoint(
  broker: Broker,
  application: ApplicationAddress,
  attributes: Readonly<Record<string, string>>,
): Promise<EndpointAddress> {
  const { Token: token = '' } = attributes;
  for (let count = 0; count < mobileLimits.claimRetryCountMax; count++) {
    const prefix = prefixOf(broker, application);
    // One that is claimed and not there is being made by somebody else just now, or was when we crashed: it is made by both.
    const id = await claim(broker, prefix, token, randomUUID(), (held) => held !== undefined);
    const made = await endpointsOf(broker).change(prefix + id, (before) => before ?? { attributes });
    const isOurs = made?.attributes.Token === token && claims(broker).get(claimKey(prefix, token))?.endpoint === id;
    if (!isOurs || prefixOf(broker, application) !== prefix) {
      // It was dropped meanwhile, or its application: what we made must not stay without its claim.
      await endpointsOf(broker).change(prefix + id, (now) => (now?.attributes.Token === token ? undefined : now));
      continue;
    }
    if (!isSameAttributes(made.attributes, attributes)) throw alreadyExists({ application, id });
    return { application, id };
  }
  throw changing(token);
}

/** @throws AwsError `NotFound` (verified), `InvalidParameter` when another endpoint has the token */
export async function alterEndpoint(
  broker: Broker,
  { application, id }: EndpointAddress,
  changes: Readonly<Record<string, string>>,
): Promise<void> {
  const prefix = prefixOf(broker, application, endpointDoesNotExist);
  const { Token: token } = changes;
  const before = endpointsOf(broker).get(prefix + id);
  if (before === undefined) throw endpointDoesNotExist();
  const { Token: tokenBefore } = before.attributes;
  if (token !== undefined && token !== tokenBefore) {
    const holder = await claim(broker, prefix, token, id, () => true);
    if (holder !== id) throw alreadyExists({ application, id: holder });
  }
  await endpointsOf(broker).change(prefix + id, (known) => {
    if (known === undefined) throw endpointDoesNotExist();
    return { attributes: { ...known.attributes, ...changes } };
  });
  if (token !== undefined && tokenBefore !== undefined && token !== tokenBefore)
    await giveBack(broker, prefix, tokenBefore, id);
}

/** One that is not there is no error (verified). */
export async function dropEndpoint(broker: Broker, { application, id }: EndpointAddress): Promise<void> {
  const known = applicationsOf(broker).get(applicationKey(application));
  if (known !== undefined) await drop(broker, endpointPrefix(known.id), id);
}

/** Those of an application that is going, or is gone. */
export async function dropEndpoints(broker: Broker, applicationId: string): Promise<void> {
  const prefix = endpointPrefix(applicationId);
  for (;;) {
    const some = endpointsOf(broker).list(prefix, undefined, 1_000);
    if (some.length === 0) return;
    await inChunks(some, ({ key }) => drop(broker, prefix, key.slice(prefix.length)));
  }
}

async function drop(broker: Broker, prefix: string, id: string): Promise<void> {
  const token = endpointsOf(broker).get(prefix + id)?.attributes.Token;
  if (token === undefined) return;
  await giveBack(broker, prefix, token, id);
  await endpointsOf(broker).change(prefix + id, () => undefined);
}

function claims(broker: Broker): Documents<Claim> {
  return broker.documents(claimKind);
}

/** A token may be long, and is half a secret. */
function claimKey(prefix: string, token: string): string {
  return prefix + hash('sha256', token, 'hex');
}

/**
 * @param isTakenOver the claim of an endpoint that does not have the token
 * @returns the endpoint that has it now: `id`, unless another is there with this very token, or its claim is left
 */
async function claim(
  broker: Broker,
  prefix: string,
  token: string,
  id: string,
  isTakenOver: (held: Endpoint | undefined) => boolean,
): Promise<string> {
  const after = await claims(broker).change(claimKey(prefix, token), (before) => {
    if (before === undefined) return { endpoint: id };
    const held = endpointsOf(broker).get(prefix + before.endpoint);
    return held?.attributes.Token !== token && isTakenOver(held) ? { endpoint: id } : before;
  });
  return after?.endpoint ?? id;
}

async function giveBack(broker: Broker, prefix: string, token: string, id: string): Promise<void> {
  await claims(broker).change(claimKey(prefix, token), (before) => (before?.endpoint === id ? undefined : before));
}

/** @throws AwsError `NotFound` */
function prefixOf(broker: Broker, application: ApplicationAddress, missing = applicationDoesNotExist): string {
  const known = applicationsOf(broker).get(applicationKey(application));
  if (known === undefined) throw missing();
  return endpointPrefix(known.id);
}

export function endpointDoesNotExist() {
  return notFound('Endpoint does not exist');
}

function alreadyExists(address: EndpointAddress) {
  const arn = endpointArn(address);
  return invalid(`Token Reason: Endpoint ${arn} already exists with the same Token, but different attributes.`);
}

function changing(token: string): GantryError {
  return new GantryError('conflict', `the endpoint of token "${token.slice(0, 40)}" is being changed all the time`, {
    hint: 'Try again.',
  });
}
