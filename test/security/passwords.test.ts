import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkPassword, isPassword, makeVerifier } from '../../src/security/passwords.ts';
import { createSystemRandom } from '../../src/server/system-random.ts';

const random = createSystemRandom();

test('a password is verified, another is not, and what looks the same is the same', async () => {
  const verifier = await makeVerifier('Caf\u00e9 1', random);

  expect(await isPassword('Caf\u00e9 1', verifier)).toBe(true);
  expect(await isPassword('Cafe\u0301 1', verifier)).toBe(true);
  expect(await isPassword('Cafe 1', verifier)).toBe(false);
  expect(JSON.stringify(verifier)).not.toContain('Caf');
});

test('a client of SCRAM-SHA-256 proves that it knows it [RFC 5802, 3]', async () => {
  const { scram } = await makeVerifier('pencil', random);
  const message = 'n=user,r=nonce,r=nonce2,s=salt,i=1,c=biws,r=nonce2';
  const salted = pbkdf2Sync('pencil', Buffer.from(scram.salt, 'base64'), scram.iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const stored = createHash('sha256').update(clientKey).digest();
  const proof = xor(clientKey, createHmac('sha256', stored).update(message).digest());

  // As a server does it, with what it keeps.
  const signature = createHmac('sha256', Buffer.from(scram.storedKey, 'base64')).update(message).digest();
  const shown = createHash('sha256').update(xor(proof, signature)).digest('base64');

  expect(shown).toBe(scram.storedKey);
  expect(createHmac('sha256', salted).update('Server Key').digest('base64')).toBe(scram.serverKey);
});

test.each(['', 'a\nb', 'x'.repeat(257)])('%j is no password', (password) => {
  expect(() => checkPassword(password)).toThrow('expected a password of 1 to 256 characters');
});

test.each(['x', 'x'.repeat(256), ' ', '"$:'])('%j is one', (password) => {
  expect(() => checkPassword(password)).not.toThrow();
});

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, at) => byte ^ (other[at] ?? 0)));
}
