import { expect, test } from 'vitest';
import { issueSession, resolveSession } from '../../src/security/sessions.ts';
import { createSigners } from '../../src/security/signers.ts';
import { createUsers } from '../../src/security/users.ts';
import { user } from '../support/users.ts';

function setup() {
  const ada = user('ada', { account: '111122223333', accessKeys: [{ id: 'AKIAADA', secret: 'secret of ada' }] });
  const users = createUsers([ada, user('bob', { accessKeys: [{ id: 'AKIABOB', secret: 'secret of bob' }] })]);
  const owner = users.findKey('AKIAADA');
  if (owner === undefined) throw new Error('there is the key');
  const issue = (nonce: number) =>
    issueSession(owner.key, { expiresAt: 1_000, roleArn: undefined, nonce: Uint8Array.of(nonce) });
  return { users, issue };
}

test('temporary credentials are their user’s until they end', () => {
  const { users, issue } = setup();
  const { keyId, secret, token, expiresAt } = issue(1);

  expect(keyId).toMatch(/^ASIA[0-9A-F]{16}$/);
  expect(createSigners(users).find(keyId, token)).toMatchObject({
    user: { name: 'ada' },
    account: '111122223333',
    ...{ keyId, secret, expiresAt },
  });
});

test('no two are alike', () => {
  const { issue } = setup();

  expect(issue(1).keyId).not.toBe(issue(2).keyId);
  expect(issue(1).secret).not.toBe(issue(2).secret);
});

test('a token is worth nothing when any character of it is another', () => {
  const { users, issue } = setup();
  const { keyId, token } = issue(1);

  for (let at = 0; at < token.length; at++) {
    const other = token[at] === 'A' ? 'B' : 'A';
    const forged = `${token.slice(0, at)}${other}${token.slice(at + 1)}`;
    expect(resolveSession(users, keyId, forged)).toBeUndefined();
  }
});

test.each(['', '.', 'x', 'W10.x', `${'x'.repeat(5_000)}.y`, 'a.b.c'])('%j is no token', (token) => {
  const { users, issue } = setup();

  expect(resolveSession(users, issue(1).keyId, token)).toBeUndefined();
});

test('credentials of a key that is gone are gone', () => {
  const { issue } = setup();
  const { keyId, token } = issue(1);
  const others = createUsers([user('ada')]);

  expect(createSigners(others).find(keyId, token)).toBeUndefined();
});
