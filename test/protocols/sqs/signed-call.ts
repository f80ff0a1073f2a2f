import { type Signing, signed } from '../aws/sigv4/sign.ts';
import { type Answer, exchange } from './call.ts';
import type { JsonObject } from './cases/case.ts';

/** Signs with the server's own clock. */
export interface Key {
  readonly id: string;
  readonly secret: string;
}

export const adaKey: Key = { id: 'AKIAADA', secret: 'secret of ada' };
export const bobKey: Key = { id: 'AKIABOB', secret: 'secret of bob' };
export const rootKey: Key = { id: 'AKIAROOT', secret: 'secret of root' };

export function signedCall(
  server: { readonly port: number; readonly clock: { now(): number } },
  key: Key,
  operation: string,
  input: JsonObject,
  signing: Partial<Signing> = {},
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const body = JSON.stringify(input);
  const headers = {
    Host: `127.0.0.1:${server.port}`,
    'Content-Type': 'application/x-amz-json-1.0',
    'X-Amz-Target': `AmazonSQS.${operation}`,
    ...more,
  };
  const complete = { keyId: key.id, secret: key.secret, at: server.clock.now(), ...signing };
  return exchange(server, {
    method: 'POST',
    headers: signed({ method: 'POST', url: '/', headers, body }, complete),
    body,
  });
}
