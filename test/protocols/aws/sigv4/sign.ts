import { createHash, createHmac } from 'node:crypto';

/** A second, plain signer, written from the specification alone, to judge the verifier by. */
export interface Signing {
  readonly keyId: string;
  readonly secret: string;
  readonly at: number;
  readonly region?: string;
  readonly service?: string;
  /** The scope's own day, where it is to be wrong. */
  readonly date?: string;
  readonly terminator?: string;
}
export interface Unsigned {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** @returns the headers with X-Amz-Date and Authorization; all are signed but those in `unsigned` */
export function signed(
  request: Unsigned,
  signing: Signing,
  unsigned: readonly string[] = [],
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = { ...request.headers, 'X-Amz-Date': amzDate(signing.at) };
  const names = Object.keys(headers).filter((name) => !unsigned.includes(name));
  const signedNames = names.map((name) => name.toLowerCase()).sort();
  const signature = signatureOf({ ...request, headers }, signedNames, signing);
  const credential = `${signing.keyId}/${scopeOf(signing)}`;
  headers.Authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedNames.join(';')}, Signature=${signature}`;
  return headers;
}

/** @returns the URL with its signature */
export function presigned(request: Unsigned, signing: Signing, expires: number | string, token?: string): string {
  const parameters: readonly (readonly [string, string])[] = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${signing.keyId}/${scopeOf(signing)}`],
    ['X-Amz-Date', amzDate(signing.at)],
    ['X-Amz-Expires', String(expires)],
    [
      'X-Amz-SignedHeaders',
      Object.keys(request.headers)
        .map((name) => name.toLowerCase())
        .sort()
        .join(';'),
    ],
    ...(token === undefined ? [] : [['X-Amz-Security-Token', token] as const]),
  ];
  const query = parameters.map(([name, value]) => `${name}=${encode(value)}`).join('&');
  const url = `${request.url}${request.url.includes('?') ? '&' : '?'}${query}`;
  const names = Object.keys(request.headers)
    .map((name) => name.toLowerCase())
    .sort();
  return `${url}&X-Amz-Signature=${signatureOf({ ...request, url }, names, signing)}`;
}

function amzDate(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function scopeOf({ at, date, region = 'us-east-1', service = 'sqs', terminator = 'aws4_request' }: Signing): string {
  return `${date ?? amzDate(at).slice(0, 8)}/${region}/${service}/${terminator}`;
}

function signatureOf(request: Unsigned, names: readonly string[], signing: Signing): string {
  const [path = '', query = ''] = request.url.split('?');
  const pairs = new URLSearchParams(query);
  const canonicalQuery = [...pairs]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const values = new Map(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const canonical = [
    request.method,
    path.split('/').map(encode).join('/'),
    canonicalQuery,
    ...names.map((name) => `${name}:${(values.get(name) ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    names.join(';'),
    sha256(request.body),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', amzDate(signing.at), scopeOf(signing), sha256(canonical)].join('\n');
  let key: Buffer = Buffer.from(`AWS4${signing.secret}`);
  for (const part of scopeOf(signing).split('/')) key = hmac(key, part);
  return hmac(key, text).toString('hex');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
