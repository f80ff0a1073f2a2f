import { expect, test } from 'vitest';
import { fetchJson, startWorld } from './setup.ts';

test('the front is asked first, and keeps what it takes', async () => {
  const world = await startWorld({}, (request, response) => {
    if (request.url !== '/queue/x') return false;
    response.end('mine');
    return true;
  });

  expect(await (await fetch(world.url('/queue/x'))).text()).toBe('mine');
  expect((await fetch(world.url('/health'))).status).toBe(200);
});

test('a front that throws ends that request, is counted, and the next one is served', async () => {
  const world = await startWorld({}, (request) => {
    if (request.url === '/bad') throw new Error('a defect');
    return false;
  });

  const failed = await fetch(world.url('/bad'));
  const metrics = await (await fetch(world.url('/metrics'))).text();

  expect(failed.status).toBe(500);
  expect(await failed.text()).not.toContain('a defect');
  expect(metrics).toContain('gantry_invariant_failures_total 1\n');
});

test('an unknown path is answered 404 with what there is', async () => {
  const world = await startWorld();
  const answer = await fetch(world.url('/nope?x=1'));

  expect(answer.status).toBe(404);
  expect(await answer.text()).toMatch(/nothing at GET \/nope\. .*\/health.*\/metrics/);
});

test.each(['/constructor', '/__proto__', '/toString'])('%s is no path', async (path) => {
  const world = await startWorld();

  expect((await fetch(world.url(path))).status).toBe(404);
});

test('health is for reading', async () => {
  const world = await startWorld();
  const answer = await fetch(world.url('/health'), { method: 'POST', body: 'x' });

  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('GET, HEAD');
  expect((await fetch(world.url('/health'), { method: 'HEAD' })).status).toBe(200);
});

test('health names every listener, and each protocol still to come as off', async () => {
  const world = await startWorld({ httpPort: ['0,0'], amqpPort: ['5672'] });
  const { body } = await fetchJson(world.url('/health'));

  const [first = '', second = ''] = world.server.status.listeners.get('http') ?? [];
  expect(first).not.toBe(second);
  expect(body).toEqual({
    status: 'ok',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    listeners: {
      http: first,
      httpAll: [first, second],
      httpsAll: [],
      https: 'off',
      amqp: 'off',
      amqps: 'off',
      mqtt: 'off',
      mqtts: 'off',
      stomp: 'off',
      stomps: 'off',
      openwire: 'off',
      openwires: 'off',
    },
  });
});

test('wait scripts that look for /_localstack/health find it', async () => {
  const world = await startWorld();

  expect(await fetchJson(world.url('/_localstack/health'))).toMatchObject({ body: { services: { sqs: 'running' } } });
});

test('a page of another site is refused, a named one is not', async () => {
  const world = await startWorld({ corsOrigins: ['https://console.example'] });

  const foreign = await fetch(world.url('/health'), { headers: { origin: 'https://evil.example' } });
  const named = await fetch(world.url('/health'), { headers: { origin: 'https://console.example' } });

  expect(foreign.status).toBe(403);
  expect(await foreign.text()).toContain('--cors-origins');
  expect(named.status).toBe(200);
  expect(named.headers.get('access-control-allow-origin')).toBe('https://console.example');
});
