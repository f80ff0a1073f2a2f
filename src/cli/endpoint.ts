import { GantryError } from '../model/errors.ts';
import { listenerUrl } from '../server/addresses.ts';
import { type Config, loadConfig } from '../server/config.ts';
import type { Flags } from './flags.ts';

/**
 * Where the running broker is: `--endpoint`, else GANTRY_ENDPOINT, else the first HTTP listener of the options, or HTTPS where there is no other.
 * @throws GantryError `invalid-argument`
 */
export async function findEndpoint(endpoint: string | undefined, configFlags: Flags): Promise<string> {
  const found = endpoint ?? process.env.GANTRY_ENDPOINT ?? (await configuredEndpoint(configFlags));
  const url = URL.canParse(found) ? new URL(found) : undefined;
  // Not shown: it may be in a log from now on.
  if (url !== undefined && url.username + url.password !== '')
    throw new GantryError(
      'invalid-argument',
      '--endpoint takes no name and password: every user of the machine sees them',
      {
        hint: `say --endpoint ${url.origin} --user NAME, and the password in GANTRY_PASSWORD`,
      },
    );
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.origin;
  throw new GantryError('invalid-argument', `--endpoint "${found}": expected an http or https URL`);
}

async function configuredEndpoint(flags: Flags): Promise<string> {
  const { config } = await loadConfig({ flags, environment: process.env });
  const [plain, encrypted] = [askable(config.httpPort), askable(config.httpsPort)];
  if (plain !== undefined) return listenerUrl('http', reachableHost(config), plain);
  if (encrypted !== undefined) return listenerUrl('https', reachableHost(config), encrypted);
  throw new GantryError('invalid-argument', '--http-port names no port to ask: name the broker with --endpoint');
}

/** A port of 0 is known to the broker alone. */
function askable([port]: readonly number[]): number | undefined {
  return port === 0 ? undefined : port;
}

/** An address that stands for all of a machine's is reached by its loopback. */
function reachableHost({ host: [host = 'localhost'] }: Config): string {
  if (host === '::') return '::1';
  return host === 'localhost' || host === '0.0.0.0' ? '127.0.0.1' : host;
}
