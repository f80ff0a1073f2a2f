import { GantryError } from '../../model/errors.ts';
import { readAuthorities } from '../../server/authorities.ts';
import type { Config } from '../../server/config.ts';
import { readCertificate } from '../../server/tls/certificate-files.ts';
import { askedCertificate, type TlsOptions } from '../../server/tls/tls-options.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const dayMs = 86_400_000;
const fewDays = 14;

/** What the TLS ports would show, and for how long; none: no port is on. */
export async function checkCertificate(config: TlsOptions, now = Date.now()): Promise<readonly Finding[]> {
  try {
    const asked = askedCertificate(config);
    if (asked === undefined) return [];
    if ('folder' in asked) return [ok('certificate', `the broker's own, in ${asked.folder}: it is renewed by itself`)];
    const { expiresAt } = await readCertificate(asked, now);
    return [judgeEnd(Math.floor((expiresAt - now) / dayMs), new Date(expiresAt).toISOString().slice(0, 10))];
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    return [fail('certificate', error.message, 'a start ends with this line: see docs/tls.md')];
  }
}

/** Who is trusted beside those that Node brings, when something is sent; none: no file is named. */
export async function checkAuthorities({ snsCaFile }: Pick<Config, 'snsCaFile'>): Promise<readonly Finding[]> {
  try {
    const found = await readAuthorities(snsCaFile, {});
    return found === undefined ? [] : [ok('authorities', `${found.length} in ${snsCaFile}`)];
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    return [
      fail('authorities', error.message, 'a start ends with this line: see --sns-ca-file in docs/configuration.md'),
    ];
  }
}

export function judgeEnd(days: number, end: string): Finding {
  const text = `until ${end}, ${days} days more`;
  if (days >= fewDays) return ok('certificate', text);
  return warn('certificate', text, 'renew it: a running broker takes the new files by itself');
}
