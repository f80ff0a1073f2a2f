import { X509Certificate } from 'node:crypto';
import { GantryError } from '../model/errors.ts';
import { readTextFile } from './text-file.ts';

const bytesMax = 4 * 1024 * 1024;

/**
 * The certificates, PEM, of the authorities that are trusted beside those that Node brings: of `--sns-ca-file`, and of
 * NODE_EXTRA_CA_CERTS, which Node passes over as soon as somebody names authorities.
 * @returns undefined: no file is named, and Node's own choice is right as it is
 * @throws GantryError `invalid-argument` naming the option
 */
export async function readAuthorities(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[] | undefined> {
  if (file === undefined) return undefined;
  const named = await readCertificates(file);
  const extra = environment.NODE_EXTRA_CA_CERTS ?? '';
  // Node says by itself, once, that it cannot be read.
  return extra === '' ? named : [...named, ...(await readCertificates(extra).catch(() => []))];
}

async function readCertificates(file: string): Promise<readonly string[]> {
  try {
    const text = await readTextFile(file, { bytesMax });
    const found = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
    if (found.length === 0) throw new GantryError('invalid-argument', 'there is no certificate in it (PEM)');
    for (const certificate of found) new X509Certificate(certificate); // Throws what is wrong with it.
    return found;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('invalid-argument', `--sns-ca-file ${JSON.stringify(file)}: ${why}`, {
      resource: file,
      cause,
    });
  }
}
