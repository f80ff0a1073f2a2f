import { expect, test } from 'vitest';
import type { Gantry } from '../../../src/index.ts';
import { ask, receive, startWorld } from '../../library/world.ts';
import { fetchJson } from '../setup.ts';

const drop = { action: 'SendMessage', kind: 'drop' };

function call(gantry: Gantry, method: string, path: string, body?: object) {
  return fetch(`${gantry.endpoint}/_gantry${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

test('a reset over HTTP leaves no queue and no fault', async () => {
  const gantry = await startWorld();
  await ask(gantry, 'CreateQueue', { QueueName: 'orders' });
  await call(gantry, 'POST', '/faults', { action: 'ListQueues', kind: 'drop' });

  expect((await call(gantry, 'POST', '/reset')).status).toBe(204);

  expect((await ask(gantry, 'ListQueues', {})).output).toEqual({});
});

test('time is moved on over HTTP, and the answer says what it is', async () => {
  const gantry = await startWorld();
  await ask(gantry, 'CreateQueue', { QueueName: 'orders' });
  await ask(gantry, 'SendMessage', { QueueUrl: 'orders', MessageBody: 'a', DelaySeconds: 900 });

  const response = await call(gantry, 'POST', '/time/advance', { ms: 900_000 });
  const { now }: { readonly now: string } = JSON.parse(await response.text());

  expect(Date.parse(now) - Date.now()).toBeGreaterThan(890_000);
  expect(await receive(gantry, { QueueUrl: 'orders' })).toEqual(['a']);
  for (const body of [{ ms: -1 }, { ms: 0.5 }, { ms: '1s' }, { ms: 1e300 }, {}])
    expect((await call(gantry, 'POST', '/time/advance', body)).status).toBe(400);
});

test('faults are made, shown and taken away over HTTP', async () => {
  const gantry = await startWorld();
  await ask(gantry, 'CreateQueue', { QueueName: 'orders' });
  const made = await call(gantry, 'POST', '/faults', { ...drop, queue: 'orders', rate: 1 });
  const { id }: { readonly id: string } = JSON.parse(await made.text());

  expect(made.status).toBe(201);
  await expect(ask(gantry, 'SendMessage', { QueueUrl: 'orders', MessageBody: 'a' })).rejects.toThrow('fetch failed');
  expect(await fetchJson(`${gantry.endpoint}/_gantry/faults`)).toMatchObject({
    body: { faults: [{ ...drop, id, hits: 1 }] },
  });
  expect((await call(gantry, 'DELETE', `/faults/${id}`)).status).toBe(204);
  expect((await call(gantry, 'DELETE', `/faults/${id}`)).status).toBe(404);
  expect((await call(gantry, 'DELETE', '/faults')).status).toBe(204);
  expect(await ask(gantry, 'SendMessage', { QueueUrl: 'orders', MessageBody: 'a' })).toMatchObject({ status: 200 });
});

test.each([
  [{ ...drop, action: 'SendMesage' }, 'did you mean \\"SendMessage\\"?'],
  [{ ...drop, kind: 'explode' }, 'kind'],
  [{ ...drop, rate: 2 }, 'rate is a number from 0 to 1'],
  [{ kind: 'drop' }, 'action'],
])('%o is refused over HTTP, with the reason', async (rule, why) => {
  const response = await call(await startWorld(), 'POST', '/faults', rule);

  expect(response.status).toBe(400);
  expect(await response.text()).toContain(why);
});

test('a broker that is not for tests has none of it, and says how it would', async () => {
  const gantry = await startWorld({ testEndpoints: false });

  for (const [method, path] of [
    ['POST', '/reset'],
    ['GET', '/faults'],
    ['DELETE', '/faults'],
  ] as const) {
    const response = await call(gantry, method, path);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('--test-endpoints');
  }
  await gantry.reset(); // The library's own way is always there.
});

test('with users only an admin may', async () => {
  const users = [
    { name: 'root', admin: true, password: 'secret' },
    { name: 'other', password: 'word' },
  ];
  const gantry = await startWorld({ users });
  const reset = async (login?: string) => {
    const headers = login === undefined ? {} : { Authorization: `Basic ${Buffer.from(login).toString('base64')}` };
    return (await fetch(`${gantry.endpoint}/_gantry/reset`, { method: 'POST', headers })).status;
  };

  expect([await reset(), await reset('other:word'), await reset('root:secret')]).toEqual([401, 403, 204]);
});
