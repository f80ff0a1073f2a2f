import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { collectBody } from '../../../protocols/aws/body.ts';

const bytesMax = 64;

/** A stream is all that the collector asks of a request. */
function collect(chunks: readonly Uint8Array[]): Promise<Buffer | 'too long'> {
  const stream = new PassThrough();
  return new Promise((resolve) => {
    collectBody(stream as unknown as IncomingMessage, bytesMax, {
      whole: (body) => resolve(Buffer.from(body)),
      tooLong: () => resolve('too long'),
    });
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
  });
}

it('a body is the same however it was cut into chunks, up to the limit and not beyond', async () => {
  const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 10 });

  await fc.assert(
    fc.asyncProperty(chunks, async (cut) => {
      const whole = Buffer.concat(cut);
      const wanted = whole.length > bytesMax ? 'too long' : whole;
      expect(await collect(cut)).toEqual(wanted);
    }),
  );
});

it('many small chunks are gathered in one buffer', async () => {
  const body = await collect(Array.from({ length: bytesMax }, (_, index) => Uint8Array.of(index)));

  expect(body).toEqual(Buffer.from(Array.from({ length: bytesMax }, (_, index) => index)));
});
