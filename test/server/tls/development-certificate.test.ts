import { X509Certificate } from 'node:crypto';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSystemRandom } from '../../../src/server/system-random.ts';
import {
  developmentFiles,
  developmentNames,
  ensureDevelopmentCertificate,
} from '../../../src/server/tls/development-certificate.ts';
import { temporaryFolder } from '../../support/launch.ts';

const dayMs = 86_400_000;

async function setup() {
  const folder = join(await temporaryFolder(), 'tls');
  const files = developmentFiles(folder);
  const random = createSystemRandom();
  const ensure = (names: readonly string[] = ['localhost', '::1'], now = Date.now()) =>
    ensureDevelopmentCertificate({ folder, names, random, now });
  const read = async (path: string) => new X509Certificate(await readFile(path));
  return { folder, files, ensure, server: () => read(files.tlsCert), authority: () => read(files.authority) };
}

test('the first time an authority and a server are made, with keys for their owner alone', async () => {
  const { folder, files, ensure, server, authority } = await setup();

  const made = await ensure();

  expect(made).toMatchObject({ names: ['localhost', '::1'], isNew: true, isAuthorityNew: true });
  expect((await server()).verify((await authority()).publicKey)).toBe(true);
  expect((await server()).checkIP('::1')).toBeDefined();
  const modes = [folder, files.authorityKey, files.tlsKey].map(async (path) => (await stat(path)).mode & 0o777);
  expect(await Promise.all(modes)).toEqual([0o700, 0o600, 0o600]);
});

test('the second time everything stays', async () => {
  const { ensure, server } = await setup();
  const made = await ensure(['localhost', '0:0:0:0:0:0:0:1']);
  const { serialNumber } = await server();

  const again = await ensure(['LOCALHOST', '::1']);

  expect(again).toEqual({ ...made, isNew: false, isAuthorityNew: false });
  expect((await server()).serialNumber).toBe(serialNumber);
});

test('another name makes another certificate, with the names of before and the same authority', async () => {
  const { ensure, authority } = await setup();
  await ensure();
  const { fingerprint256 } = await authority();

  const again = await ensure(['sns.us-east-1.amazonaws.com']);

  expect(again.names).toEqual(['localhost', '::1', 'sns.us-east-1.amazonaws.com']);
  expect(again).toMatchObject({ isNew: true, isAuthorityNew: false });
  expect((await authority()).fingerprint256).toBe(fingerprint256);
  expect((await ensure(['localhost'])).isNew).toBe(false);
});

test('a month before its end a certificate is made anew, and the authority as long as it outlives what it signs', async () => {
  const { ensure } = await setup();
  const { expiresAt } = await ensure();

  expect((await ensure(undefined, expiresAt - 31 * dayMs)).isNew).toBe(false);
  expect(await ensure(undefined, expiresAt - 29 * dayMs)).toMatchObject({ isNew: true, isAuthorityNew: false });
  expect(await ensure(undefined, Date.now() + (3650 - 396) * dayMs)).toMatchObject({ isAuthorityNew: true });
});

test.each([
  ['a damaged certificate', 'tlsCert', false],
  ['a damaged key', 'tlsKey', false],
  ['a damaged authority', 'authority', true],
  ['a damaged key of the authority', 'authorityKey', true],
] as const)('%s is made anew, with what hangs on it', async (_, file, isAuthorityNew) => {
  const { files, ensure, server, authority } = await setup();
  await ensure();
  await writeFile(files[file], (await readFile(files[file], 'utf8')).slice(0, 100));

  expect(await ensure()).toMatchObject({ isNew: true, isAuthorityNew });
  expect((await server()).verify((await authority()).publicKey)).toBe(true);
});

test('keys that others could read are for their owner alone when they are made anew', async () => {
  const { files, ensure } = await setup();
  await ensure();
  await chmod(files.tlsKey, 0o644);

  await ensure(['one.more']);

  expect((await stat(files.tlsKey)).mode & 0o777).toBe(0o600);
});

test('a folder that cannot be made is told in one line', async () => {
  const { files, ensure, folder } = await setup();
  await ensure();
  const below = join(files.authority, 'tls');
  const random = createSystemRandom();

  const making = ensureDevelopmentCertificate({ folder: below, names: [], random, now: Date.now() });

  await expect(making).rejects.toMatchObject({ code: 'unavailable' });
  await expect(making).rejects.toThrow(`the development certificate in ${folder}/ca.pem/tls cannot be made: `);
});

test('a broker is called by the names of its hosts, but for those that stand for all', () => {
  expect(developmentNames(['0.0.0.0', '::', 'Broker.example', '10.0.0.1'], ['sns.us-east-1.amazonaws.com'])).toEqual([
    ...['localhost', '127.0.0.1', '::1', 'broker.example', '10.0.0.1', 'sns.us-east-1.amazonaws.com'],
  ]);
});
