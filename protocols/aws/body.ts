import type { IncomingMessage } from 'node:http';

export interface BodyTaker {
  whole(body: Buffer): void;
  /** More than allowed: nothing further is read. */
  tooLong(): void;
}

const empty = Buffer.alloc(0);

/** Collects a body of at most `bytesMax`; as a rule it is whole in its first chunk and is not copied. */
export function collectBody(request: IncomingMessage, bytesMax: number, taker: BodyTaker): void {
  let first: Buffer | undefined;
  let rest: Buffer[] | undefined;
  let bytes = 0;

  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      request.removeAllListeners('data');
      request.removeAllListeners('end');
      taker.tooLong();
    } else if (first === undefined) first = chunk;
    else if (rest === undefined) rest = [first, chunk];
    else rest.push(chunk);
  });
  request.on('end', () => taker.whole(rest === undefined ? (first ?? empty) : Buffer.concat(rest, bytes)));
}
