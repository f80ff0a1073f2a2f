import { request } from 'node:http';
import type { JsonObject } from './cases/case.ts';

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly queryError: string | undefined;
  readonly text: string;
  /** The JSON; `{}` where the body is empty or something else. */
  readonly output: JsonObject;
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export const scope = (keyId: string, region: string) => ({
  Authorization: `AWS4-HMAC-SHA256 Credential=${keyId}/20260101/${region}/sqs/aws4_request, SignedHeaders=host, Signature=0`,
});

export function call(
  server: { readonly port: number },
  operation: string,
  input: JsonObject,
  more: RawRequest = {},
): Promise<Answer> {
  const headers = {
    'Content-Type': 'application/x-amz-json-1.0',
    'X-Amz-Target': `AmazonSQS.${operation}`,
    ...scope('test', 'us-east-1'),
    ...more.headers,
  };
  return exchange(server, { method: 'POST', body: JSON.stringify(input), ...more, headers });
}

export function exchange(server: { readonly port: number }, raw: RawRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', path = '/', headers = {}, body } = raw;
    const options = { host: '127.0.0.1', port: server.port, method, path, headers: { ...headers }, agent: false };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = response.headers['content-type'] === 'application/x-amz-json-1.0' && text !== '';
        resolve({
          status: response.statusCode,
          headers: response.headers,
          queryError: single(response.headers['x-amzn-query-error']),
          text,
          output: isJson ? JSON.parse(text) : {},
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
