import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { issueCertificate } from '../../../src/security/x509/certificate.ts';
import { readCertificate } from '../../../src/server/tls/certificate-files.ts';
import { temporaryFolder } from '../../support/launch.ts';

const now = Date.parse('2026-06-15T12:00:00Z');
const dayMs = 86_400_000;
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const others = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
const goodKey = String(keys.privateKey.export(pkcs8));
const goodCert = issue();

function issue(validFrom = now - dayMs, validUntil = now + dayMs): string {
  return issueCertificate({
    ...{ kind: 'server', commonName: 'localhost', names: ['localhost'], publicKey: keys.publicKey },
    issuer: { commonName: 'localhost', privateKey: keys.privateKey },
    ...{ validFrom, validUntil, serial: Uint8Array.of(1) },
  });
}

async function read(cert: string, key: string) {
  const folder = await temporaryFolder();
  const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(tlsCert, cert);
  await writeFile(tlsKey, key);
  return await readCertificate({ tlsCert, tlsKey }, now).catch((error: Error) =>
    error.message.replaceAll(`${folder}/`, ''),
  );
}

test('a certificate with its key is taken, with a chain behind it and in older words for the key', async () => {
  const oldKey = String(keys.privateKey.export({ type: 'sec1', format: 'pem' }));

  expect(await read(goodCert, goodKey)).toEqual({ cert: goodCert, key: goodKey, expiresAt: now + dayMs });
  expect(await read(`${goodCert}${issue()}`, oldKey)).toMatchObject({ key: oldKey });
});

const locked = { ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
const damagedCert = goodCert.replace(/^(.*\n.*\n)...../, '$1AAAAA');

test.each([
  [
    'has expired',
    issue(now - 3 * dayMs, now),
    goodKey,
    '--tls-cert cert.pem: the certificate has expired on 2026-06-15',
  ],
  [
    'is not valid yet',
    issue(now + dayMs, now + 3 * dayMs),
    goodKey,
    '--tls-cert cert.pem: the certificate is not valid before 2026-06-16',
  ],
  [
    'has another key',
    goodCert,
    String(others.privateKey.export(pkcs8)),
    '--tls-key key.pem: it is not the key of the certificate in cert.pem',
  ],
  ['is a key', goodKey, goodKey, '--tls-cert cert.pem: it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)'],
  ['is damaged', damagedCert, goodKey, '--tls-cert cert.pem: the certificate is damaged'],
  [
    'has a certificate for a key',
    goodCert,
    goodCert,
    '--tls-key key.pem: it holds no private key in PEM (-----BEGIN PRIVATE KEY-----)',
  ],
  ['has a damaged key', goodCert, goodKey.replace(/\n...../, '\nAAAAA'), '--tls-key key.pem: the key is damaged'],
  [
    'has a locked key',
    goodCert,
    String(keys.privateKey.export(locked)),
    '--tls-key key.pem: the key is locked with a passphrase: openssl pkey -in FILE -out OTHER writes one that is not',
  ],
  [
    'is too large',
    'x'.repeat(1024 * 1024 + 1),
    goodKey,
    '--tls-cert cert.pem: it cannot be read: larger than 1048576 bytes',
  ],
])('a certificate that %s is refused in one line that names option and file', async (_, cert, key, message) => {
  expect(await read(cert, key)).toBe(message);
});

test('a chain that is broken further down is refused', async () => {
  expect(await read(`${goodCert}${damagedCert}`, goodKey)).toMatch(/^--tls-cert cert\.pem: TLS cannot use it: \S/);
});

test('files that are not there, or are none, are refused by name', async () => {
  const folder = await temporaryFolder();
  const tlsCert = join(folder, 'cert.pem');
  await writeFile(tlsCert, goodCert);
  const reading = (paths: { tlsCert: string; tlsKey: string }) => readCertificate(paths, now);

  await expect(reading({ tlsCert: folder, tlsKey: folder })).rejects.toThrow(
    `--tls-cert ${folder}: it cannot be read: it is a folder, no file`,
  );
  await expect(reading({ tlsCert, tlsKey: '/no/such.key' })).rejects.toThrow(
    '--tls-key /no/such.key: it cannot be read: no such file',
  );
});
