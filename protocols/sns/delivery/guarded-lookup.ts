/**
 * Names become addresses here, and only addresses that the guard allows are handed to the socket: it connects to one of them
 * and looks nothing up again, so a name that changes its mind between the check and the connection gains nothing.
 *
 * The system's lookup keeps a thread of the few that the process has for its files: a name server that does not answer
 * must not stop them, so only some names are asked for at once, each only once.
 */
import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { GantryError } from '../../../src/model/errors.ts';
import { type EndpointGuard, refusalText } from './endpoint-guard.ts';
import { deliveryLimits } from './limits.ts';

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export function createGuardedLookup(guard: EndpointGuard, resolve: Resolve = resolveBySystem): LookupFunction {
  const resolveOnce = bounded(resolve);
  return (host, options, callback) => {
    resolveOnce(host)
      .then((found) => found.filter(({ address }) => guard.allows(host, address)))
      .then((addresses) => {
        const [first] = addresses;
        if (first === undefined) callback(new GantryError('access-denied', refusalText(host)), '', 0);
        else if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      })
      .catch((error: NodeJS.ErrnoException) => callback(error, '', 0));
  };
}

async function resolveBySystem(host: string): Promise<readonly LookupAddress[]> {
  return await systemLookup(host, { all: true });
}

function bounded(resolve: Resolve): Resolve {
  const answersByHost = new Map<string, Promise<readonly LookupAddress[]>>();
  const waiting: (() => void)[] = [];
  let running = 0;

  async function turn(): Promise<void> {
    if (running < deliveryLimits.lookupsMax) {
      running += 1;
      return;
    }
    if (waiting.length >= deliveryLimits.lookupsWaitingMax) {
      throw new GantryError('unavailable', 'too many names of endpoints are being looked up');
    }
    await new Promise<void>((resume) => waiting.push(resume)); // Whoever ends hands its turn over.
  }

  async function run(host: string): Promise<readonly LookupAddress[]> {
    await turn();
    try {
      return await resolve(host);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  return async (host) => {
    let answer = answersByHost.get(host);
    if (answer === undefined) {
      answer = run(host).finally(() => answersByHost.delete(host));
      answersByHost.set(host, answer);
    }
    return await answer;
  };
}
