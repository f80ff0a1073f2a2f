import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../../src/model/clock.ts';
import type { Signers } from '../../../src/security/signers.ts';
import type { Signer } from '../../../src/security/users.ts';
import { algorithm, type Claim, parseAuthorization } from './authorization.ts';
import { canonicalPath, canonicalQuery, pathOf, queryOf, readPairs } from './canonical.ts';
import { type CredentialScope, checkScope } from './credential.ts';
import { checkSkew, createDateReader } from './dates.ts';
import { doesNotMatch, expiredToken, incomplete, unknownKey } from './errors.ts';
import { canonicalHeaders, fits, type HeaderLayout, layOut } from './header-layout.ts';
import { sigv4Limits } from './limits.ts';
import { checkPayloadHash } from './payload.ts';
import { isPresigned, readPresigned } from './presigned.ts';
import { deriveKey, type SigningKey } from './signing-key.ts';

/** A whole request, as it came. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly authorization: string | undefined;
  readonly body: Buffer;
  /** What the client took for our name, where a trusted proxy knows it better than the Host header. */
  readonly host: string | undefined;
}
/** Who signed, and for which region. */
export interface Verified {
  readonly signer: Signer;
  readonly region: string;
}

/** All that is the same in a client's requests of one day: found by the Authorization header up to the signature. */
interface Plan {
  /** Of the first request; its signature was its own. */
  readonly claim: Claim;
  readonly signer: Signer;
  readonly key: SigningKey;
  readonly signedText: string;
  layout: HeaderLayout;
}

const signatureStart = 'Signature=';
const signatureCharacters = 64;
const emptyHash = hash('sha256', '', 'hex');

/**
 * Verifies AWS Signature Version 4, in the Authorization header or in the URL. Frugal: it is most of what a signed request
 * costs more than an unsigned one (README.md).
 */
export class Verifier {
  private readonly signers: Signers;
  private readonly clock: Pick<Clock, 'now'>;
  private readonly plans = new Map<string, Plan>();
  private readonly keys = new Map<string, SigningKey>();
  private readonly readDate = createDateReader();
  private readonly expected = Buffer.alloc(signatureCharacters);
  private readonly given = Buffer.alloc(signatureCharacters);

  constructor(signers: Signers, clock: Pick<Clock, 'now'>) {
    this.signers = signers;
    this.clock = clock;
  }

  /**
   * @param service for which the request must be signed: `sqs`
   * @returns undefined: the request is not signed at all
   * @throws AwsError `IncompleteSignature`, `InvalidClientTokenId`, `SignatureDoesNotMatch`, `ExpiredToken`, `RequestExpired`
   */
  verify(request: SignedRequest, service: string): Verified | undefined {
    const { authorization } = request;
    if (authorization !== undefined) return this.verifyHeader(request, authorization, service);
    return isPresigned(request.url) ? this.verifyUrl(request, service) : undefined;
  }

  private verifyHeader(request: SignedRequest, authorization: string, service: string): Verified {
    const { rawHeaders } = request;
    const now = this.clock.now();
    const start = authorization.length - signatureCharacters;
    const isLast = start > 0 && authorization.endsWith(signatureStart, start);
    const prefix = isLast ? authorization.slice(0, start) : '';
    const known = isLast ? this.plans.get(prefix) : undefined;
    const claim = known?.claim ?? parseAuthorization(authorization);
    const signature = known === undefined ? claim.signature : authorization.slice(start);
    const layout =
      known !== undefined && fits(known.layout, rawHeaders) ? known.layout : layOut(claim.signedHeaders, rawHeaders);
    const date = this.readDate(dateIn(rawHeaders, layout));
    checkScope(claim.scope, service, date.text);
    const signer = known?.signer ?? this.findSigner(claim.scope.keyId, at(rawHeaders, layout.token));
    if (now >= signer.expiresAt) throw expiredToken();
    checkSkew(date, now);

    const bodyHash = hashOf(request.body);
    checkPayloadHash(at(rawHeaders, layout.payloadHash), bodyHash);
    const signedText = known?.signedText ?? claim.signedHeaders.join(';');
    const canonical =
      `${request.method}\n${urlPart(request.url)}\n` +
      `${canonicalHeaders(claim.signedHeaders, layout, rawHeaders, request.host)}\n${signedText}\n${bodyHash}`;
    const key = known?.key ?? this.keyOf(signer, claim.scope);
    this.compare(key, date.text, claim.scope, canonical, signature);
    // What is remembered was signed by somebody who has the key, so nobody else can fill the memory.
    if (known !== undefined) known.layout = layout;
    else if (isLast) this.remember(prefix, { claim, signer, key, signedText, layout });
    return { signer, region: claim.scope.region };
  }

  private verifyUrl(request: SignedRequest, service: string): Verified {
    const now = this.clock.now();
    const pairs = readPairs(queryOf(request.url));
    const { claim, date, token, unsignedPairs } = readPresigned(pairs, this.readDate, now);
    checkScope(claim.scope, service, date.text);
    const layout = layOut(claim.signedHeaders, request.rawHeaders);
    const signer = this.findSigner(claim.scope.keyId, token);
    if (now >= signer.expiresAt) throw expiredToken();
    const bodyHash = hashOf(request.body);
    checkPayloadHash(at(request.rawHeaders, layout.payloadHash), bodyHash);
    const canonical =
      `${request.method}\n${canonicalPath(pathOf(request.url))}\n${canonicalQuery(unsignedPairs)}\n` +
      `${canonicalHeaders(claim.signedHeaders, layout, request.rawHeaders, request.host)}\n` +
      `${claim.signedHeaders.join(';')}\n${bodyHash}`;
    this.compare(this.keyOf(signer, claim.scope), date.text, claim.scope, canonical, claim.signature);
    return { signer, region: claim.scope.region };
  }

  private findSigner(keyId: string, token: string | undefined): Signer {
    const signer = this.signers.find(keyId, token);
    if (signer === undefined) throw unknownKey();
    return signer;
  }

  /** In a time that says nothing of how much is right. */
  private compare(
    key: SigningKey,
    dateText: string,
    scope: CredentialScope,
    canonical: string,
    signature: string,
  ): void {
    const digest = hash('sha256', Buffer.from(canonical, 'latin1'), 'hex');
    this.expected.write(key.sign(`${algorithm}\n${dateText}\n${scope.text}\n${digest}`), 'latin1');
    this.given.write(signature, 'latin1');
    if (!timingSafeEqual(this.expected, this.given)) throw doesNotMatch();
  }

  private keyOf({ keyId, secret }: Signer, { text, date, region, service }: CredentialScope): SigningKey {
    const name = `${keyId}/${text}`;
    const known = this.keys.get(name);
    if (known !== undefined) return known;
    const key = deriveKey(secret, date, region, service);
    if (this.keys.size >= sigv4Limits.signingKeysMax) this.keys.clear();
    this.keys.set(name, key);
    return key;
  }

  private remember(prefix: string, plan: Plan): void {
    if (this.plans.size >= sigv4Limits.plansMax) this.plans.clear();
    this.plans.set(prefix, plan);
  }
}

function at(raw: readonly string[], place: number | undefined): string | undefined {
  return place === undefined ? undefined : raw[place];
}

function dateIn(raw: readonly string[], { date, plainDate }: HeaderLayout): string {
  const text = at(raw, date ?? plainDate);
  if (text !== undefined) return text;
  throw incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
}

/** Path and query in their lines. */
function urlPart(url: string): string {
  return url === '/' ? '/\n' : `${canonicalPath(pathOf(url))}\n${canonicalQuery(readPairs(queryOf(url)))}`;
}

function hashOf(body: Buffer): string {
  return body.length === 0 ? emptyHash : hash('sha256', body, 'hex');
}
