import type { Principal } from '../../src/model/principal.ts';
import { defaultNamespace, type Namespace } from '../../src/model/queue.ts';
import type { Signer } from '../../src/security/users.ts';
import { frontLimits } from './limits.ts';

/** Who asks, and in which account and region, as the SigV4 scope says. */
export interface Identity {
  readonly principal: Principal;
  readonly namespace: Namespace;
  /** Whose signature was verified; undefined where there are no users, or the request is not signed. */
  readonly signer?: Signer | undefined;
  /** Whether it came with a credential at all, sound or not: what a browser follows has none. */
  readonly isSigned: boolean;
}

const anonymous = identityOf(defaultNamespace, false);
const credentialStart = 'Credential=';
/** Behind `ASIA` in the credentials that our own STS hands out while there are no users. */
const accountPattern = /^(?:ASIA)?(\d{12})$/;
const regionPattern = /^[a-z0-9-]+$/;

/**
 * Reads identities out of Authorization headers and remembers them by the credential's text, so that a request pays one
 * map look-up. The memory is bounded: when full it starts anew, for the texts in use come back at once.
 */
export class Identities {
  private readonly byCredential = new Map<string, Identity>();

  /** A header that makes no sense, or none at all, is the default account and region: links in browsers carry none. */
  find(authorization: string | undefined): Identity {
    if (authorization === undefined) return anonymous;
    return this.findByCredential(credentialIn(authorization));
  }

  /** The same of a presigned URL's `X-Amz-Credential`. */
  findByCredential(credential: string | undefined): Identity {
    if (credential === undefined || credential.length > frontLimits.credentialCharactersMax) return anonymous;
    const known = this.byCredential.get(credential);
    if (known !== undefined) return known;
    const identity = parseCredential(credential);
    if (this.byCredential.size >= frontLimits.identitiesMax) this.byCredential.clear();
    this.byCredential.set(credential, identity);
    return identity;
  }
}

function credentialIn(authorization: string): string | undefined {
  const at = authorization.indexOf(credentialStart);
  if (at < 0) return undefined;
  const start = at + credentialStart.length;
  const comma = authorization.indexOf(',', start);
  const end = comma < 0 ? authorization.length : comma;
  return end - start > frontLimits.credentialCharactersMax ? undefined : authorization.slice(start, end);
}

/** `KEY/date/region/service/aws4_request`; a key id of 12 digits is the account [sqs-sns 0.3]. */
function parseCredential(credential: string): Identity {
  const [keyId = '', , region = ''] = credential.split('/');
  const namespace = {
    account: accountPattern.exec(keyId)?.[1] ?? defaultNamespace.account,
    region:
      regionPattern.test(region) && region.length <= frontLimits.regionCharactersMax ? region : defaultNamespace.region,
  };
  return identityOf(namespace, true);
}

function identityOf(namespace: Namespace, isSigned: boolean): Identity {
  return { principal: { name: 'anonymous', account: namespace.account, isAnonymous: true }, namespace, isSigned };
}
