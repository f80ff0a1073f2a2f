import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEndpointGuard } from '../../../../protocols/sns/delivery/endpoint-guard.ts';
import { parseEndpointUrl } from '../../../../protocols/sns/delivery/endpoint-url.ts';
import {
  createHttpSender,
  type HttpSender,
  type HttpSenderOptions,
} from '../../../../protocols/sns/delivery/http-sender.ts';
import { createProxyChoice } from '../../../../protocols/sns/delivery/proxy.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { certificate, privateKey } from './certificate.ts';
import { type Endpoint, listen, startBareEndpoint, startEndpoint } from './endpoints.ts';

const trusting = { authorities: [certificate] };

function setup(options: Partial<HttpSenderOptions> = {}): HttpSender {
  const sender = createHttpSender({
    clock: createFakeClock(),
    guard: createEndpointGuard({ allow: [], isOpen: false }),
    ...options,
  });
  onTestFinished(() => sender.stop());
  return sender;
}

async function startSecureEndpoint(): Promise<Endpoint> {
  return await startEndpoint(
    (_, response) => response.end('seen'),
    (listener) => createHttpsServer({ cert: certificate, key: privateKey }, listener),
  );
}

interface TestProxy {
  readonly url: string;
  /** The request lines that it got, and who asked. */
  readonly asked: readonly {
    readonly line: string;
    readonly authorization: string | undefined;
    readonly host: string | undefined;
  }[];
}

/** A proxy that sends every tunnel to one port of loopback, and answers relayed requests by itself. */
async function startProxy(targetPort: number, connectStatus = 200): Promise<TestProxy> {
  const asked: { line: string; authorization: string | undefined; host: string | undefined }[] = [];
  const server = createHttpServer((request, response) => {
    const { method, url, headers } = request;
    asked.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'], host: headers.host });
    response.end('relayed');
  });
  server.on('connect', ({ url, headers }, socket) => {
    asked.push({ line: `CONNECT ${url}`, authorization: headers['proxy-authorization'], host: headers.host });
    if (connectStatus !== 200) return void socket.end(`HTTP/1.1 ${connectStatus} No\r\n\r\n`);
    const target = connect(targetPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    socket.on('error', () => target.destroy());
    target.on('error', () => socket.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, asked };
}

describe('an https endpoint', () => {
  test('gets its post when its certificate is signed by somebody who is trusted', async () => {
    const endpoint = await startSecureEndpoint();

    const outcome = await setup({ ...trusting }).send({
      ...{ url: `https://localhost:${endpoint.port}/a`, headers: {}, body: 'b' },
    });

    expect(outcome).toEqual({ type: 'delivered', statusCode: 200, response: 'seen' });
    expect(endpoint.received).toMatchObject([{ url: '/a', body: 'b' }]);
  });

  test('with a certificate of nobody known gets nothing, and is tried again', async () => {
    const endpoint = await startSecureEndpoint();

    const outcome = await setup().send({ url: `https://localhost:${endpoint.port}/`, headers: {}, body: '' });

    expect(outcome).toEqual({ type: 'retry', reason: 'self-signed certificate' });
    expect(endpoint.received).toEqual([]);
  });

  test('with a certificate for another name gets nothing', async () => {
    const endpoint = await startSecureEndpoint();
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];

    const outcome = await setup({ ...trusting, resolve }).send({
      ...{ url: `https://other.example:${endpoint.port}/`, headers: {}, body: '' },
    });

    expect(outcome).toMatchObject({
      type: 'retry',
      reason: expect.stringContaining("does not match certificate's altnames"),
    });
    expect(endpoint.received).toEqual([]);
  });
});

describe('through a proxy', () => {
  test('an https endpoint is reached by CONNECT, and verified all the same', async () => {
    const endpoint = await startSecureEndpoint();
    const proxy = await startProxy(endpoint.port);
    const choice = createProxyChoice(proxy.url.replace('//', '//user:pass@'), {});
    const url = 'https://endpoint.example/a?b=c';

    const trusted = await setup({ ...trusting, proxy: choice }).send({ url, headers: {}, body: 'x' });
    const untrusted = await setup({ proxy: choice }).send({ url, headers: {}, body: 'x' });

    expect(trusted).toMatchObject({ type: 'delivered', response: 'seen' });
    expect(endpoint.received).toMatchObject([{ url: '/a?b=c', body: 'x', headers: { host: 'endpoint.example' } }]);
    expect(endpoint.received[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect(proxy.asked[0]).toEqual({
      line: 'CONNECT endpoint.example:443',
      authorization: `Basic ${Buffer.from('user:pass').toString('base64')}`,
      host: 'endpoint.example:443',
    });
    expect(untrusted).toEqual({ type: 'retry', reason: 'self-signed certificate' });
  });

  test('an http endpoint is asked for by its whole URL, without its password', async () => {
    const proxy = await startProxy(0);
    const sender = setup({ proxy: createProxyChoice(proxy.url, {}) });

    const outcome = await sender.send({ url: 'http://u:p@endpoint.example:8080/a?b=c', headers: {}, body: '' });

    expect(outcome).toMatchObject({ type: 'delivered', response: 'relayed' });
    expect(proxy.asked).toEqual([
      { line: 'POST http://endpoint.example:8080/a?b=c', authorization: undefined, host: 'endpoint.example:8080' },
    ]);
  });

  test.each(['http', 'https'])(
    'an address that is not for it is refused before the proxy is asked: %s',
    async (scheme) => {
      const proxy = await startProxy(0);
      const sender = setup({
        guard: createEndpointGuard({ allow: [], isOpen: true }),
        proxy: createProxyChoice(proxy.url, {}),
      });

      for (const host of ['169.254.169.254', '127.0.0.1', '[::1]', 'localhost']) {
        const outcome = await sender.send({ url: `${scheme}://${host}/`, headers: {}, body: '' });
        expect(outcome).toMatchObject({ type: 'failed', reason: expect.stringContaining('--sns-endpoints-allow') });
      }
      expect(proxy.asked).toEqual([]);
    },
  );

  test('a proxy that refuses is tried again', async () => {
    const proxy = await startProxy(0, 407);
    const sender = setup({ proxy: createProxyChoice(proxy.url, {}) });

    expect(await sender.send({ url: 'https://endpoint.example/', headers: {}, body: '' })).toEqual({
      ...{ type: 'retry', reason: 'the proxy answered 407 to CONNECT' },
    });
  });

  test('a proxy that ends the connection is tried again', async () => {
    const url = await startBareEndpoint((socket) => void socket.once('data', () => socket.destroy()));
    const sender = setup({ proxy: createProxyChoice(url, {}) });

    expect(await sender.send({ url: 'https://endpoint.example/', headers: {}, body: '' })).toMatchObject({
      type: 'retry',
    });
  });

  test('a stop does not wait for a proxy that says nothing', async () => {
    let isAsked: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const url = await startBareEndpoint((socket) => void socket.once('data', () => isAsked?.()));
    const sender = setup({ proxy: createProxyChoice(url, {}) });
    const sending = sender.send({ url: 'https://endpoint.example/', headers: {}, body: '' });
    await asked;

    await sender.stop();

    expect(await sending).toMatchObject({ type: 'retry', reason: 'broken off: the broker stops' });
  });
});

describe('which proxy it is', () => {
  const environment = {
    HTTPS_PROXY: 'http://s.example:1',
    HTTP_PROXY: 'http://h.example',
    NO_PROXY: '.internal, b.example:8080,10.0.0.1',
  };

  function proxyOf(
    url: string,
    setting = 'environment',
    variables: Record<string, string> = environment,
  ): string | undefined {
    const proxy = createProxyChoice(setting, variables)(parseEndpointUrl(url));
    return proxy && `${proxy.host}:${proxy.port}`;
  }

  test('the option is for all endpoints', () => {
    expect(proxyOf('https://x.example/', 'https://p.example')).toBe('p.example:443');
    expect(proxyOf('http://a.internal/', 'http://p.example')).toBe('p.example:80');
  });

  test('the environment says it for each scheme', () => {
    expect(proxyOf('https://x.example/')).toBe('s.example:1');
    expect(proxyOf('http://x.example/')).toBe('h.example:80');
    expect(proxyOf('https://x.example/', 'environment', {})).toBeUndefined();
    expect(proxyOf('https://x.example/', 'environment', { https_proxy: 'http://lower.example' })).toBe(
      'lower.example:80',
    );
  });

  test('NO_PROXY is left alone', () => {
    expect(proxyOf('https://a.internal/')).toBeUndefined();
    expect(proxyOf('https://internal/')).toBeUndefined();
    expect(proxyOf('https://10.0.0.1/')).toBeUndefined();
    expect(proxyOf('http://b.example:8080/')).toBeUndefined();
    expect(proxyOf('http://b.example/')).toBe('h.example:80');
    expect(proxyOf('https://xinternal/')).toBe('s.example:1');
    expect(proxyOf('https://a.internal/', 'environment', { ...environment, NO_PROXY: '*' })).toBeUndefined();
  });

  test('what is no URL is refused by its name', () => {
    expect(() => createProxyChoice('proxy:3128', {})).toThrow('--sns-proxy is no http or https URL');
    expect(() => createProxyChoice('environment', { HTTPS_PROXY: 'proxy' })).toThrow(
      'HTTPS_PROXY is no http or https URL',
    );
  });
});
