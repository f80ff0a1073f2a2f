import { expect, test } from 'vitest';
import { makeVerifier } from '../../src/security/passwords.ts';
import { createSealer } from '../../src/security/sealer.ts';
import { decodeUser, encodeUser, type StoredUser } from '../../src/security/user-record.ts';
import { createSystemRandom } from '../../src/server/system-random.ts';

const random = createSystemRandom();
const newSealer = () => createSealer(random.bytes(32), random);

async function lowUser(): Promise<StoredUser> {
  return {
    ...{ name: 'low', account: '000000000000', isAdmin: false, statements: [], createdAt: 1, modifiedAt: 2 },
    password: await makeVerifier('of low', random),
    accessKeys: [{ id: 'AKIALOW', account: '111122223333', secret: 'secret of low', createdAt: 3 }],
  };
}

test.each([
  ['without its key', undefined, 'sealed, and its key is not there'],
  ['with another key', newSealer(), 'sealed with another key'],
])('what was read %s and written again opens with the key that sealed it', async (_, wrong, why) => {
  const sealer = newSealer();
  const user = await lowUser();

  const { user: locked, problems } = decodeUser('low', encodeUser(user, sealer), wrong);
  const again = encodeUser({ ...locked, isAdmin: true }, wrong);

  expect(locked).toMatchObject({ password: undefined, accessKeys: [] });
  expect(problems).toEqual([`password is ${why}`, `access key AKIALOW is ${why}`]);
  expect(decodeUser('low', again, sealer)).toEqual({ user: { ...user, isAdmin: true }, problems: [] });
});

test('a record of another version says so, and that it cannot be changed', () => {
  const { user } = decodeUser('low', Buffer.from('{"v":2,"admin":true}'), newSealer());

  expect(user).toMatchObject({ isAdmin: false, unreadable: 'its record is not of version 1' });
});
