import { describe, expect, test } from 'vitest';
import { operations } from '../../../src/server/admin/index.ts';
import { openApiOf } from '../../../src/server/admin/openapi.ts';
import { exchangeBytes, fetchJson, startWorld } from '../setup.ts';

const put = (json?: unknown): RequestInit => ({
  method: 'PUT',
  ...(json === undefined ? {} : { body: JSON.stringify(json) }),
});

describe('the admin API', () => {
  test('makes, shows, changes and drops a queue', async () => {
    const { url } = await startWorld();
    const orders = url('/_gantry/queues/orders');

    expect(await fetchJson(orders, put({ visibilityTimeout: '60s' }))).toMatchObject({
      status: 201,
      body: { name: 'orders', kind: 'standard', waiting: 0, settings: { visibilityTimeout: '1m' } },
    });
    expect(await fetchJson(orders, put({ visibilityTimeout: '1m' }))).toMatchObject({ status: 200 });
    expect(await fetchJson(orders, put({ delay: '1s' }))).toMatchObject({
      status: 409,
      body: { error: { code: 'already-exists' } },
    });
    expect(await fetchJson(orders, { method: 'PATCH', body: '{"delay":5,"tags":{"team":"a"}}' })).toMatchObject({
      status: 200,
      body: { settings: { visibilityTimeout: '1m', delay: '5s', tags: { team: 'a' } } },
    });
    expect(await fetchJson(url('/_gantry/queues'))).toMatchObject({
      status: 200,
      body: { queues: [{ name: 'orders' }] },
    });
    expect((await fetch(orders, { method: 'DELETE' })).status).toBe(204);
    expect(await fetchJson(orders)).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } });
  });

  test.each([
    [
      'a key that is misspelt',
      '{"visibilityTimout":"30s"}',
      'unknown key "visibilityTimout"; did you mean "visibilityTimeout"?',
    ],
    ['a value that is none', '{"visibilityTimeout":"30x"}', 'expected a duration from 0s to 12h'],
    ['a key that is missing', '{"deadLetter":{"queue":"x"}}', 'lacks the key "after"'],
    ['what is no JSON', '{', 'the body is no JSON'],
    [
      'a dead-letter queue that is not there',
      '{"deadLetter":{"queue":"x","after":3}}',
      'its dead-letter queue "x" does not exist',
    ],
    ['what FIFO queues have', '{"deduplicationScope":"queue"}', 'deduplicationScope is for FIFO queues'],
  ])('refuses %s, naming it', async (_, body, text) => {
    const { url } = await startWorld();

    const answer = await fetchJson(url('/_gantry/queues/orders'), { method: 'PUT', body });

    expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining(text) } } });
  });

  test('a body over the limit is refused, and the connection ended', async () => {
    const { url } = await startWorld({ requestBytesMax: ['1024'] });

    const response = await fetch(url('/_gantry/queues/orders'), { method: 'PUT', body: ' '.repeat(5_000) });

    expect(response.status).toBe(413);
  });

  test('says what a path takes, and that there is nothing', async () => {
    const { url } = await startWorld();

    const response = await fetch(url('/_gantry/queues/orders'), { method: 'POST' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, PUT, PATCH, DELETE']);
    expect(await fetchJson(url('/_gantry/nothing'))).toMatchObject({ status: 404 });
  });

  test.each([
    '/_gantry/queues/orders/moves/..',
    '/_gantry/queues/orders/moves/%2e%2E',
    '/_gantry/queues/orders/.',
    '/_gantry/queues/orders/',
    '/_gantry/queues//orders',
    '/_gantry/../xxxxxxx/queues/orders',
  ])('takes DELETE %s for what is written, and drops nothing', async (path) => {
    const { url } = await startWorld();
    await fetch(url('/_gantry/queues/orders'), { method: 'PUT' });

    const text = await exchangeBytes(
      url(),
      `DELETE ${path} HTTP/1.1\r\nHost: ${new URL(url()).host}\r\nConnection: close\r\n\r\n`,
    );

    expect(text).toMatch(/^HTTP\/1.1 400 .*"invalid-argument"/s);
    expect((await fetch(url('/_gantry/queues/orders'))).status).toBe(200);
  });

  test.each(['/_gantry', '/_gantry/'])('tells at %s what this broker is', async (path) => {
    const { url } = await startWorld();
    expect(await fetchJson(url(path))).toMatchObject({ status: 200, body: { version: expect.any(String) } });
  });

  test('a page of a name that was pointed here reads nothing', async () => {
    const { url } = await startWorld();
    const { port } = new URL(url());
    const { status } = await fetchAs(url('/_gantry/queues'), `evil.example:${port}`);

    expect(status).toBe(403);
  });

  test('its document has every operation with its parameters', () => {
    const document: unknown = openApiOf(operations, '1.2.3');

    expect(document).toMatchObject({
      openapi: '3.1.0',
      paths: {
        '/_gantry/queues': {
          get: { parameters: expect.arrayContaining([expect.objectContaining({ name: 'prefix' })]) },
        },
        '/_gantry/queues/{queue}': {
          put: { requestBody: { required: false } },
          patch: { requestBody: { required: true } },
        },
      },
    });
  });
});

async function fetchAs(url: string, host: string): Promise<{ readonly status: number }> {
  const { get } = await import('node:http');
  return new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0 });
    }).on('error', reject);
  });
}
