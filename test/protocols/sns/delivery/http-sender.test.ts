import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEndpointGuard } from '../../../../protocols/sns/delivery/endpoint-guard.ts';
import { postHeaders } from '../../../../protocols/sns/delivery/http-headers.ts';
import {
  createHttpSender,
  type HttpSender,
  type HttpSenderOptions,
} from '../../../../protocols/sns/delivery/http-sender.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { answering, closedPort, startBareEndpoint, startDeafEndpoint, startEndpoint } from './endpoints.ts';

const clock = createFakeClock(Date.parse('2026-01-01T00:00:00Z'));
const headers = { 'Content-Type': 'text/plain; charset=UTF-8' };

function setup(options: Partial<HttpSenderOptions> = {}): HttpSender {
  const sender = createHttpSender({ clock, guard: createEndpointGuard({ allow: [], isOpen: false }), ...options });
  onTestFinished(() => sender.stop());
  return sender;
}

describe('a post', () => {
  test('carries the headers and the body of a notification [sqs-sns 2.9]', async () => {
    const endpoint = await answering(200);
    const topicArn = 'arn:aws:sns:us-east-1:000000000000:orders';
    const notification = {
      ...{ type: 'Notification' as const, messageId: 'id-1', topicArn, subscriptionArn: `${topicArn}:s1` },
      ...{ isRaw: true, contentType: 'application/json' },
    };

    const outcome = await setup().send({
      url: `${endpoint.url}?a=b`,
      headers: postHeaders(notification),
      body: 'grüße',
    });

    expect(outcome).toEqual({ type: 'delivered', statusCode: 200, response: 'seen' });
    expect(endpoint.received).toMatchObject([{ method: 'POST', url: '/inbox?a=b', body: 'grüße' }]);
    expect(endpoint.received[0]?.headers).toEqual({
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': 'id-1',
      'x-amz-sns-topic-arn': topicArn,
      'x-amz-sns-subscription-arn': `${topicArn}:s1`,
      'x-amz-sns-rawdelivery': 'true',
      'content-type': 'application/json',
      'user-agent': 'Amazon Simple Notification Service Agent',
      'accept-encoding': 'gzip,deflate',
      'content-length': '7',
      connection: 'keep-alive',
      host: `127.0.0.1:${endpoint.port}`,
    });
  });

  test('a confirmation names no subscription and is plain text [sqs-sns 2.4]', () => {
    expect(postHeaders({ type: 'SubscriptionConfirmation', messageId: 'id', topicArn: 'arn' })).toEqual({
      'x-amz-sns-message-type': 'SubscriptionConfirmation',
      'x-amz-sns-message-id': 'id',
      'x-amz-sns-topic-arn': 'arn',
      'Content-Type': 'text/plain; charset=UTF-8',
      'User-Agent': 'Amazon Simple Notification Service Agent',
      'Accept-Encoding': 'gzip,deflate',
    });
  });

  test('authenticates with the user and the password of the URL, and does not show them in it', async () => {
    const endpoint = await answering(200);
    const url = endpoint.url.replace('http://', 'http://us%65r:p%40ss%3A@');

    await setup().send({ url, headers, body: '' });

    const { authorization = '', host } = endpoint.received[0]?.headers ?? {};
    expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()).toBe('user:p@ss:');
    expect(host).toBe(`127.0.0.1:${endpoint.port}`);
    expect(endpoint.received[0]?.url).toBe('/inbox');
  });

  test('one after the other goes over the same connection', async () => {
    const endpoint = await answering(200);
    const sender = setup();

    for (let i = 0; i < 5; i++) await sender.send({ url: endpoint.url, headers, body: String(i) });

    expect(endpoint.received.map(({ body }) => body)).toEqual(['0', '1', '2', '3', '4']);
    expect(endpoint.connections()).toBe(1);
  });

  test('no more than 16 at once have a connection to one endpoint', async () => {
    const waiting: (() => void)[] = [];
    const endpoint = await startEndpoint((_, response) => waiting.push(() => response.end()));
    const sender = setup();

    const sending = Array.from({ length: 20 }, () => sender.send({ url: endpoint.url, headers, body: '' }));
    await endpoint.hasReceived(16);
    expect(endpoint.connections()).toBe(16);
    for (let i = 0; i < 4; i++) waiting.shift()?.();
    await endpoint.hasReceived(20);
    for (const release of waiting) release();

    expect((await Promise.all(sending)).every(({ type }) => type === 'delivered')).toBe(true);
    expect(endpoint.connections()).toBe(16);
  });
});

describe('what becomes of an answer [sqs-sns 2.11]', () => {
  const answers = [
    ...[200, 201, 204, 299].map((statusCode) => ({ statusCode, type: 'delivered' })),
    ...[500, 502, 503, 504, 599, 429].map((statusCode) => ({ statusCode, type: 'retry' })),
    ...[300, 301, 302, 307, 308, 400, 401, 403, 404, 408, 410, 499, 600].map((statusCode) => ({
      statusCode,
      type: 'failed',
    })),
  ];

  test.each(answers)('$statusCode is $type', async ({ statusCode, type }) => {
    const endpoint = await answering(statusCode);

    expect(await setup().send({ url: endpoint.url, headers, body: '' })).toMatchObject({ type, statusCode });
  });

  test('a redirect is not followed', async () => {
    const target = await answering(200);
    const endpoint = await answering(302, { Location: target.url });

    const outcome = await setup().send({ url: endpoint.url, headers, body: '' });

    expect(outcome).toEqual({ type: 'failed', reason: 'the endpoint answered 302', statusCode: 302 });
    expect(target.received).toEqual([]);
  });

  const waits = [
    { header: '7', afterMs: 7_000 },
    { header: 'Thu, 01 Jan 2026 00:01:00 GMT', afterMs: 60_000 },
    { header: 'Wed, 31 Dec 2025 00:00:00 GMT', afterMs: 0 },
    { header: 'soon', afterMs: undefined },
  ];

  test.each(waits)('Retry-After: $header is read', async ({ header, afterMs }) => {
    const endpoint = await answering(503, { 'Retry-After': header });

    const outcome = await setup().send({ url: endpoint.url, headers, body: '' });

    expect(outcome).toEqual({
      ...{ type: 'retry', reason: 'the endpoint answered 503', statusCode: 503 },
      ...(afterMs !== undefined && { afterMs }),
    });
  });

  test('of a long answer the first 2 KiB are kept, without half a character', async () => {
    const endpoint = await startEndpoint((_, response) => response.end(`a${'ü'.repeat(5_000)}`));

    const outcome = await setup().send({ url: endpoint.url, headers, body: '' });

    expect(outcome).toEqual({ type: 'delivered', statusCode: 200, response: `a${'ü'.repeat(1_023)}` });
  });

  test('an answer without end is cut off, and its status counts', async () => {
    let wasClosed: Promise<unknown> | undefined;
    const endpoint = await startEndpoint((_, response) => {
      wasClosed = once(response, 'close');
      const more = () => {
        if (!response.destroyed) response.write(Buffer.alloc(16_384), more);
      };
      more();
    });

    const outcome = await setup().send({ url: endpoint.url, headers, body: '' });

    expect(outcome).toMatchObject({ type: 'delivered', statusCode: 200 });
    await wasClosed;
  });

  test('a compressed answer is not taken for text', async () => {
    const endpoint = await answering(200, { 'Content-Encoding': 'gzip' });

    expect(await setup().send({ url: endpoint.url, headers, body: '' })).toEqual({
      ...{ type: 'delivered', statusCode: 200, response: '' },
    });
  });
});

describe('an endpoint that gives no whole answer is tried again', () => {
  const impatient = { timeoutMs: 150 };

  test('nobody listens', async () => {
    const outcome = await setup().send({ url: `http://127.0.0.1:${await closedPort()}/`, headers, body: '' });

    expect(outcome).toMatchObject({ type: 'retry', reason: expect.stringContaining('ECONNREFUSED') });
  });

  test('a name that nobody knows', async () => {
    const resolve = () =>
      Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND x.example'), { code: 'ENOTFOUND' }));
    const outcome = await setup({ resolve }).send({ url: 'http://x.example/', headers, body: '' });

    expect(outcome).toEqual({ type: 'retry', reason: 'getaddrinfo ENOTFOUND x.example' });
  });

  test('it takes the request and says nothing', async () => {
    const url = await startBareEndpoint((socket) => socket.resume());

    expect(await setup(impatient).send({ url, headers, body: '' })).toEqual({
      ...{ type: 'retry', reason: 'no answer within 0.15 s' },
    });
  });

  test('it accepts no connection', async () => {
    const port = await startDeafEndpoint();

    expect(await setup(impatient).send({ url: `http://127.0.0.1:${port}/`, headers, body: '' })).toEqual({
      ...{ type: 'retry', reason: 'no answer within 0.15 s' },
    });
  });

  test('its name server says nothing', async () => {
    const resolve = () => new Promise<never>(() => undefined);

    expect(await setup({ ...impatient, resolve }).send({ url: 'http://x.example/', headers, body: '' })).toEqual({
      ...{ type: 'retry', reason: 'no answer within 0.15 s' },
    });
  });

  test('it begins its answer and stops', async () => {
    const url = await startBareEndpoint((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome'));
    });

    expect(await setup(impatient).send({ url, headers, body: '' })).toMatchObject({ type: 'retry' });
  });

  test('it sends its answer byte by byte', async () => {
    const url = await startBareEndpoint((socket) => {
      const timer = setInterval(() => socket.write('H'), 20);
      socket.once('close', () => clearInterval(timer));
    });

    expect(await setup(impatient).send({ url, headers, body: '' })).toMatchObject({ type: 'retry' });
  });

  test('it closes in the middle of its answer', async () => {
    const url = await startBareEndpoint((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome'));
    });

    expect(await setup().send({ url, headers, body: '' })).toMatchObject({ type: 'retry' });
  });

  test('it closes without an answer', async () => {
    const url = await startBareEndpoint((socket) => void socket.once('data', () => socket.destroy()));

    expect(await setup().send({ url, headers, body: '' })).toMatchObject({ type: 'retry' });
  });

  test('it speaks another protocol', async () => {
    const url = await startBareEndpoint((socket) => void socket.end('220 mail.example ESMTP\r\n'));

    expect(await setup().send({ url, headers, body: '' })).toMatchObject({ type: 'retry' });
  });

  test('its headers have no end', async () => {
    const url = await startBareEndpoint((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`));
    });

    expect(await setup().send({ url, headers, body: '' })).toMatchObject({ type: 'retry' });
  });
});

test('a kept connection that the endpoint has closed costs no try', async () => {
  let answered = 0;
  const url = await startBareEndpoint((socket) => {
    socket.on('data', () => {
      answered += 1;
      // The second request on a connection meets a closed door, as when the endpoint gave up on it meanwhile.
      if (answered === 2) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
  });
  const sender = setup();

  expect(await sender.send({ url, headers, body: '1' })).toMatchObject({ type: 'delivered' });
  expect(await sender.send({ url, headers, body: '2' })).toMatchObject({ type: 'delivered' });
  expect(answered).toBe(3);
});

test('a slow endpoint does not keep another one waiting', async () => {
  const slow = await startEndpoint(() => undefined);
  const quick = await answering(200);
  const sender = setup();
  const waiting = Array.from({ length: 40 }, () => sender.send({ url: slow.url, headers, body: '' }));

  expect(await sender.send({ url: quick.url, headers, body: '' })).toMatchObject({ type: 'delivered' });
  await sender.stop();
  expect((await Promise.all(waiting)).every(({ type }) => type === 'retry')).toBe(true);
});

describe('what can never be posted fails', () => {
  test.each(['nonsense', 'ftp://example.com/', 'http://', `http://x.example/${'a'.repeat(8_192)}`])(
    '%.40s',
    async (url) => {
      expect(await setup().send({ url, headers, body: '' })).toEqual({
        ...{ type: 'failed', reason: 'the endpoint is no http or https URL' },
      });
    },
  );

  test('a header that would end itself', async () => {
    const endpoint = await answering(200);
    const outcome = await setup().send({ url: endpoint.url, headers: { 'X-A': 'a\r\nX-B: b' }, body: '' });

    expect(outcome).toMatchObject({ type: 'failed', reason: expect.stringContaining('Invalid character in header') });
    expect(endpoint.received).toEqual([]);
  });
});

test('whatever bytes an endpoint answers, there is an outcome', async () => {
  const heads = fc.constantFrom('', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 503 No\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n');
  const lines = fc.constantFrom(
    'Transfer-Encoding: chunked\r\n\r\n',
    'Content-Length: -1\r\n\r\n',
    'Upgrade: x\r\n\r\n',
    '\r\n',
  );
  let answer = Buffer.alloc(0);
  const url = await startBareEndpoint((socket) => void socket.once('data', () => socket.end(answer)));
  const sender = setup();

  await fc.assert(
    fc.asyncProperty(heads, lines, fc.uint8Array({ maxLength: 200 }), async (head, line, rest) => {
      answer = Buffer.concat([Buffer.from(head), Buffer.from(line), rest]);

      const { type } = await sender.send({ url, headers, body: 'x' });

      expect(['delivered', 'retry', 'failed']).toContain(type);
    }),
  );
});

describe('breaking off', () => {
  const brokenOff = { type: 'retry', reason: 'broken off: the broker stops' };

  test('a stop ends what is under way, and what comes later', async () => {
    const endpoint = await startEndpoint(() => undefined);
    const sender = setup();
    const sending = sender.send({ url: endpoint.url, headers, body: '' });
    await endpoint.hasReceived(1);

    await sender.stop();

    expect(await sending).toEqual(brokenOff);
    expect(await sender.send({ url: endpoint.url, headers, body: '' })).toEqual(brokenOff);
    await expect(sender.stop()).resolves.toBeUndefined();
  });

  test('a signal ends its own post only', async () => {
    const endpoint = await startEndpoint((request, response) => {
      if (request.url === '/other') response.end();
    });
    const sender = setup();
    const breaker = new AbortController();
    const sending = sender.send({ url: endpoint.url, headers, body: '' }, breaker.signal);
    await endpoint.hasReceived(1);

    breaker.abort();

    expect(await sending).toEqual(brokenOff);
    const other = endpoint.url.replace('/inbox', '/other');
    expect(await sender.send({ url: other, headers, body: '' })).toMatchObject({ type: 'delivered' });
  });
});
