import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AwsError } from '../../../../protocols/aws/errors.ts';
import { Verifier } from '../../../../protocols/aws/sigv4/verifier.ts';
import { createSigners } from '../../../../src/security/signers.ts';
import { createUsers } from '../../../../src/security/users.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { user } from '../../../support/users.ts';

const key = { id: 'AKIAADA', secret: 'secret' };
const verifier = new Verifier(
  createSigners(createUsers([user('ada', { accessKeys: [key] })])),
  createFakeClock(Date.UTC(2026, 0, 1)),
);

/** What headers and URLs are made of, whole or in bits, among anything else that a line can hold. */
const bit = fc.oneof(
  fc.constantFrom('AWS4-HMAC-SHA256', 'Credential=', 'SignedHeaders=', 'Signature=', 'host', 'x-amz-date', key.id),
  fc.constantFrom(
    '20260101',
    'us-east-1',
    'sqs',
    'aws4_request',
    '20260101T000000Z',
    '/',
    ';',
    ',',
    '=',
    ' ',
    '%',
    '&',
  ),
  fc.constantFrom('X-Amz-Algorithm=', 'X-Amz-Credential=', 'X-Amz-Date=', 'X-Amz-Expires=', 'X-Amz-SignedHeaders='),
  fc.constantFrom('X-Amz-Signature=', 'X-Amz-Security-Token=', 'a'.repeat(64), '%ff', '%zz', '+', '?'),
  fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 8 }),
);
const line = fc.array(bit, { maxLength: 24 }).map((bits) => bits.join(''));
const header = fc.tuple(
  fc.constantFrom('Host', 'X-Amz-Date', 'Date', 'x-amz-content-sha256', 'X-Amz-Security-Token', 'a'),
  line,
);

test('no Authorization header, URL or other header is anything but refused', () => {
  fc.assert(
    fc.property(
      fc.option(line, { nil: undefined }),
      line,
      fc.array(header, { maxLength: 8 }),
      (authorization, url, headers) => {
        const request = { method: 'POST', url: `/?${url}`, authorization, host: undefined, body: Buffer.from('{}') };

        const verify = () => verifier.verify({ ...request, rawHeaders: headers.flat() }, 'sqs');

        if (authorization === undefined && !/[?&]X-Amz-(Algorithm|Credential|Signature)=/.test(request.url)) {
          expect(verify()).toBeUndefined();
        } else expect(verify).toThrow(AwsError);
      },
    ),
    { numRuns: 3_000 },
  );
});
