import { hash } from 'node:crypto';
import { algorithm } from '../../../protocols/aws/sigv4/authorization.ts';
import { canonicalPath } from '../../../protocols/aws/sigv4/canonical.ts';
import { deriveKey } from '../../../protocols/aws/sigv4/signing-key.ts';

export interface Credentials {
  readonly keyId: string;
  readonly secret: string;
  readonly token: string | undefined;
}
export interface ToSign {
  readonly url: URL;
  /** With small letters; `host` is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly region: string;
  readonly service: string;
  readonly at: Date;
}

/** The headers of a POST, signed by AWS Signature Version 4. */
export function signedHeaders(
  { keyId, secret, token }: Credentials,
  { url, headers, body, region, service, at }: ToSign,
): Record<string, string> {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const date = time.slice(0, 8);
  const all: Record<string, string> = { ...headers, host: url.host, 'x-amz-date': time };
  if (token !== undefined) all['x-amz-security-token'] = token;
  const names = Object.keys(all).toSorted();
  const lines = names.map((name) => `${name}:${all[name]?.trim()}\n`).join('');
  const canonical = ['POST', canonicalPath(url.pathname), '', lines, names.join(';'), hash('sha256', body)].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = [algorithm, time, scope, hash('sha256', canonical)].join('\n');
  const signature = deriveKey(secret, date, region, service).sign(text);
  const claim = `Credential=${keyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...all, authorization: `${algorithm} ${claim}` };
}
