import { get } from 'node:http';
import { GantryError } from '../model/errors.ts';
import { listenerUrl } from '../server/addresses.ts';
import { type Config, loadConfig } from '../server/config.ts';
import { exitCodes, reportFailure } from './exit-codes.ts';
import type { Flags } from './flags.ts';

const answerMsMax = 5_000;
const answerBytesMax = 1 << 20;

/** Prints the broker's own words. Made for container health checks: no other program is needed. */
export async function askHealth(flags: Flags): Promise<number> {
  try {
    const { endpoint: [asked] = [], ...others } = flags;
    const endpoint = asked ?? process.env.GANTRY_ENDPOINT ?? (await configuredEndpoint(others));
    const { status, text } = await fetchText(new URL('/health', checkedEndpoint(endpoint)));
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    return status === 200 ? exitCodes.ok : exitCodes.failed;
  } catch (error) {
    if (error instanceof GantryError && error.code === 'unavailable') {
      reportFailure(error);
      return exitCodes.unreachable;
    }
    return reportFailure(error);
  }
}

async function configuredEndpoint(flags: Flags): Promise<string> {
  const { config } = await loadConfig({ flags, environment: process.env });
  const [port] = config.httpPort;
  if (port === undefined || port === 0)
    throw new GantryError('invalid-argument', '--http-port names no port to ask: name the broker with --endpoint');
  return listenerUrl('http', reachableHost(config), port);
}

/** An address that stands for all of a machine's is reached by its loopback. */
function reachableHost({ host: [host = 'localhost'] }: Config): string {
  if (host === '::') return '::1';
  return host === 'localhost' || host === '0.0.0.0' ? '127.0.0.1' : host;
}

function checkedEndpoint(endpoint: string): string {
  if (URL.canParse(endpoint) && new URL(endpoint).protocol === 'http:') return endpoint;
  throw new GantryError('invalid-argument', `--endpoint "${endpoint}": expected an http URL`);
}

function fetchText(url: URL): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new GantryError('unavailable', `no broker answers at ${url.origin}: ${why}`, { resource: url.origin }));
    const request = get(url, { agent: false, signal: AbortSignal.timeout(answerMsMax) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > answerBytesMax) request.destroy(new Error('its answer is too long to be a broker'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', (error) => fail(error.message));
    });
    request.on('error', (error) => fail(error.name === 'AbortError' ? `not within ${answerMsMax} ms` : error.message));
  });
}
