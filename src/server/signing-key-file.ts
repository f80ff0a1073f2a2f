import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SigningKey, SigningKeys } from '../../protocols/sns/signing/index.ts';
import { GantryError } from '../model/errors.ts';
import type { Random } from '../model/random.ts';
import { writeDurably } from './durable-file.ts';
import type { Log } from './log.ts';
import { readTextFile } from './text-file.ts';

interface SigningKeyFileDependencies {
  readonly dataDir: string;
  readonly random: Pick<Random, 'bytes'>;
  log(): Pick<Log, 'warn'> | undefined;
  /** By the wall, as whoever verifies has it. */
  now(): number;
}

const fileName = 'sns-signing.pem';
const fileBytesMax = 16_384;
const rsaBits = 2048; // As AWS's.
const dayMs = 86_400_000;
const validDays = 20 * 365;
/** A clock elsewhere may be behind ours. */
const validDaysBefore = 2;

/**
 * The key that SNS messages are signed with and its certificate, in one file of the data folder that its owner alone can
 * read. Made when it is first needed, in the thread pool. Unlike the key of users' secrets it can be made anew: only what
 * is on its way to endpoints is signed with it.
 */
export function createSigningKeyFile(dependencies: SigningKeyFileDependencies): SigningKeys {
  const { dataDir, log, now } = dependencies;
  const isInMemory = dataDir === ':memory:';
  const path = join(dataDir, fileName);
  let key: (SigningKey & { readonly expiresAt: number }) | undefined;
  let making: Promise<SigningKey> | undefined;

  async function find(): Promise<SigningKey | undefined> {
    if (key === undefined) {
      const text = isInMemory ? undefined : await readKeyFile(path);
      if (text === undefined) return undefined;
      const read = parseKey(text);
      if (read === undefined) log()?.warn('signing-key-damaged', { file: path });
      else key = withExpiry(read);
    }
    return key !== undefined && key.expiresAt > now() ? key : undefined;
  }

  async function findOrMake(): Promise<SigningKey> {
    const found = await find();
    if (found !== undefined) return found;
    const made = await makeKey(dependencies);
    if (!isInMemory) await writeKeyFile(path, made);
    key = withExpiry(made);
    return key;
  }

  return {
    find,
    make() {
      // One for all who ask meanwhile; after a failure the next one tries again.
      making ??= findOrMake().finally(() => {
        making = undefined;
      });
      return making;
    },
  };
}

function withExpiry(key: SigningKey): SigningKey & { readonly expiresAt: number } {
  return { ...key, expiresAt: Date.parse(new X509Certificate(key.certificate).validTo) };
}

async function makeKey({ random, now }: SigningKeyFileDependencies): Promise<SigningKey> {
  // Imported here, because most brokers never sign anything.
  const { issueCertificate } = await import('../security/x509/certificate.ts');
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: rsaBits });
  const at = now();
  const certificate = issueCertificate({
    kind: 'signer',
    // What AWS's own says: the SDK for Java looks for it.
    ...{ commonName: awsName, names: [awsName], issuer: { commonName: awsName, privateKey } },
    ...{ publicKey, serial: random.bytes(16) },
    ...{ validFrom: at - validDaysBefore * dayMs, validUntil: at + validDays * dayMs },
  });
  return { privateKey, certificate };
}

const awsName = 'sns.amazonaws.com';

async function readKeyFile(path: string): Promise<string | undefined> {
  try {
    return await readTextFile(path, { bytesMax: fileBytesMax });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw unusable(path, 'read', cause);
  }
}

async function writeKeyFile(path: string, { privateKey, certificate }: SigningKey): Promise<void> {
  const text = `${privateKey.export({ type: 'pkcs8', format: 'pem' })}${certificate}`;
  await writeDurably(path, text, 0o600).catch((cause: unknown) => {
    throw unusable(path, 'written', cause);
  });
}

function unusable(path: string, what: 'read' | 'written', cause: unknown): GantryError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new GantryError('unavailable', `the key that SNS messages are signed with cannot be ${what}: ${why}`, {
    resource: path,
    cause,
  });
}

/** Undefined: the file is cut short, or another one. */
function parseKey(text: string): SigningKey | undefined {
  try {
    const privateKey: KeyObject = createPrivateKey(text);
    const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(text)?.[0] ?? '';
    return isPair(privateKey, certificate) ? { privateKey, certificate } : undefined;
  } catch {
    return undefined; // OpenSSL's own words say less than the log's line.
  }
}

function isPair(privateKey: KeyObject, certificate: string): boolean {
  const { publicKey } = new X509Certificate(certificate);
  return privateKey.asymmetricKeyType === 'rsa' && createPublicKey(privateKey).equals(publicKey);
}
