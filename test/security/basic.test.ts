import { expect, test } from 'vitest';
import { createAuthenticator } from '../../src/security/basic.ts';
import { isNobodysPassword, isPassword, makeVerifier } from '../../src/security/passwords.ts';
import { createUsers } from '../../src/security/users.ts';
import { createSystemRandom } from '../../src/server/system-random.ts';
import { user } from '../support/users.ts';

const random = createSystemRandom();
const header = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

async function setup() {
  const clock = { at: 0, now: () => clock.at };
  const users = createUsers([
    user('ada', { password: await makeVerifier('of ada', random) }),
    user('eve', { password: await makeVerifier('of eve', random) }),
    user('bob', {
      password: 'of bob',
      accessKeys: [{ id: 'AKIABOB', secret: 'secret of bob', account: '111122223333' }],
    }),
  ]);
  let digests = 0;
  const counted = <A extends unknown[]>(check: (...given: A) => Promise<boolean>) => {
    return (...given: A) => {
      digests++;
      return check(...given);
    };
  };
  const checks = { isPassword: counted(isPassword), isNobodysPassword: counted(isNobodysPassword) };
  const { authenticate } = createAuthenticator(clock, random, checks);
  const ask = (credentials: string, from?: string) => authenticate(users, header(credentials), from);
  return { clock, ask, digests: () => digests };
}

test.each([
  ['ada:of ada', 'ada', '000000000000'],
  ['bob:of bob', 'bob', '000000000000'],
  ['AKIABOB:secret of bob', 'bob', '111122223333'],
])('%s is who it says', async (credentials, name, account) => {
  const { ask } = await setup();

  expect(await ask(credentials)).toEqual({ name, account, isAnonymous: false });
});

test.each(['ada:of bob', 'ada:', 'ada', ':', 'nobody:of ada', 'AKIABOB:of bob', 'bob:secret of bob'])(
  '%s is nobody',
  async (credentials) => {
    const { ask } = await setup();

    expect(await ask(credentials)).toMatchObject({ isAnonymous: true });
  },
);

test('what was right is not digested again for a minute', async () => {
  const { clock, ask, digests } = await setup();
  await ask('ada:of ada');
  clock.at += 59_999;
  for (let times = 0; times < 3; times++) await ask('ada:of ada');
  const within = digests();
  clock.at += 1;
  await ask('ada:of ada');

  expect([within, digests()]).toEqual([1, 2]);
});

test('of a flood of guesses some wait and the rest is refused, and who is known comes through', async () => {
  const { ask } = await setup();
  await ask('ada:of ada');

  const guesses = Array.from({ length: 70 }, (_, at) => ask(`ada:guess ${at}`));
  const outcomes = Promise.allSettled(guesses);
  expect(await ask('ada:of ada')).toMatchObject({ name: 'ada' });
  expect(await ask('AKIABOB:secret of bob')).toMatchObject({ name: 'bob' });

  const refused = (await outcomes).filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(70 - 66);
}, 30_000);

test('a flood of guesses about a user keeps out nobody who asks from elsewhere, is another user, or was right before', async () => {
  const { clock, ask } = await setup();
  let isOver = false;
  const flood = Array.from({ length: 80 }, (_, at) => ask(`ada:guess ${at}`, '10.0.0.1'));
  const outcomes = Promise.allSettled(flood).finally(() => {
    isOver = true;
  });

  expect(await ask('ada:of ada', '2001:db8:1:2::3')).toMatchObject({ name: 'ada' });
  expect(await ask('eve:of eve', '10.0.0.1')).toMatchObject({ name: 'eve' });
  clock.at += 60_000;
  expect(await ask('ada:of ada', '10.0.0.1')).toMatchObject({ name: 'ada' });
  expect(isOver).toBe(false);

  const refused = (await outcomes).filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(80 - 66 + 1);
}, 30_000);

test('names that nobody has are all looked at, in the time of a few, and keep nobody out', async () => {
  const { ask, digests } = await setup();
  const guesses = Promise.all(Array.from({ length: 1_000 }, (_, at) => ask(`nobody${at}:of ada`)));
  expect(await ask('ada:of ada')).toMatchObject({ name: 'ada' });
  const answers = await guesses;

  expect(answers.filter(({ isAnonymous }) => isAnonymous)).toHaveLength(1_000);
  expect(digests()).toBeLessThan(10);
});
