import { type CredentialScope, parseScope } from './credential.ts';
import { doesNotMatch, incomplete, shown } from './errors.ts';
import { sigv4Limits } from './limits.ts';

/** How a request says that it is signed. */
export interface Claim {
  readonly scope: CredentialScope;
  /** In order, in small letters. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
}

export const algorithm = 'AWS4-HMAC-SHA256';
const parameters = ['Credential', 'SignedHeaders', 'Signature'];

/** The Authorization header of a signed request. @throws AwsError `IncompleteSignature`, `SignatureDoesNotMatch` */
export function parseAuthorization(header: string): Claim {
  if (header.length > sigv4Limits.authorizationCharactersMax) throw incomplete('The Authorization header is too long.');
  const space = header.indexOf(' ');
  const scheme = space < 0 ? header : header.slice(0, space);
  if (scheme !== algorithm) throw incomplete(`Unsupported AWS 'algorithm': '${shown(scheme)}'.`);
  const values = new Map<string, string>();
  for (const pair of header.slice(scheme.length).split(',')) {
    const text = pair.trim();
    const equals = text.indexOf('=');
    if (equals < 0) {
      const what = 'not a valid key=value pair (missing equal-sign) in Authorization header';
      throw incomplete(`'${shown(text)}' ${what}.`);
    }
    const name = text.slice(0, equals);
    if (values.has(name) || !parameters.includes(name)) {
      throw incomplete(`'${shown(name)}' stands twice, or is no parameter of the Authorization header.`);
    }
    values.set(name, text.slice(equals + 1));
  }
  const missing = parameters.filter((name) => (values.get(name) ?? '') === '');
  if (missing.length > 0) {
    throw incomplete(missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' '));
  }
  return claimOf(values.get('Credential') ?? '', values.get('SignedHeaders') ?? '', values.get('Signature') ?? '');
}

/** @throws AwsError `IncompleteSignature`, `SignatureDoesNotMatch` */
export function claimOf(credential: string, signedHeaders: string, signature: string): Claim {
  const scope = parseScope(credential);
  const names = signedHeaders.split(';');
  if (names.length > sigv4Limits.signedHeadersMax) throw incomplete('Too many SignedHeaders.');
  const isOrdered = names.every(
    (name, at) => name === name.toLowerCase() && (at === 0 || name > (names[at - 1] ?? '')),
  );
  if (!isOrdered) throw doesNotMatch('SignedHeaders must be in small letters and in order, each once.');
  if (!names.includes('host')) {
    throw doesNotMatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (!/^[0-9a-f]{64}$/.test(signature)) throw doesNotMatch();
  return { scope, signedHeaders: names, signature };
}
