import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tailLimits } from '../../../src/server/tail/limits.ts';
import { fetchJson, startWorld } from '../setup.ts';

async function open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<IncomingMessage> {
  const request = get(url, { agent: false, headers });
  onTestFinished(() => void request.destroy());
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (response === undefined) throw new Error('no answer');
  return response.setEncoding('utf8');
}

test('a tail is an answer of lines, which goes on until the server stops', async () => {
  const { server, url } = await startWorld();
  const tail = await open(url('/_gantry/tail?kinds=queue-created,queue-dropped&queue=o*'));
  const lines: string[] = [];
  tail.on('data', (chunk: string) => lines.push(...chunk.split('\n').filter((line) => line !== '')));

  for (const name of ['orders', 'returns']) await fetch(url(`/_gantry/queues/${name}`), { method: 'PUT' });
  await fetch(url('/_gantry/queues/orders'), { method: 'DELETE' });
  const before = performance.now();
  await Promise.all([once(tail, 'end'), server.stop()]);

  expect([tail.statusCode, tail.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { kind: 'queue-created', queue: 'orders' },
    { kind: 'queue-dropped', queue: 'orders' },
  ]);
  expect(performance.now() - before).toBeLessThan(5_000); // A request in flight would be waited for twice as long.
});

test.each([
  ['a queue that is not there', 'queue=orders', 404, 'queue "orders" does not exist'],
  ['a kind that there is not', 'kinds=appended,eaten', 400, 'parameter kinds: "eaten"'],
  ['a filter without a value', 'filter=country', 400, 'parameter filter: expected name=value'],
  ['more of a body than is kept', 'bodyBytes=262145', 400, 'parameter bodyBytes'],
])('refuses %s', async (_, query, status, text) => {
  const { url } = await startWorld();

  const answer = await fetchJson(url(`/_gantry/tail?${query}`));

  expect(answer).toMatchObject({ status, body: { error: { message: expect.stringContaining(text) } } });
});

describe('with users', () => {
  const as = (name: string) => ({ Authorization: `Basic ${Buffer.from(`${name}:of ${name}`).toString('base64')}` });

  async function setup() {
    const { url } = await startWorld();
    const ask = (method: string, name: string, json?: object) =>
      fetch(url(`/_gantry/users/${name}`), { method, headers: as('root'), body: json ? JSON.stringify(json) : null });
    return {
      tail: (name?: string) => open(url('/_gantry/tail'), name === undefined ? {} : as(name)),
      guard: async () => {
        await ask('PUT', 'root', { admin: true, password: 'of root' });
        await ask('PUT', 'low', { password: 'of low' });
      },
      dropLow: () => ask('DELETE', 'low'),
    };
  }

  test('one without rights leaves room for others', async () => {
    const { tail, guard } = await setup();
    await guard();
    const statuses: unknown[] = [];
    for (let opened = 0; opened <= tailLimits.readersOfOneMax; opened++) statuses.push((await tail('low')).statusCode);

    expect(statuses).toEqual([...Array(tailLimits.readersOfOneMax).fill(200), 429]);
    expect((await tail('root')).statusCode).toBe(200);
  });

  test('a tail ends with its user, and one of before with the first user', async () => {
    const { tail, guard, dropLow } = await setup();
    const before = await tail();
    const beforeEnded = once(before.resume(), 'end');
    await guard();
    await beforeEnded;

    const [low, root] = [await tail('low'), await tail('root')];
    let hasRootEnded = false;
    root.resume().on('end', () => {
      hasRootEnded = true;
    });
    const lowEnded = once(low.resume(), 'end');
    await dropLow();
    await lowEnded;

    expect(hasRootEnded).toBe(false);
  });
});
