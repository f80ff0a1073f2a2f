import { copyFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSystemRandom } from '../../../src/server/system-random.ts';
import type { Certificate } from '../../../src/server/tls/certificate-files.ts';
import { createCertificates } from '../../../src/server/tls/certificates.ts';
import { temporaryFolder } from '../../support/launch.ts';
import { certificateFiles } from './setup.ts';

const dayMs = 86_400_000;

async function setup(options: { tlsCert: string; tlsKey: string | undefined; dataDir?: string }) {
  const config = { host: ['127.0.0.1'], httpsPort: [0], dataDir: ':memory:', ...options };
  const lines: unknown[] = [];
  const shown: Certificate[] = [];
  const time = { now: Date.now() };
  const noted = (event: string, fields: object = {}) => void lines.push({ event, ...fields });
  const certificates = createCertificates({
    ...{ config, random: createSystemRandom(), now: () => time.now },
    log: { info: noted, warn: noted, error: noted },
    changed: (certificate) => shown.push(certificate),
  });
  onTestFinished(() => certificates.stop());
  return { certificates, lines, shown, time, started: await certificates.start() };
}

test('files that change are shown once they have been left alone from one look to the next', async () => {
  const [one, other] = [await certificateFiles(), await certificateFiles()];
  const { certificates, lines, shown } = await setup(one);

  await certificates.look();
  await copyFile(other.tlsCert, one.tlsCert);
  await certificates.look(); // In between there is a certificate with the key of another.
  await copyFile(other.tlsKey, one.tlsKey);
  await certificates.look();
  const before = [...shown];
  await certificates.look();
  await certificates.look();

  expect(before).toEqual([]);
  expect(shown.map(({ cert }) => cert)).toEqual([other.cert]);
  expect(lines).toEqual([{ event: 'tls-certificate-changed', expires: new Date(other.expiresAt).toISOString() }]);
});

test('a link that leads elsewhere is a change', async () => {
  const [one, other] = [await certificateFiles(), await certificateFiles()];
  const folder = await temporaryFolder();
  const [tlsCert, tlsKey] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const lead = async (to: typeof one) => {
    await Promise.all([tlsCert, tlsKey].map((path) => unlink(path).catch(() => undefined)));
    await symlink(to.tlsCert, tlsCert);
    await symlink(to.tlsKey, tlsKey);
  };
  await lead(one);
  const { certificates, shown } = await setup({ tlsCert, tlsKey });

  await lead(other);
  await certificates.look();
  await certificates.look();

  expect(shown.map(({ cert }) => cert)).toEqual([other.cert]);
});

test('files that are wrong are told to the log once, the old ones stay, and right ones are taken again', async () => {
  const [one, other] = [await certificateFiles(), await certificateFiles()];
  const { certificates, lines, shown } = await setup(one);

  await writeFile(one.tlsCert, 'nonsense');
  for (let at = 0; at < 4; at++) await certificates.look();
  const refused = [...lines];
  await copyFile(other.tlsCert, one.tlsCert);
  await copyFile(other.tlsKey, one.tlsKey);
  for (let at = 0; at < 2; at++) await certificates.look();

  const why = `--tls-cert ${one.tlsCert}: it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)`;
  expect(refused).toEqual([{ event: 'tls-certificate-refused', why }]);
  expect(shown.map(({ cert }) => cert)).toEqual([other.cert]);
});

test('files that are gone for a while change nothing', async () => {
  const one = await certificateFiles();
  const { certificates, shown } = await setup(one);

  await rm(one.tlsKey);
  for (let at = 0; at < 2; at++) await certificates.look();
  await writeFile(one.tlsKey, one.key);
  for (let at = 0; at < 2; at++) await certificates.look();

  expect(shown).toEqual([]);
});

test('the end of a certificate is told two weeks ahead, once a day', async () => {
  const one = await certificateFiles();
  const { certificates, lines, time } = await setup(one);
  const told = () => lines.length;

  time.now = one.expiresAt - 14 * dayMs - 1;
  await certificates.look();
  const early = told();
  time.now += 2;
  for (let at = 0; at < 3; at++) await certificates.look();
  const once = told();
  time.now += dayMs;
  await certificates.look();

  expect([early, once, told()]).toEqual([0, 1, 2]);
  const at = new Date(one.expiresAt).toISOString();
  expect(lines[0]).toEqual({ event: 'tls-certificate-expires', at, option: '--tls-cert' });
});

test('the one that the broker makes for itself is made anew a month before its end, below the same authority', async () => {
  const dataDir = await temporaryFolder();
  const { certificates, shown, started, time } = await setup({ tlsCert: 'generated', tlsKey: undefined, dataDir });

  await certificates.look();
  const before = [...shown];
  time.now = started.expiresAt - 30 * dayMs + 1;
  await certificates.look();

  expect(before).toEqual([]);
  expect(shown).toHaveLength(1);
  expect(shown[0]?.expiresAt).toBeGreaterThan(started.expiresAt + 300 * dayMs);
});
