import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { type CertificateRequest, issueCertificate } from '../../../src/security/x509/certificate.ts';
import { createFixedRandom } from '../../support/fixed-random.ts';
import { temporaryFolder } from '../../support/launch.ts';

const dayMs = 86_400_000;
const random = createFixedRandom();
const authorityKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const issuer = { commonName: 'An authority', privateKey: authorityKeys.privateKey };

function issue(changes: Partial<CertificateRequest>): string {
  return issueCertificate({
    ...{ kind: 'server', commonName: 'localhost', names: ['localhost'], issuer },
    publicKey: authorityKeys.publicKey,
    ...{ validFrom: Date.now() - dayMs, validUntil: Date.now() + dayMs, serial: random.bytes(16) },
    ...changes,
  });
}

function pair() {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const authority = issue({ kind: 'authority', commonName: issuer.commonName, names: [] });
  const cert = issue({ publicKey: keys.publicKey, names: ['localhost', '127.0.0.1', '::1', '*.some.example'] });
  return { authority, cert, key: String(keys.privateKey.export({ type: 'pkcs8', format: 'pem' })) };
}

test('a server is what its names say, by host and by address', () => {
  const names = ['localhost', '127.0.0.1', '::1', 'fe80::1:2', '::ffff:1.2.3.4', '*.some.example', '1::'];
  const certificate = new X509Certificate(issue({ names }));

  for (const host of ['localhost', 'a.some.example']) expect(certificate.checkHost(host), host).toBeDefined();
  for (const address of ['127.0.0.1', '::1', 'fe80::1:2', '::ffff:1.2.3.4', '1::'])
    expect(certificate.checkIP(address), address).toBeDefined();
  expect(certificate.checkHost('elsewhere')).toBeUndefined();
  expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
});

test('a certificate is of its authority and of no other', () => {
  const { authority, cert, key } = pair();
  const [above, below] = [new X509Certificate(authority), new X509Certificate(cert)];
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  expect(below.checkIssued(above)).toBe(true);
  expect(below.verify(above.publicKey)).toBe(true);
  expect(below.verify(other.publicKey)).toBe(false);
  expect([above.ca, below.ca]).toEqual([true, false]);
  expect(below.checkPrivateKey(createPrivateKey(key))).toBe(true);
});

test.each([
  ['before 2050', '2049-12-31T23:59:59.000Z'],
  ['from 2050 on', '2050-01-01T00:00:00.000Z'],
])('a time %s is read as it was meant', (_, end) => {
  const certificate = new X509Certificate(issue({ validUntil: Date.parse(end) }));

  expect(new Date(certificate.validTo).toISOString()).toBe(end);
});

test.each([
  ['a first bit that is set', [0xff, 1], 'FF01'],
  ['zeros in front', [0, 0, 0x7f], '7F'],
  ['nothing but zeros', [0, 0], '0'],
])('a serial number with %s is never negative', (_, bytes, serial) => {
  expect(new X509Certificate(issue({ serial: Uint8Array.from(bytes) })).serialNumber).toBe(serial);
});

test('so many names that their length takes three bytes are all there', () => {
  const names = Array.from({ length: 3_000 }, (_, at) => `host-${at}.example.of.some.length`);
  const certificate = new X509Certificate(issue({ names }));

  expect(certificate.subjectAltName?.split(', ')).toEqual(names.map((name) => `DNS:${name}`));
});

test('TLS accepts the server from a client that trusts the authority, and from no other', async () => {
  const { authority, cert, key } = pair();
  const server = createServer({ cert, key }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // It listens on a port.
  const greet = async (ca: string) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca });
    const outcome = await Promise.race([
      once(socket, 'secureConnect').then(() => 'trusted'),
      once(socket, 'error').then(([error]: unknown[]) => (error instanceof Error ? error.message : '')),
    ]).catch((error: Error) => error.message);
    socket.destroy();
    return outcome;
  };

  expect(await greet(authority)).toBe('trusted');
  expect(await greet(pair().cert)).toMatch(/unable to (get local issuer|verify)/);
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

test.skipIf(!hasOpenssl)('the strictest reading of the standard finds nothing to complain about', async () => {
  const folder = await temporaryFolder();
  const { authority, cert } = pair();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const own = { commonName: 'sns.amazonaws.com', privateKey: rsa.privateKey };
  const signer = issue({ kind: 'signer', ...own, names: [own.commonName], publicKey: rsa.publicKey, issuer: own });
  await writeFile(join(folder, 'ca.pem'), authority);
  await writeFile(join(folder, 'server.pem'), cert);
  await writeFile(join(folder, 'signer.pem'), signer);
  const verify = (above: string, below: string, ...more: string[]) =>
    execFileSync('openssl', ['verify', '-x509_strict', '-check_ss_sig', ...more, '-CAfile', above, below], {
      cwd: folder,
      encoding: 'utf8',
    });

  expect(verify('ca.pem', 'server.pem', '-purpose', 'sslserver')).toBe('server.pem: OK\n');
  expect(verify('signer.pem', 'signer.pem')).toBe('signer.pem: OK\n');
});
