import { expect, it } from 'vitest';
import { Identities } from '../../../protocols/aws/identity.ts';
import { frontLimits } from '../../../protocols/aws/limits.ts';

const header = (credential: string) => `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`;
const found = (credential: string) => new Identities().find(header(credential)).namespace;

it.each([
  ['123456789012/20260101/eu-west-1/sqs/aws4_request', { account: '123456789012', region: 'eu-west-1' }],
  ['AKIDEXAMPLE/20260101/eu-west-1/sqs/aws4_request', { account: '000000000000', region: 'eu-west-1' }],
  ['1234567890123/20260101/eu-west-1/sqs/aws4_request', { account: '000000000000', region: 'eu-west-1' }],
  ['a/b/Not A Region/sqs/aws4_request', { account: '000000000000', region: 'us-east-1' }],
  ['a//', { account: '000000000000', region: 'us-east-1' }],
  ['', { account: '000000000000', region: 'us-east-1' }],
  [`a/b/${'r'.repeat(frontLimits.regionCharactersMax)}/sqs`, { account: '000000000000', region: 'r'.repeat(64) }],
  [`a/b/${'r'.repeat(frontLimits.regionCharactersMax + 1)}/sqs`, { account: '000000000000', region: 'us-east-1' }],
  [`123456789012/b/r/${'s'.repeat(300)}`, { account: '000000000000', region: 'us-east-1' }],
])('the credential %j [0.3]', (credential, expected) => {
  expect(found(credential)).toEqual(expected);
});

it('a credential at the end of the header is read too', () => {
  const identity = new Identities().find('AWS4-HMAC-SHA256 Credential=123456789012/d/eu-west-1/sqs/aws4_request');

  expect(identity.namespace).toEqual({ account: '123456789012', region: 'eu-west-1' });
});

it('the same credential is the same identity, and ever new ones do not fill the memory', () => {
  const identities = new Identities();
  const first = identities.find(header('123456789012/d/eu-west-1/sqs'));
  const again = identities.find(header('123456789012/d/eu-west-1/sqs'));
  for (let i = 0; i < 2 * frontLimits.identitiesMax; i++) identities.find(header(`key${i}/d/eu-west-1/sqs`));

  const later = identities.find(header('123456789012/d/eu-west-1/sqs'));

  expect(again).toBe(first);
  expect(later).not.toBe(first); // It was forgotten meanwhile.
  expect(later).toEqual(first);
});
