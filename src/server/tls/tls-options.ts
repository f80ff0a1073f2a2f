import { join } from 'node:path';
import { GantryError } from '../../model/errors.ts';
import type { Config } from '../config.ts';
import type { CertificatePaths } from './certificate-files.ts';

export type TlsOptions = Pick<Config, 'tlsCert' | 'tlsKey' | 'httpsPort' | 'dataDir'>;

/** The word for a certificate that the broker makes for itself. */
export const generatedWord = 'generated';

/**
 * Which certificate the options ask for.
 * @returns undefined: no TLS port is on; `folder`: the broker makes it there
 * @throws GantryError `invalid-argument` that names the option
 */
export function askedCertificate(options: TlsOptions): CertificatePaths | { readonly folder: string } | undefined {
  const { tlsCert, tlsKey, httpsPort, dataDir } = options;
  const isGenerated = tlsCert === generatedWord;
  if (tlsCert === undefined && tlsKey !== undefined)
    throw new GantryError('invalid-argument', '--tls-key needs --tls-cert, the certificate of that key');
  if (isGenerated && tlsKey !== undefined)
    throw new GantryError('invalid-argument', '--tls-cert generated brings its key: leave out --tls-key');
  if (tlsCert !== undefined && !isGenerated && tlsKey === undefined)
    throw new GantryError('invalid-argument', '--tls-cert needs --tls-key, the private key of that certificate');
  if (httpsPort.length === 0) return undefined;
  if (tlsCert === undefined)
    throw new GantryError(
      'invalid-argument',
      '--https-port needs a certificate: --tls-cert and --tls-key, or --tls-cert generated for one that the broker makes',
    );
  if (!isGenerated) return { tlsCert, tlsKey: tlsKey ?? '' };
  if (dataDir === ':memory:')
    throw new GantryError(
      'invalid-argument',
      '--tls-cert generated needs a data folder: "gantry cert --out FOLDER" makes files for --tls-cert and --tls-key',
    );
  return { folder: developmentFolder(dataDir) };
}

/** Where the certificate that the broker makes for itself is kept. */
export function developmentFolder(dataDir: string): string {
  return join(dataDir, 'tls');
}
