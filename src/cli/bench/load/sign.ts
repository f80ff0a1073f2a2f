/** Signature Version 4 for the requests of a dialect: what a client does that has a user's access key. */
import { createHmac, hash } from 'node:crypto';
import type { Credentials } from './endpoint.ts';

const algorithm = 'AWS4-HMAC-SHA256';
/** The region that the broker is in when nobody says otherwise. */
const scopeEnd = 'us-east-1/sqs/aws4_request';

/** @param text a whole request of one of the dialects, whose headers name what is signed */
export function signRequest(text: string, credentials: Credentials, now: Date): string {
  const headEnd = text.indexOf('\r\n\r\n');
  const [requestLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const body = text.slice(headEnd + 4);
  const at = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  headers.set('x-amz-date', at);
  const names = [...headers.keys()].filter((name) => name !== 'authorization' && name !== 'content-length').sort();
  const canonical = [
    'POST',
    '/',
    '',
    ...names.map((name) => `${name}:${headers.get(name)}`),
    '',
    names.join(';'),
    hash('sha256', body, 'hex'),
  ].join('\n');
  const scope = `${at.slice(0, 8)}/${scopeEnd}`;
  const stringToSign = [algorithm, at, scope, hash('sha256', canonical, 'hex')].join('\n');
  const signature = createHmac('sha256', signingKey(credentials.secret, scope)).update(stringToSign).digest('hex');
  headers.set(
    'authorization',
    `${algorithm} Credential=${credentials.id}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  );
  const head = lines.map((line) => {
    const name = line.slice(0, line.indexOf(':'));
    return `${name}: ${headers.get(name.toLowerCase())}`;
  });
  return [requestLine, ...head, '', body].join('\r\n');
}

const keys = new Map<string, Buffer>();

/** Kept, as SDKs keep it: it changes once a day. */
function signingKey(secret: string, scope: string): Buffer {
  const name = `${secret} ${scope}`;
  let key = keys.get(name);
  if (key === undefined) {
    key = scope
      .split('/')
      .reduce((parent, part) => createHmac('sha256', parent).update(part).digest(), Buffer.from(`AWS4${secret}`));
    keys.set(name, key);
  }
  return key;
}
