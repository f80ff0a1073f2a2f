import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { GantryError } from '../../model/errors.ts';
import { readTextFile } from '../text-file.ts';

/** What the TLS ports show, judged and in the form that node:tls takes. */
export interface Certificate {
  /** The chain, as PEM. */
  readonly cert: string;
  readonly key: string;
  readonly expiresAt: number;
}
export interface CertificatePaths {
  readonly tlsCert: string;
  readonly tlsKey: string;
}

const fileBytesMax = 1024 * 1024;

/** An option and the file that it names. */
interface Place {
  readonly option: string;
  readonly path: string;
}

/**
 * Reads both files and judges them as clients and OpenSSL will.
 * @param now epoch milliseconds
 * @throws GantryError `invalid-argument`, one line that names option and file
 */
export async function readCertificate({ tlsCert, tlsKey }: CertificatePaths, now: number): Promise<Certificate> {
  const certPlace = { option: '--tls-cert', path: tlsCert };
  const keyPlace = { option: '--tls-key', path: tlsKey };
  const cert = await readNamed(certPlace);
  const key = await readNamed(keyPlace);
  const first = parseCertificate(certPlace, cert);
  const from = Date.parse(first.validFrom);
  const expiresAt = Date.parse(first.validTo);
  if (expiresAt <= now) throw fail(certPlace, `the certificate has expired on ${dayOf(expiresAt)}`);
  if (from > now) throw fail(certPlace, `the certificate is not valid before ${dayOf(from)}`);
  if (!first.checkPrivateKey(parseKey(keyPlace, key)))
    throw fail(keyPlace, `it is not the key of the certificate in ${tlsCert}`);
  try {
    // What is left is OpenSSL's to say: a broken certificate further down the chain, a key that is too short.
    createSecureContext({ cert, key, minVersion: tlsVersionMin });
  } catch (cause) {
    throw fail(certPlace, `TLS cannot use it: ${messageOf(cause)}`);
  }
  return { cert, key, expiresAt };
}

export const tlsVersionMin = 'TLSv1.2';

async function readNamed(place: Place): Promise<string> {
  try {
    return await readTextFile(place.path, { bytesMax: fileBytesMax });
  } catch (cause) {
    throw fail(place, `it cannot be read: ${readProblem(cause)}`);
  }
}

function readProblem(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not';
  return messageOf(cause);
}

function parseCertificate(place: Place, text: string): X509Certificate {
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw fail(place, 'it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)');
  try {
    return new X509Certificate(text);
  } catch {
    throw fail(place, 'the certificate is damaged');
  }
}

function parseKey(place: Place, text: string): KeyObject {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text))
    throw fail(place, 'the key is locked with a passphrase: openssl pkey -in FILE -out OTHER writes one that is not');
  if (!/-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/.test(text))
    throw fail(place, 'it holds no private key in PEM (-----BEGIN PRIVATE KEY-----)');
  try {
    return createPrivateKey(text);
  } catch {
    throw fail(place, 'the key is damaged');
  }
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function fail({ option, path }: Place, what: string): GantryError {
  return new GantryError('invalid-argument', `${option} ${path}: ${what}`, { resource: path });
}
