import { createServer } from 'node:net';
import { GantryError } from '../../model/errors.ts';
import { bindAddresses, listenerUrl, refuseOpenAddresses } from '../../server/addresses.ts';
import type { Config } from '../../server/config.ts';
import { type Finding, fail, ok } from './finding.ts';
import { askHealth } from './health.ts';

type PortOptions = Pick<Config, 'host' | 'httpPort' | 'httpsPort' | 'allowAnonymous' | 'users'>;

/** For each port of the configuration whether it is free, and else who has it; and whether a start there is allowed. */
export async function checkPorts(config: PortOptions): Promise<readonly Finding[]> {
  try {
    const addresses = await bindAddresses(config.host);
    refuseOpenAddresses(addresses, config.allowAnonymous || config.users.length > 0);
    const findings: Finding[] = [];
    for (const { scheme, ports } of [
      { scheme: 'http', ports: config.httpPort },
      { scheme: 'https', ports: config.httpsPort },
    ] as const) {
      for (const port of ports) {
        for (const { address, isOptional } of addresses) {
          const finding = await checkPort({ scheme, address, port }, isOptional);
          if (finding !== undefined) findings.push(finding);
        }
      }
    }
    return findings.length > 0 ? findings : [ok('ports', 'none: --http-port is off')];
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    return [fail('ports', error.message, error.hint ?? 'see gantry help serve')];
  }
}

interface Listener {
  readonly scheme: 'http' | 'https';
  readonly address: string;
  readonly port: number;
}

async function checkPort({ scheme, address, port }: Listener, isOptional: boolean): Promise<Finding | undefined> {
  const check = `port ${port}`;
  const option = `--${scheme}-port`;
  const where = listenerUrl(scheme, address, port);
  const code = await bindCode(address, port);
  if (code === undefined) return ok(check, port === 0 ? `${address}: any free one` : `${where} is free`);
  if (code !== 'EADDRINUSE') {
    if (isOptional) return undefined;
    const why = code === 'EACCES' ? 'this user may not listen there' : code;
    return fail(check, `${where}: ${why}`, `another port with ${option}, another address with --host`);
  }
  const broker = await askHealth(where);
  if (broker !== undefined) return ok(check, `${where} is taken by Gantry ${broker.version}, which runs already`);
  const other = scheme === 'http' ? 'no Gantry' : 'no Gantry, or one whose certificate this command does not trust';
  return fail(check, `${where} is taken by something that is ${other}`, `stop that, or another port with ${option}`);
}

/** Undefined: one can listen there. */
function bindCode(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
