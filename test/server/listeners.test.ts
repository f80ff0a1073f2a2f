import { createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { bindAddresses, listenerUrl, refuseOpenAddresses } from '../../src/server/addresses.ts';
import { type BoundListener, bindPort } from '../../src/server/listeners.ts';
import { takePort } from './setup.ts';

async function bind(hosts: readonly string[], port: number): Promise<readonly BoundListener<Server>[]> {
  const addresses = await bindAddresses(hosts);
  const request = { scheme: 'http', option: 'http-port', addresses, port, createServer: () => createServer() };
  const bound = await bindPort(request);
  onTestFinished(() => bound.forEach(({ server }) => void server.close()));
  return bound;
}

test('localhost is both loopback addresses, the second where there is one, on one port', async () => {
  const bound = await bind(['localhost'], 0);

  const ports = new Set(bound.map(({ url }) => new URL(url).port));
  expect(ports.size).toBe(1);
  expect(bound[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  if (bound[1] !== undefined) expect(bound[1].url).toMatch(/^http:\/\/\[::1\]:\d+$/);
});

test('an address given twice is bound once', async () => {
  expect(await bind(['127.0.0.1', '127.0.0.1'], 0)).toHaveLength(1);
});

test('a busy port on the second address frees the first', async () => {
  const port = await takePort('127.0.0.2');

  await expect(bind(['127.0.0.1', '127.0.0.2'], port)).rejects.toThrow(`port ${port} is in use on 127.0.0.2`);
  expect(await bind(['127.0.0.1'], port)).toHaveLength(1);
});

test('an address of another machine is refused by name', async () => {
  await expect(bind(['192.0.2.1'], 0)).rejects.toThrow('192.0.2.1 is no address of this machine');
});

test('a name that nobody knows is refused by name', async () => {
  await expect(bindAddresses(['gantry.invalid'])).rejects.toThrow('--host gantry.invalid: no address is known');
});

test.each(['0.0.0.0', '::', '10.0.0.1', '::ffff:10.0.0.1', 'fe80::1'])('%s is open to others', async (host) => {
  const addresses = await bindAddresses([host]);

  expect(() => refuseOpenAddresses(addresses, false)).toThrow('--allow-anonymous');
  expect(() => refuseOpenAddresses(addresses, true)).not.toThrow();
});

test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', 'localhost'])('%s is not', async (host) => {
  const addresses = await bindAddresses([host]);

  expect(() => refuseOpenAddresses(addresses, false)).not.toThrow();
});

test('IPv6 stands in brackets in a URL', () => {
  expect(listenerUrl('http', '::1', 80)).toBe('http://[::1]:80');
});
