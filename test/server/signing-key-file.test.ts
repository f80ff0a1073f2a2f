import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSigningKeyFile } from '../../src/server/signing-key-file.ts';
import { createSystemRandom } from '../../src/server/system-random.ts';
import { temporaryFolder } from '../support/launch.ts';

async function setup(dataDir?: string) {
  const folder = dataDir ?? (await temporaryFolder());
  const lines: unknown[] = [];
  const time = { now: Date.now() };
  const open = () =>
    createSigningKeyFile({
      dataDir: folder,
      random: createSystemRandom(),
      log: () => ({ warn: (event, fields) => lines.push({ event, ...fields }) }),
      now: () => time.now,
    });
  return { folder, file: join(folder, 'sns-signing.pem'), lines, time, open };
}

test('there is no key until one is needed, and then one however many ask at once', async () => {
  const { folder, open } = await setup();
  const keys = open();

  const before = await keys.find();
  const filesBefore = await readdir(folder);
  const made = await Promise.all([keys.make(), keys.make(), keys.make()]);

  expect(before).toBeUndefined();
  expect(filesBefore).toEqual([]);
  expect(new Set(made.map(({ certificate }) => certificate)).size).toBe(1);
  expect(await keys.find()).toEqual(made[0]);
});

test('the key is RSA of 2048 bits, with a certificate that names SNS and lasts for years', async () => {
  const { open } = await setup();
  const { privateKey, certificate } = await open().make();
  const shown = new X509Certificate(certificate);

  expect(privateKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(createPublicKey(privateKey).equals(shown.publicKey)).toBe(true);
  expect(shown.checkHost('sns.amazonaws.com')).toBe('sns.amazonaws.com');
  expect(shown.ca).toBe(false);
  expect(Date.parse(shown.validTo) - Date.now()).toBeGreaterThan(10 * 365 * 86_400_000);
  expect(Date.parse(shown.validFrom)).toBeLessThan(Date.now());
});

test('the same key is there after a restart, in a file for its owner alone', async () => {
  const { file, open } = await setup();
  const { certificate } = await open().make();

  const again = open();

  expect((await again.find())?.certificate).toBe(certificate);
  expect((await again.make()).certificate).toBe(certificate);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(createPrivateKey(await readFile(file, 'utf8')).asymmetricKeyType).toBe('rsa');
});

test('what a crash has left half-written is made anew, and does not count', async () => {
  const { file, open, lines } = await setup();
  await writeFile(`${file}.new`, '-----BEGIN PRIVATE KEY-----\nMIIEv');

  const { certificate } = await open().make();

  expect((await open().find())?.certificate).toBe(certificate);
  expect(lines).toEqual([]);
});

test.each([
  ['is cut short', (text: string) => text.slice(0, 900)],
  ['lost its certificate', (text: string) => text.slice(0, text.indexOf('-----BEGIN CERTIFICATE'))],
  ['is empty', () => ''],
])('a file that %s is told to the log, and replaced when a key is needed', async (_, damage) => {
  const { file, open, lines } = await setup();
  await open().make();
  await writeFile(file, damage(await readFile(file, 'utf8')));

  const keys = open();
  const found = await keys.find();
  const { certificate } = await keys.make();

  expect(found).toBeUndefined();
  expect(lines[0]).toEqual({ event: 'signing-key-damaged', file });
  expect((await open().find())?.certificate).toBe(certificate);
});

test('a certificate of another key is no pair', async () => {
  const [one, other] = [await setup(), await setup()];
  const { privateKey } = await one.open().make();
  const { certificate } = await other.open().make();
  await writeFile(one.file, `${privateKey.export({ type: 'pkcs8', format: 'pem' })}${certificate}`);

  expect(await one.open().find()).toBeUndefined();
});

test('after the end of its certificate there is another key', async () => {
  const { open, time } = await setup();
  const keys = open();
  const first = await keys.make();
  time.now += 21 * 365 * 86_400_000;

  expect(await keys.find()).toBeUndefined();
  expect((await keys.make()).certificate).not.toBe(first.certificate);
});

test('a file that cannot be read is no reason to make another key', async () => {
  const { file, open } = await setup();
  await mkdir(file);

  const making = open().make();

  await expect(making).rejects.toMatchObject({ code: 'unavailable' });
  await expect(making).rejects.toThrow('the key that SNS messages are signed with cannot be read: it is a folder');
});

test('a folder that is gone is told, and the next one who asks tries again', async () => {
  const folder = join(await temporaryFolder(), 'data');
  const { open } = await setup(folder);
  const keys = open();

  await expect(keys.make()).rejects.toThrow('the key that SNS messages are signed with cannot be written: ');
  await mkdir(folder);
  await expect(keys.make()).resolves.toHaveProperty('certificate');
});

test('in memory a key lasts as long as the broker', async () => {
  const { open } = await setup(':memory:');
  const keys = open();
  const { certificate } = await keys.make();

  expect((await keys.find())?.certificate).toBe(certificate);
  expect(await open().find()).toBeUndefined();
});
