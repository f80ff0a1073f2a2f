import type { IncomingMessage } from 'node:http';
import { GantryError } from '../../model/errors.ts';

/**
 * The JSON body of a request; undefined when there is none.
 * @throws GantryError `too-large`, `invalid-argument`
 */
export async function readJsonBody(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.length;
    if (bytes > bytesMax) throw new GantryError('too-large', `the body is over the limit of ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  if (bytes === 0) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString());
    return value;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('invalid-argument', `the body is no JSON: ${why.slice(0, 200)}`);
  }
}
