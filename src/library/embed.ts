import { GantryError } from '../model/errors.ts';
import type { Config } from '../server/config.ts';
import type { ServerParts } from '../server/parts.ts';
import { createServer } from '../server/server.ts';
import type { Gantry } from './gantry.ts';
import { type GantryOptions, readOptions } from './options.ts';

/** What `startGantry` does; a test of ours hands in parts of its own. */
export async function embed(options: GantryOptions, parts: Partial<ServerParts> = {}): Promise<Gantry> {
  const config = await readOptions(options);
  const { onBroken } = options;
  const hooks = {
    isForTests: true,
    environment: {},
    onBroken: (why: string) => onBroken?.(new GantryError('unavailable', `the store is broken: ${why}`)),
  };
  const server = createServer(config, hooks, parts);
  const { controls } = server;
  if (controls === undefined) throw new GantryError('internal', 'a broker for tests has no controls');
  await server.start();
  const listeners = Object.fromEntries(server.status.listeners);
  const endpoint = listeners.http?.[0] ?? '';
  return {
    endpoint,
    port: endpoint === '' ? 0 : Number(new URL(endpoint).port),
    listeners,
    env: environmentOf(endpoint, config),
    stop: () => server.stop(),
    reset: () => controls.reset(),
    advance: (ms) => controls.advance(ms),
    faults: controls.faults,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

const regionDefault = 'us-east-1';

function environmentOf(endpoint: string, { users }: Config): Readonly<Record<string, string>> {
  const key = users.flatMap(({ accessKeys }) => accessKeys)[0] ?? { id: 'test', secret: 'test' };
  return {
    AWS_ENDPOINT_URL: endpoint,
    // SDKs heed these first: one that is set already would lead to somebody else's broker.
    ...{ AWS_ENDPOINT_URL_SQS: endpoint, AWS_ENDPOINT_URL_SNS: endpoint },
    AWS_REGION: regionDefault,
    AWS_DEFAULT_REGION: regionDefault,
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: key.secret,
    GANTRY_ENDPOINT: endpoint,
  };
}
