import { describe, expect, test } from 'vitest';
import { type SignedRequest, Verifier } from '../../../../protocols/aws/sigv4/verifier.ts';
import { createSigners } from '../../../../src/security/signers.ts';
import { createUsers } from '../../../../src/security/users.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { user } from '../../../support/users.ts';
import { type Vector, vectorAt, vectorKeyId, vectorSecret, vectors } from './vectors.ts';

function setup() {
  const clock = createFakeClock(vectorAt);
  const users = createUsers([user('ada', { accessKeys: [{ id: vectorKeyId, secret: vectorSecret }] })]);
  return { clock, verifier: new Verifier(createSigners(users), clock) };
}

function requestOf(
  { method, url, headers, signedHeaders, signature }: Vector,
  more: readonly string[] = [],
): SignedRequest {
  const scope = '20150830/us-east-1/service/aws4_request';
  const authorization = `AWS4-HMAC-SHA256 Credential=${vectorKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  const own = ['Host', 'example.amazonaws.com', 'X-Amz-Date', '20150830T123600Z', 'Authorization', authorization];
  const rawHeaders = [...headers, ...own, ...more];
  return { method, url, rawHeaders, authorization, body: Buffer.alloc(0), host: undefined };
}

describe("AWS's own test vectors", () => {
  test.each(vectors.map((vector) => [vector.name, vector] as const))('%s is accepted, first and again', (_, vector) => {
    const { verifier } = setup();

    for (const request of [requestOf(vector), requestOf(vector)]) {
      expect(verifier.verify(request, 'service')).toMatchObject({
        region: 'us-east-1',
        signer: { user: { name: 'ada' } },
      });
    }
  });

  test.each(vectors.map((vector) => [vector.name, vector] as const))(
    '%s with another signature is refused',
    (_, vector) => {
      const { verifier } = setup();
      const signature = vector.signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));

      verifier.verify(requestOf(vector), 'service');

      expect(() => verifier.verify(requestOf({ ...vector, signature }), 'service')).toThrow(
        /^The request signature we/,
      );
    },
  );

  test('a header of AWS that was put in behind the signature is refused', () => {
    const { verifier } = setup();
    const [vector] = vectors;
    if (vector === undefined) throw new Error('there are vectors');
    const request = requestOf(vector, ['X-Amz-Security-Token', 'token']);

    expect(() => verifier.verify(request, 'service')).toThrow(
      "The header 'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization.",
    );
  });

  test('the same headers in another order are the same request', () => {
    const { verifier } = setup();
    const [vector] = vectors;
    if (vector === undefined) throw new Error('there are vectors');
    const request = requestOf(vector);
    const [host = '', hostValue = '', ...others] = request.rawHeaders;

    verifier.verify(request, 'service');

    expect(
      verifier.verify({ ...request, rawHeaders: [...others, host.toUpperCase(), hostValue] }, 'service'),
    ).toBeDefined();
  });
});
