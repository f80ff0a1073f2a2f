/**
 * A development authority and a server's certificate below it, as files. Who trusts the authority's file trusts this
 * broker, also after its certificate was made anew: for more names, or because it would expire.
 */
import { createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { GantryError } from '../../model/errors.ts';
import type { Random } from '../../model/random.ts';
import { issueCertificate } from '../../security/x509/certificate.ts';
import { makeFolder } from '../data-dir.ts';
import { writeDurably } from '../durable-file.ts';
import { readTextFile } from '../text-file.ts';

export interface DevelopmentFiles {
  /** The one that clients are to trust. */
  readonly authority: string;
  readonly tlsCert: string;
  readonly tlsKey: string;
}
export interface DevelopmentCertificate extends DevelopmentFiles {
  /** Host names and addresses that it stands for. */
  readonly names: readonly string[];
  readonly expiresAt: number;
  readonly isNew: boolean;
  /** Clients that trust the one before have to be told. */
  readonly isAuthorityNew: boolean;
}
export interface DevelopmentRequest {
  readonly folder: string;
  readonly names: readonly string[];
  readonly random: Pick<Random, 'bytes'>;
  /** Epoch milliseconds. */
  readonly now: number;
}
interface Pair {
  readonly certificate: X509Certificate;
  readonly privateKey: KeyObject;
}

const dayMs = 86_400_000;
const authorityDays = 3650;
const serverDays = 397; // Longer ones some systems refuse.
/** Before its end it is made anew. */
export const renewalMs = 30 * dayMs;
const fileBytesMax = 64 * 1024;

export function developmentFiles(folder: string): DevelopmentFiles & { readonly authorityKey: string } {
  return {
    authority: join(folder, 'ca.pem'),
    authorityKey: join(folder, 'ca.key'),
    tlsCert: join(folder, 'server.pem'),
    tlsKey: join(folder, 'server.key'),
  };
}

/** What a broker on these hosts is called. @param more names that somebody asked for */
export function developmentNames(hosts: readonly string[], more: readonly string[] = []): readonly string[] {
  const named = hosts.filter((host) => host !== '0.0.0.0' && host !== '::');
  return unique(['localhost', '127.0.0.1', '::1', ...named, ...more]);
}

/**
 * Makes what is missing, damaged, about to expire or lacks a name; leaves the rest as it is.
 * @throws GantryError `unavailable`: a file cannot be read or written
 */
export async function ensureDevelopmentCertificate(request: DevelopmentRequest): Promise<DevelopmentCertificate> {
  const { folder, now } = request;
  const files = developmentFiles(folder);
  try {
    await makeFolder(resolve(folder));
    const foundAuthority = await readPair(files.authority, files.authorityKey);
    const isAuthorityNew = foundAuthority === undefined || endOf(foundAuthority) < now + serverDays * dayMs;
    const authority = isAuthorityNew ? await makeAuthority(request) : foundAuthority;
    const found = await readPair(files.tlsCert, files.tlsKey);
    const isOurs = found?.certificate.verify(authority.certificate.publicKey) === true;
    const before = isOurs ? namesOf(found.certificate) : [];
    const names = unique([...before, ...request.names]);
    const isNew = !isOurs || names.length > before.length || endOf(found) < now + renewalMs;
    const server = isNew ? await makeServer(request, authority, names) : found;
    const { authority: path, tlsCert, tlsKey } = files;
    return { authority: path, tlsCert, tlsKey, names, expiresAt: endOf(server), isNew, isAuthorityNew };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('unavailable', `the development certificate in ${folder} cannot be made: ${why}`, { cause });
  }
}

async function makeAuthority({ folder, random, now }: DevelopmentRequest): Promise<Pair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  // Two of them in one browser are told apart by it.
  const commonName = `${authorityName} ${Buffer.from(random.bytes(4)).toString('hex')}`;
  const text = issueCertificate({
    ...{ kind: 'authority', commonName, names: [], publicKey, issuer: { commonName, privateKey } },
    ...{ validFrom: now - dayMs, validUntil: now + authorityDays * dayMs, serial: random.bytes(16) },
  });
  const { authority, authorityKey } = developmentFiles(folder);
  return await writePair(authority, text, authorityKey, privateKey);
}

const authorityName = 'Gantry development CA';

async function makeServer(request: DevelopmentRequest, authority: Pair, names: readonly string[]): Promise<Pair> {
  const { folder, random, now } = request;
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const issuer = { commonName: commonNameOf(authority.certificate), privateKey: authority.privateKey };
  const text = issueCertificate({
    ...{ kind: 'server', commonName: 'localhost', names, publicKey, issuer },
    ...{ validFrom: now - dayMs, validUntil: now + serverDays * dayMs, serial: random.bytes(16) },
  });
  const { tlsCert, tlsKey } = developmentFiles(folder);
  return await writePair(tlsCert, text, tlsKey, privateKey);
}

/** The key first: a crash in between leaves two that do not match, which the next time finds. */
async function writePair(path: string, text: string, keyPath: string, privateKey: KeyObject): Promise<Pair> {
  await writeDurably(keyPath, String(privateKey.export({ type: 'pkcs8', format: 'pem' })), 0o600);
  await writeDurably(path, text, 0o644);
  return { certificate: new X509Certificate(text), privateKey };
}

/** Undefined: one of them is missing, or they are no pair. */
async function readPair(path: string, keyPath: string): Promise<Pair | undefined> {
  const text = await readIfThere(path);
  const keyText = await readIfThere(keyPath);
  if (text === undefined || keyText === undefined) return undefined;
  try {
    const pair = { certificate: new X509Certificate(text), privateKey: createPrivateKey(keyText) };
    return pair.certificate.checkPrivateKey(pair.privateKey) ? pair : undefined;
  } catch {
    return undefined; // Damaged: made anew.
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readTextFile(path, { bytesMax: fileBytesMax });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
}

function endOf({ certificate }: Pair): number {
  return Date.parse(certificate.validTo);
}

function commonNameOf({ subject }: X509Certificate): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? authorityName;
}

/** `DNS:localhost, IP Address:127.0.0.1` */
function namesOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return subjectAltName.split(', ').flatMap((one) => /^(?:DNS|IP Address):(.+)$/.exec(one)?.[1] ?? []);
}

/** Each once, in its usual way of writing. */
function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => (isIP(name) === 6 ? shortIpv6(name) : name.toLowerCase())))];
}

function shortIpv6(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
