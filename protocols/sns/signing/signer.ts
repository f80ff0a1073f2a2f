import { createHash, type KeyObject, sign } from 'node:crypto';
import { GantryError } from '../../../src/model/errors.ts';
import { type SignedFields, stringToSign } from './string-to-sign.ts';

/** RSA, and the certificate that shows its public half. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** PEM */
  readonly certificate: string;
}
/** Where the key of this broker is kept. */
export interface SigningKeys {
  /** Undefined: none was needed yet. @throws GantryError `unavailable` */
  find(): Promise<SigningKey | undefined>;
  /** Makes it when there is none, once however many ask. @throws GantryError `unavailable` */
  make(): Promise<SigningKey>;
}
export interface SignerOptions {
  readonly keys: SigningKeys;
  /** What SigningCertURL begins with, for a broker that its clients reach by that URL; default: by the same. */
  certUrlBase?(baseUrl: string): string;
}
/** AWS's SignatureVersion: 1 is SHA1withRSA, 2 is SHA256withRSA. */
type SignatureVersion = '1' | '2';

/** Signs what SNS sends, with a key of the broker's own that is made when the first message needs it. */
export interface Signer {
  /**
   * In the thread pool, a few at once; those beyond wait.
   * @returns base64
   * @throws GantryError `limit-exceeded`: too many wait; `unavailable`: the key cannot be read or kept. Try again later
   */
  sign(fields: SignedFields, version: SignatureVersion): Promise<string>;
  /** SigningCertURL. @param baseUrl of the broker, as its clients reach it @throws GantryError `unavailable` */
  certUrl(baseUrl: string): Promise<string>;
  /** What GET of a path answers; undefined: no certificate of this broker's is there. Never makes a key. */
  certificateAt(path: string): Promise<string | undefined>;
}

/** The pool has four threads, and passwords and files want one as well. */
export const signaturesAtOnceMax = 3;
/** A batch of ten on each of as many connections as there may be by default. */
export const signaturesWaitingMax = 10_000;
const digests = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' } as const satisfies Record<SignatureVersion, string>;

export function createSigner({ keys, certUrlBase = (baseUrl) => baseUrl }: SignerOptions): Signer {
  const waiting: (() => void)[] = [];
  let underWay = 0;

  async function turn(): Promise<void> {
    if (underWay < signaturesAtOnceMax) underWay++;
    else if (waiting.length < signaturesWaitingMax) await new Promise<void>((resolve) => waiting.push(resolve));
    else throw new GantryError('limit-exceeded', `${signaturesWaitingMax} messages wait for their signature already`);
  }

  /** Its turn goes on to who waits. */
  function done(): void {
    const next = waiting.shift();
    if (next === undefined) underWay--;
    else next();
  }

  return {
    async sign(fields, version) {
      await turn();
      try {
        const { privateKey } = await keys.make();
        return await signature(digests[version], stringToSign(fields), privateKey);
      } finally {
        done();
      }
    },
    certUrl: async (baseUrl) => {
      const base = certUrlBase(baseUrl).replace(/\/$/, '');
      return `${base}${pathOf(await keys.make())}`;
    },
    certificateAt: async (path) => {
      if (!certificatePath.test(path)) return undefined;
      const key = await keys.find();
      return key !== undefined && path === pathOf(key) ? key.certificate : undefined;
    },
  };
}

const certificatePath = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;

/** As long as AWS's; of the certificate, because validators keep what they have read under its URL for good. */
function pathOf({ certificate }: SigningKey): string {
  return `/SimpleNotificationService-${createHash('sha256').update(certificate).digest('hex').slice(0, 32)}.pem`;
}

function signature(digest: string, text: string, key: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    sign(digest, Buffer.from(text), key, (error, bytes) => {
      if (error === null) resolve(bytes.toString('base64'));
      else reject(error);
    });
  });
}
