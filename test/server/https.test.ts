import { once } from 'node:events';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/server/config.ts';
import { defaultParts } from '../../src/server/parts.ts';
import { createWorld, exchangeBytes, openSocket, startWorld, takePort } from './setup.ts';
import { ask, certificateFiles, openTls, startTlsWorld } from './tls/setup.ts';

const { createHttpFront } = defaultParts;

function sqs(operation: string) {
  const headers = { 'X-Amz-Target': `AmazonSQS.${operation}`, 'Content-Type': 'application/x-amz-json-1.0' };
  return { method: 'POST', headers };
}

describe('an HTTPS port', () => {
  test('is off as long as nobody asks for one', async () => {
    const world = await startWorld();

    const health = await (await fetch(world.url('/health'))).json();

    expect(health).toMatchObject({ listeners: { https: 'off', httpsAll: [] } });
  });

  test('serves what the HTTP port serves: health, metrics, the admin API, SQS', async () => {
    const { base, ca } = await startTlsWorld({}, undefined, { createHttpFront });

    const health = await ask(`${base}/health`, { ca });
    const paths = ['/metrics', '/_gantry/queues', '/nothing'].map((path) => ask(`${base}${path}`, { ca }));
    const queue = await ask(base, { ca, ...sqs('CreateQueue') }, '{"QueueName":"orders"}');
    const query = await ask(base, { ca, method: 'POST', headers: { 'Content-Type': form } }, 'Action=ListQueues');

    expect(JSON.parse(health.text)).toMatchObject({ listeners: { https: base, httpsAll: [base] } });
    expect((await Promise.all(paths)).map(({ status }) => status)).toEqual([200, 200, 404]);
    expect(JSON.parse(queue.text)).toEqual({ QueueUrl: `${base}/000000000000/orders` });
    expect(query.text).toContain(`<QueueUrl>${base}/000000000000/orders</QueueUrl>`);
  });

  test('can be one of several, and the only kind', async () => {
    const { server, ca } = await startTlsWorld({ httpPort: ['off'], httpsPort: ['0', '0'] });
    const [one = '', other = ''] = server.status.listeners.get('https') ?? [];

    expect(server.status.listeners.get('http')).toEqual([]);
    expect(one).not.toBe(other);
    for (const url of [one, other]) expect((await ask(`${url}/health`, { ca })).status).toBe(200);
  });

  test('makes the condition aws:SecureTransport true, which plain HTTP does not', async () => {
    const allowed = { Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' };
    const policy = { Version: '2012-10-17', Statement: [{ ...allowed, Condition: secure }] };
    const definitions = join((await certificateFiles()).folder, 'queues.yaml');
    const users = 'users: [{ name: root, admin: true, password: of the root }]';
    await writeFile(definitions, `${users}\nqueues: [{ name: orders, policy: ${JSON.stringify(policy)} }]\n`);
    const world = await startTlsWorld({ definitions: [definitions] }, undefined, { createHttpFront });
    const send = JSON.stringify({ QueueUrl: `${world.base}/000000000000/orders`, MessageBody: 'a crate' });

    const overTls = await ask(world.base, { ca: world.ca, ...sqs('SendMessage') }, send);
    const overHttp = await fetch(world.url(), { ...sqs('SendMessage'), body: send });

    expect(overTls.text).toContain('MessageId');
    expect(overHttp.status).toBe(403);
  });

  test('speaks TLS 1.2 and 1.3, and nothing older', async () => {
    const world = await startTlsWorld();
    const version = async (minVersion: 'TLSv1.1' | 'TLSv1.2', maxVersion: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') => {
      const ciphers = 'DEFAULT@SECLEVEL=0'; // A client that would still speak the old ones.
      const { socket, ready } = openTls(world, { minVersion, maxVersion, ciphers });
      return await ready.then(
        () => socket.getProtocol(),
        (error: { readonly code?: string }) => error.code,
      );
    };

    expect(await version('TLSv1.2', 'TLSv1.3')).toBe('TLSv1.3');
    expect(await version('TLSv1.2', 'TLSv1.2')).toBe('TLSv1.2');
    expect(await version('TLSv1.1', 'TLSv1.1')).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  });

  test('answers plain HTTP in its own words, and goes on', async () => {
    const { base, ca } = await startTlsWorld();

    const answer = await exchangeBytes(base, 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n');

    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('this port speaks HTTPS: say https:// instead of http://');
    expect((await ask(`${base}/health`, { ca })).status).toBe(200);
  });

  test.each([
    ['an MQTT greeting', '\x10\x10\x00\x04MQTT'],
    ['what begins like TLS and is none', '\x16\x03\x01\x00\x05hello'],
    ['a record of some other kind', '\x17\x03\x03\x00\x01x'],
  ])('%s ends its connection, and nothing else', async (_, bytes) => {
    const { base, ca } = await startTlsWorld();

    expect(await exchangeBytes(base, bytes)).not.toContain('HTTP/1.1 2');
    expect((await ask(`${base}/health`, { ca })).status).toBe(200);
  });

  test.each([
    ['says nothing', ''],
    ['begins a handshake and stops', '\x16\x03\x01\x02\x00\x01\x00'],
  ])('a client that %s is cut off in time', async (_, bytes) => {
    const { base } = await startTlsWorld({ headerTimeoutMs: ['100'] });

    await exchangeBytes(base, bytes);
  });

  test('keeps to the limits of HTTP: headers, slow requests, connections', async () => {
    const limits = { headerBytesMax: ['1024'], headerTimeoutMs: ['1000'], requestTimeoutMs: ['1000'] };
    const world = await startTlsWorld({ ...limits, connectionsMax: ['1'] });
    const long = await ask(`${world.base}/health`, { ca: world.ca, headers: { 'X-Long': 'a'.repeat(2_000) } });
    const slow = openTls(world);
    await slow.ready;
    const second = openTls(world);

    await expect(second.ready).rejects.toThrow();
    slow.socket.write('GET /health HTTP/1.1\r\nX-Slow');
    await slow.closed;

    expect(long.status).toBe(431);
    expect(slow.received()).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('serves the requests of a connection one after the other, whichever way each takes', async () => {
    const order: string[] = [];
    const take = (url: string) => order.push(url);
    const world = await startTlsWorld({}, undefined, {
      createHttpFront: async () => ({
        handle: (request, response) => {
          take(`node ${request.url}`);
          setImmediate(() => response.end('from node'));
          return true;
        },
        handleWhole: (request) => {
          take(`lane ${request.url} ${request.isEncrypted}`);
          setImmediate(() => request.answer(200, [], 'from the lane', false));
          return true;
        },
      }),
    });
    const { socket, ready, closed, received } = openTls(world);
    await ready;
    const post = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na`;

    socket.write(post('/1'));
    await expect.poll(received).toContain('from the lane');
    socket.write(`${post('/2')}${post('/3')}GET /4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await closed;

    expect(order).toEqual(['lane /1 true', 'node /2', 'node /3', 'node /4']);
    expect(received().match(/from (node|the lane)/g)).toHaveLength(4);
  });
});

const form = 'application/x-www-form-urlencoded';
const secure = { Bool: { 'aws:SecureTransport': 'true' } };

describe('a stop', () => {
  test('waits for nobody who is silent, half-way through a handshake, or idle', async () => {
    const world = await startTlsWorld({
      headerTimeoutMs: ['1h'],
      keepAliveTimeoutMs: ['1h'],
      shutdownTimeoutMs: ['1h'],
    });
    const silent = openSocket(world.base);
    const halfway = openSocket(world.base);
    const idle = openTls(world);
    await Promise.all([once(silent.socket, 'connect'), once(halfway.socket, 'connect'), idle.ready]);
    halfway.socket.write('\x16\x03\x01\x02\x00\x01\x00');
    idle.socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(idle.received).toContain('"status":"ok"');

    await world.server.stop();

    await Promise.all([silent.closed, halfway.closed, idle.closed]);
  });

  test('lets a request in flight finish', async () => {
    const taken: ServerResponse[] = [];
    const world = await startTlsWorld({}, (_, response) => {
      taken.push(response);
      return true;
    });
    const answer = ask(`${world.base}/slow`, { ca: world.ca });
    await expect.poll(() => taken.length).toBe(1);

    const stopped = world.server.stop();
    taken[0]?.end('finished');

    expect((await answer).text).toBe('finished');
    await stopped;
    await expect(ask(`${world.base}/health`, { ca: world.ca })).rejects.toThrow('ECONNREFUSED');
  });
});

describe('a start', () => {
  const start = async (flags: Readonly<Record<string, readonly string[]>>) => {
    const world = await createWorld(flags);
    return await world.server.start().then(
      () => 'started',
      (error: Error) => error.message,
    );
  };

  test.each([
    [{ httpsPort: ['0'] }, /^--https-port needs a certificate: /],
    [{ httpsPort: ['0'], tlsCert: ['a.pem'] }, /^--tls-cert needs --tls-key/],
    [{ tlsKey: ['a.key'] }, /^--tls-key needs --tls-cert/],
    [{ httpsPort: ['0'], tlsCert: ['generated'], tlsKey: ['a.key'] }, /leave out --tls-key$/],
    [{ httpsPort: ['0'], tlsCert: ['generated'] }, /^--tls-cert generated needs a data folder: /],
    [{ httpsPort: ['0'], tlsCert: ['/no/such.pem'], tlsKey: ['a.key'] }, /^--tls-cert \/no\/such\.pem: it cannot be/],
  ])('with %j is refused in one line that names the option', async (flags, message) => {
    expect(await start(flags)).toMatch(message);
  });

  test('on a port that is taken names the option', async () => {
    const { tlsCert, tlsKey } = await certificateFiles();
    const taken = await takePort();
    const flags = { httpsPort: [String(taken)], tlsCert: [tlsCert], tlsKey: [tlsKey] };

    expect(await start(flags)).toBe(`port ${taken} is in use on 127.0.0.1: choose another with --https-port`);
  });

  test('with a certificate and no TLS port goes on: nothing is shown to anybody', async () => {
    const { tlsCert, tlsKey } = await certificateFiles();

    expect(await start({ tlsCert: [tlsCert], tlsKey: [tlsKey] })).toBe('started');
  });
});

describe('after a reload', () => {
  const setup = async () => {
    const [one, other] = [await certificateFiles(), await certificateFiles()];
    const world = await startTlsWorld({ tlsCert: [one.tlsCert], tlsKey: [one.tlsKey] });
    const reload = async (tlsCert = one.tlsCert, tlsKey = one.tlsKey) => {
      const flags = { tlsCert: [tlsCert], tlsKey: [tlsKey], dataDir: [world.folder], httpsPort: ['0'] };
      const basic = { host: ['127.0.0.1'], httpPort: ['0'], logLevel: ['off'] };
      return await world.server.applyReload(
        (await loadConfig({ flags: { ...basic, ...flags }, environment: {} })).config,
      );
    };
    const trusting = (ca: string) => ask(`${world.base}/health`, { ca });
    return { one, other, world, reload, trusting };
  };

  test('new connections are shown what the files hold now, and those that are there go on', async () => {
    const { one, other, world, reload, trusting } = await setup();
    const kept = openTls({ port: world.port, ca: one.ca });
    await kept.ready;
    await copyFile(other.tlsKey, one.tlsKey);
    await copyFile(other.tlsCert, one.tlsCert);

    const reloaded = await reload();
    kept.socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');

    expect(reloaded).toEqual({ changed: {}, waiting: [] });
    expect((await trusting(other.ca)).status).toBe(200);
    await expect(trusting(one.ca)).rejects.toThrow(/unable to (get local issuer|verify)/);
    await expect.poll(kept.received).toContain('"status":"ok"');
  });

  test('files under other names are in effect', async () => {
    const { other, reload, trusting } = await setup();

    const reloaded = await reload(other.tlsCert, other.tlsKey);

    expect(reloaded).toEqual({ changed: { 'tls-cert': other.tlsCert, 'tls-key': other.tlsKey }, waiting: [] });
    expect((await trusting(other.ca)).status).toBe(200);
  });

  test.each([
    ['are of two certificates', (other: Files, one: Files) => copyFile(other.tlsKey, one.tlsKey)],
    ['hold nonsense', (_: Files, one: Files) => writeFile(one.tlsCert, 'nonsense')],
    ['are gone', (_: Files, one: Files) => rm(one.tlsCert)],
  ])('files that %s leave the old certificate in place', async (_, damage) => {
    const { one, other, reload, trusting } = await setup();
    const before = await trusting(one.ca);
    await damage(other, one);

    await reload();

    expect(await trusting(one.ca)).toEqual(before);
  });

  test('TLS keeps to the oldest version that it took before', async () => {
    const { other, world, reload } = await setup();
    await reload(other.tlsCert, other.tlsKey);
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

    await expect(openTls({ port: world.port, ca: other.ca }, old).ready).rejects.toThrow(/protocol version/);
  });
});

type Files = Awaited<ReturnType<typeof certificateFiles>>;
