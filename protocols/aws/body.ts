import type { IncomingMessage } from 'node:http';

export interface BodyTaker {
  whole(body: Buffer): void;
  /** More than allowed: nothing further is read. */
  tooLong(): void;
}

const empty = Buffer.alloc(0);

/**
 * Collects a body of at most `bytesMax`; as a rule it is whole in its first chunk and is not copied. What comes in more is
 * gathered in one buffer that doubles: kept chunk by chunk, a body sent byte by byte would take hundreds of times its size.
 */
export function collectBody(request: IncomingMessage, bytesMax: number, taker: BodyTaker): void {
  let gathered: Buffer = empty;
  let bytes = 0;

  request.on('data', (chunk: Buffer) => {
    const before = bytes;
    bytes += chunk.length;
    if (bytes > bytesMax) {
      gathered = empty;
      request.removeAllListeners('data');
      request.removeAllListeners('end');
      taker.tooLong();
    } else if (before === 0) gathered = chunk;
    else {
      if (bytes > gathered.length) gathered = enlarged(gathered.subarray(0, before), Math.min(bytes * 2, bytesMax));
      chunk.copy(gathered, before);
    }
  });
  request.on('end', () => taker.whole(gathered.subarray(0, bytes)));
}

function enlarged(bytes: Buffer, size: number): Buffer {
  const larger = Buffer.allocUnsafe(size);
  bytes.copy(larger);
  return larger;
}
