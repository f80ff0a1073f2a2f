import { expect, test } from 'vitest';
import { createWorld, fetchJson, startWorld } from './setup.ts';

test('a broker has controls for tests only when it was asked for them', async () => {
  expect((await createWorld()).server.controls).toBeUndefined();
  expect((await createWorld({ testEndpoints: ['1'] })).server.controls).toBeDefined();
});

test('the controls are refused while the broker does not run', async () => {
  const { server } = await createWorld({ testEndpoints: ['true'] });

  await expect(server.controls?.reset()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(server.controls?.advance(1)).rejects.toMatchObject({ code: 'unavailable' });
  await server.start();
  await server.controls?.reset();
  await server.stop();
  await expect(server.controls?.reset()).rejects.toMatchObject({ code: 'unavailable' });
});

test('a reset leaves users alone, those of the store too', async () => {
  const { server, url } = await startWorld({ testEndpoints: ['1'] });
  const headers = { authorization: `Basic ${Buffer.from('root:secret').toString('base64')}` };
  const root = JSON.stringify({ admin: true, password: 'secret' });
  await fetch(url('/_gantry/users/root'), { method: 'PUT', body: root });
  await fetch(url('/_gantry/queues/orders'), { method: 'PUT', headers });

  await server.controls?.reset();

  expect(await fetchJson(url('/_gantry/definitions'), { headers })).toMatchObject({
    body: { queues: [], users: [{ name: 'root' }] },
  });
  expect((await fetch(url('/_gantry/queues'))).status).toBe(401);
});

test('the actions that a fault may name are those of the front', async () => {
  const { server } = await startWorld({ testEndpoints: ['1'] }, undefined, {
    createHttpFront: async () => ({ actions: ['Dance'], handle: () => false, handleWhole: () => false }),
  });

  server.controls?.faults.add({ action: 'Dance', kind: 'drop' });

  expect(server.controls?.faults.list()).toMatchObject([{ action: 'Dance', hits: 0 }]);
  expect(() => server.controls?.faults.add({ action: 'SendMessage', kind: 'drop' })).toThrow('there is no action');
});
