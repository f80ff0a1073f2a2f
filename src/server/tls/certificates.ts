import { stat } from 'node:fs/promises';
import { assert } from '../../model/assert.ts';
import { GantryError } from '../../model/errors.ts';
import type { Random } from '../../model/random.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { createPace } from '../pace.ts';
import { type Certificate, type CertificatePaths, readCertificate } from './certificate-files.ts';
import {
  developmentFiles,
  developmentNames,
  ensureDevelopmentCertificate,
  renewalMs,
} from './development-certificate.ts';
import { askedCertificate, generatedWord, type TlsOptions } from './tls-options.ts';

/** The certificate of the TLS ports, while they are open. */
export interface Certificates {
  /** @throws GantryError, one line that names option and file */
  start(): Promise<Certificate>;
  /** Reads the files again, wherever options say now that they are; what is wrong with them is logged, and the old one stays. */
  reload(): Promise<void>;
  /** Looks whether the files are others now, which it also does by itself every now and then. */
  look(): Promise<void>;
  stop(): void;
}
interface CertificatesDependencies {
  /** Its live options may change. */
  readonly config: TlsOptions & Pick<Config, 'host'>;
  readonly random: Pick<Random, 'bytes'>;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** By the wall, as clients judge it. */
  now(): number;
  /** For connections from now on. */
  changed(certificate: Certificate): void;
}

const lookEveryMs = 10_000;
const dayMs = 86_400_000;
const warningMs = 14 * dayMs;

export function createCertificates(dependencies: CertificatesDependencies): Certificates {
  const { config, log, now } = dependencies;
  const isDue = createPace({ now });
  let current: Certificate | undefined;
  /** What the files looked like when they were read, and at the latest look. */
  let readMarks = '';
  let seenMarks = '';
  let reading: Promise<void> = Promise.resolve();
  let warnedAt = 0;
  let timer: NodeJS.Timeout | undefined;

  async function read(): Promise<Certificate> {
    const paths = await readyPaths(dependencies);
    // Before the files: a change while they are read is one more.
    readMarks = await marksOf(paths);
    seenMarks = readMarks;
    const certificate = await readCertificate(paths, now());
    warnOfEnd(certificate);
    return certificate;
  }

  /** Once a day. */
  function warnOfEnd({ expiresAt }: Certificate): void {
    if (expiresAt - now() > warningMs || now() - warnedAt < dayMs) return;
    warnedAt = now();
    log.warn('tls-certificate-expires', { at: new Date(expiresAt).toISOString(), option: '--tls-cert' });
  }

  async function readAgain(): Promise<void> {
    try {
      const certificate = await read();
      if (certificate.cert === current?.cert && certificate.key === current.key) return;
      current = certificate;
      dependencies.changed(certificate);
      log.info('tls-certificate-changed', { expires: new Date(certificate.expiresAt).toISOString() });
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
      if (isDue(error.message)) log.error('tls-certificate-refused', { why: error.message });
    }
  }

  /** Files that change one after the other are read when they have been left alone between two looks. */
  async function lookOnce(): Promise<void> {
    const marks = await marksOf(namedPaths(config));
    const isStill = marks === seenMarks;
    seenMarks = marks;
    if (isStill && marks !== readMarks) return await readAgain();
    if (current === undefined) return;
    if (isMadeAnew(config, current, now())) await readAgain();
    else warnOfEnd(current);
  }

  /** One after the other. */
  function inTurn(action: () => Promise<void>): Promise<void> {
    reading = reading.then(action);
    return reading;
  }

  return {
    async start() {
      current = await read();
      timer = setInterval(() => void inTurn(lookOnce), lookEveryMs).unref();
      return current;
    },
    reload: () => inTurn(readAgain),
    look: () => inTurn(lookOnce),
    stop: () => clearInterval(timer),
  };
}

/** The files to read; those that the broker makes for itself are there then. */
async function readyPaths(dependencies: CertificatesDependencies): Promise<CertificatePaths> {
  const { config, random, now } = dependencies;
  const asked = askedCertificate(config);
  assert(asked !== undefined, 'certificates are for open TLS ports');
  if (!('folder' in asked)) return asked;
  const names = developmentNames(config.host);
  return await ensureDevelopmentCertificate({ folder: asked.folder, names, random, now: now() });
}

/** Undefined: what the options say is a mistake, which whoever reads the files tells. */
function namedPaths(config: TlsOptions): CertificatePaths | undefined {
  try {
    const asked = askedCertificate(config);
    return asked !== undefined && 'folder' in asked ? developmentFiles(asked.folder) : asked;
  } catch {
    return undefined;
  }
}

function isMadeAnew(config: TlsOptions, { expiresAt }: Certificate, now: number): boolean {
  return config.tlsCert === generatedWord && expiresAt - now < renewalMs;
}

/** What changes when a file does, or a link to it. */
async function marksOf(paths: CertificatePaths | undefined): Promise<string> {
  if (paths === undefined) return '';
  const marks = [paths.tlsCert, paths.tlsKey].map((path) =>
    stat(path).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
      () => 'none',
    ),
  );
  return (await Promise.all(marks)).join(', ');
}
