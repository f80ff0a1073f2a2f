import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../storage/store.ts';
import { temporaryFolder } from '../support/launch.ts';
import { createWorld, fetchJson, openSocket, startWorld, storeWith, takePort } from './setup.ts';

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('start', () => {
  test('while definitions are applied, health says so', async () => {
    const file = join(await temporaryFolder(), 'd.yaml');
    await writeFile(file, 'queues: [{ name: orders }]\n');
    const asked = deferred();
    const applied = deferred();
    const model = storeWith({});
    const commit: Store['commit'] = async (batch) => {
      asked.resolve();
      await applied.promise;
      return await model.commit(batch);
    };
    const world = await createWorld({ definitions: [file] }, undefined, {
      openStore: async () => ({ ...model, commit }),
    });
    const starting = world.server.start();
    await asked.promise;

    const ready = await fetchJson(world.url('/health/ready'));
    applied.resolve();
    await starting;

    expect(ready).toEqual({
      status: 503,
      body: { status: 'starting', isReady: false, reasons: ['definitions are being applied'] },
    });
    expect(await fetchJson(world.url('/health/ready'))).toMatchObject({ status: 200, body: { reasons: [] } });
  });

  test('until the store is open, health says starting and everything else is asked to come again', async () => {
    const opened = deferred();
    const bound = deferred();
    const model = storeWith({});
    const start = async (): Promise<void> => {
      await opened.promise;
      await model.start();
    };
    const world = await createWorld({}, () => true, {
      openStore: async () => ({ ...model, start }),
      createHttpFront: async () => {
        bound.resolve();
        return { handle: () => false, handleWhole: () => false };
      },
    });
    const starting = world.server.start();
    await bound.promise;

    const health = await fetchJson(world.url('/health'));
    const ready = await fetchJson(world.url('/health/ready'));
    const live = await fetchJson(world.url('/health/live'));
    const other = await fetch(world.url('/metrics'));
    opened.resolve();
    await starting;

    expect(health).toMatchObject({ status: 503, body: { status: 'starting', reasons: ['the store is being opened'] } });
    expect(ready).toMatchObject({ status: 503, body: { isReady: false } });
    expect(live).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(other.status).toBe(503);
    expect(other.headers.get('retry-after')).toBe('1');
    expect(await fetchJson(world.url('/health'))).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  test('a store that cannot be opened ends the start in one line that names the option, with nothing left open', async () => {
    let stops = 0;
    const store = storeWith({
      start: () => Promise.reject(new Error('locked by\nprocess 77')),
      stop: async () => void stops++,
    });
    const world = await createWorld({}, undefined, { openStore: async () => store });

    await expect(world.server.start()).rejects.toThrow('--data-dir :memory:: locked by process 77');
    await expect(fetch(world.url('/health'))).rejects.toThrow();
    expect(stops).toBe(1);
  });

  test('a busy port ends the start in one line that names port and option, and the store is stopped', async () => {
    const port = await takePort();
    let stops = 0;
    const store = storeWith({ stop: async () => void stops++ });
    const world = await createWorld({ httpPort: [String(port)] }, undefined, { openStore: async () => store });

    const starting = world.server.start();

    await expect(starting).rejects.toThrow(`port ${port} is in use on 127.0.0.1: choose another with --http-port`);
    await expect(starting).rejects.toMatchObject({ code: 'unavailable' });
    expect(stops).toBe(1);
  });

  test('addresses beyond loopback are refused while everybody would be let in', async () => {
    const world = await createWorld({ host: ['127.0.0.1,0.0.0.0'] });

    await expect(world.server.start()).rejects.toThrow(/^--host 0\.0\.0\.0 is open to others .*--allow-anonymous/);
  });

  test('addresses beyond loopback are taken when that was allowed', async () => {
    const world = await startWorld({ host: ['0.0.0.0'], allowAnonymous: ['true'] });

    expect(world.url('')).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/);
  });

  test('the data folder is made for its owner alone', async () => {
    const dataDir = join(await temporaryFolder(), 'a', 'b');
    await startWorld({ dataDir: [dataDir] });

    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  });

  test('a file in the place of the data folder ends the start in one line', async () => {
    const dataDir = join(await temporaryFolder(), 'file');
    await writeFile(dataDir, '');
    const world = await createWorld({ dataDir: [dataDir] });

    await expect(world.server.start()).rejects.toThrow(`--data-dir ${dataDir}: it is a file, no folder`);
  });

  test('the store hears what the options say', async () => {
    const heard: unknown[] = [];
    const flags = {
      durability: ['normal'],
      bodyCacheBytes: ['1MiB'],
      pendingBytesMax: ['2MiB'],
      diskFreeMin: ['3MiB'],
    };
    await startWorld(flags, undefined, {
      openStore: async ({ dataDir, synchronous, bodyCacheBytes, pendingBytesMax, freeBytesMin }) => {
        heard.push({ dataDir, synchronous, bodyCacheBytes, pendingBytesMax, freeBytesMin });
        return storeWith({});
      },
    });

    expect(heard).toEqual([
      {
        ...{ dataDir: ':memory:', synchronous: 'NORMAL', freeBytesMin: 3_145_728 },
        ...{ bodyCacheBytes: 1_048_576, pendingBytesMax: 2_097_152 },
      },
    ]);
  });
});

describe('stop', () => {
  test('a request in flight is finished, a new connection is refused, then the store is stopped', async () => {
    const order: string[] = [];
    const store = storeWith({ stop: async () => void order.push('store stopped') });
    const entered = deferred();
    let inFlight: ServerResponse | undefined;
    const world = await startWorld(
      {},
      (_, response) => {
        inFlight = response;
        entered.resolve();
        return true;
      },
      { openStore: async () => store },
    );
    const { socket, received, closed } = openSocket(world.url());
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    await entered.promise;

    const stopping = world.server.stop();
    await expect(fetch(world.url('/health'))).rejects.toThrow();
    order.push('answered');
    inFlight?.end('the answer');
    await stopping;
    await closed;

    expect(received()).toContain('the answer');
    expect(order).toEqual(['answered', 'store stopped']);
  });

  test('a request that does not finish in time is cut off', async () => {
    const entered = deferred();
    const world = await startWorld({ shutdownTimeoutMs: ['50'] }, () => {
      entered.resolve();
      return true;
    });
    const { socket, received, closed } = openSocket(world.url());
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await entered.promise;

    await world.server.stop();
    await closed;

    expect(received()).toBe('');
  });

  test('an idle connection does not hold a stop up', async () => {
    const world = await startWorld();
    const { socket, received, closed } = openSocket(world.url());
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');

    await world.server.stop();
    await closed;

    expect(received()).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  test('a stop during the start waits for it, then takes down what it brought up', async () => {
    const opened = deferred();
    const model = storeWith({});
    const order: string[] = [];
    const start = async (): Promise<void> => {
      await opened.promise;
      await model.start();
      order.push('store started');
    };
    const stop = async (): Promise<void> => void order.push('store stopped');
    const world = await createWorld({}, undefined, { openStore: async () => ({ ...model, start, stop }) });
    const starting = world.server.start();

    const stopping = world.server.stop();
    opened.resolve();
    await Promise.all([starting, stopping]);

    expect(order).toEqual(['store started', 'store stopped']);
    await expect(fetch(world.url('/health'))).rejects.toThrow();
  });

  test('a stop before the start and a second stop are harmless', async () => {
    const world = await createWorld();

    await world.server.stop();
    await world.server.stop();

    expect(world.server.status.phase).toBe('stopping');
  });
});

describe('the state of the store', () => {
  type StateListener = Parameters<Store['onState']>[0];
  async function startWithState(): Promise<{ world: Awaited<ReturnType<typeof startWorld>>; tell: StateListener }> {
    const listeners: StateListener[] = [];
    const store = storeWith({ onState: (listener) => void listeners.push(listener) });
    const world = await startWorld({}, undefined, { openStore: async () => store });
    return { world, tell: (state, why) => listeners[0]?.(state, why) };
  }

  test('a full store is told with its reason, and consumers are still let in', async () => {
    const { world, tell } = await startWithState();

    tell('full', 'no space left on the disk');
    const full = await fetchJson(world.url('/health'));
    tell('ok', '');
    const ok = await fetchJson(world.url('/health'));

    const reasons = ['the store is full: no space left on the disk'];
    expect(full).toMatchObject({ status: 200, body: { status: 'full', reasons } });
    expect(ok).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(world.broken).toEqual([]);
  });

  test.each(['broken', 'lost'] as const)('a store that is %s ends the process', async (state) => {
    const { world, tell } = await startWithState();

    tell(state, 'a sync failed');

    expect(world.broken).toEqual(['a sync failed']);
    expect(await fetchJson(world.url('/health'))).toMatchObject({ status: 503, body: { status: state } });
  });
});
