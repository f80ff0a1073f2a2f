import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createNetServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/server/config.ts';
import type { ServerParts } from '../../src/server/parts.ts';
import { createServer, type Server } from '../../src/server/server.ts';
import { createSystemClock } from '../../src/server/system-clock.ts';
import { createSystemRandom } from '../../src/server/system-random.ts';
import type { Store } from '../../storage/store.ts';
import { createModelStore } from '../support/model-store.ts';

export interface World {
  readonly server: Server;
  readonly broken: string[];
  /** The first HTTP listener. */
  url(path?: string): string;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A whole server in this process, on the model store, with `answer` in the place of the AWS front. */
export async function createWorld(
  flags: Readonly<Record<string, readonly string[]>> = {},
  answer: Answer = () => false,
  parts: Partial<ServerParts> = {},
): Promise<World> {
  const { config } = await loadConfig({
    flags: { host: ['127.0.0.1'], httpPort: ['0'], dataDir: [':memory:'], logLevel: ['off'], ...flags },
    environment: {},
  });
  const broken: string[] = [];
  const server = createServer(
    config,
    { onBroken: (why) => broken.push(why) },
    {
      openStore: async ({ clock, random }) => createModelStore({ clock, random }),
      createHttpFront: async () => ({ handle: answer, handleWhole: () => false }),
      ...parts,
    },
  );
  onTestFinished(() => server.stop());
  return { server, broken, url: (path = '/') => `${server.status.listeners.get('http')?.[0]}${path}` };
}

export async function startWorld(...given: Parameters<typeof createWorld>): Promise<World> {
  const world = await createWorld(...given);
  await world.server.start();
  return world;
}

/** A store that does what the model does, but for what a test puts in its place. */
export function storeWith(changes: Partial<Store>): Store {
  const store = createModelStore({ clock: createSystemClock(), random: createSystemRandom() });
  return { ...store, ...changes };
}

export async function fetchJson(url: string, init?: RequestInit): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.json() };
}

/** Sends bytes as they are; settles with all that came back when the other side has closed. */
export async function exchangeBytes(url: string, ...chunks: readonly string[]): Promise<string> {
  const { socket, received, closed } = openSocket(url);
  for (const chunk of chunks) socket.write(chunk);
  await closed;
  return received();
}

export function openSocket(url: string): { socket: Socket; received: () => string; closed: Promise<unknown> } {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => undefined); // A reset is an end like any other: what came before it counts.
  onTestFinished(() => void socket.destroy());
  return { socket, received: () => text, closed: once(socket, 'close') };
}

/** A port that somebody else holds for the length of the test. */
export async function takePort(host = '127.0.0.1'): Promise<number> {
  const holder = createNetServer();
  holder.listen(0, host);
  await once(holder, 'listening');
  onTestFinished(() => void holder.close());
  const address: AddressInfo | string | null = holder.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
