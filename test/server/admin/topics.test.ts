import { describe, expect, test } from 'vitest';
import { fetchJson, startWorld } from '../setup.ts';

async function setup() {
  const { url } = await startWorld();
  const ask = async (method: string, path: string, json?: unknown) => {
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    const response = await fetch(url(`/_gantry${path}`), { method, ...body });
    const answer: unknown = response.status === 204 ? undefined : await response.json();
    return { status: response.status, body: answer };
  };
  return { url, ask };
}

describe('topics over the admin API', () => {
  test('are made, shown, changed and dropped', async () => {
    const { ask } = await setup();

    expect(await ask('PUT', '/topics/alerts', { displayName: 'Alerts', tags: { team: 'a' } })).toMatchObject({
      status: 201,
      body: {
        ...{ name: 'alerts', kind: 'standard', arn: 'arn:aws:sns:us-east-1:000000000000:alerts' },
        subscriptions: { confirmed: 0, pending: 0 },
        settings: { displayName: 'Alerts', tags: { team: 'a' } },
      },
    });
    expect(await ask('PUT', '/topics/alerts', { displayName: 'Alerts', tags: { team: 'a' } })).toMatchObject({
      status: 200,
    });
    expect(await ask('PUT', '/topics/alerts', { displayName: 'Others' })).toMatchObject({
      status: 409,
      body: { error: { code: 'already-exists', message: expect.stringContaining('another displayName') } },
    });
    expect(await ask('PATCH', '/topics/alerts', { displayName: null, signatureVersion: 2 })).toMatchObject({
      status: 200,
      body: { settings: { signatureVersion: '2', tags: { team: 'a' } } },
    });
    expect(await ask('GET', '/topics/alert')).toMatchObject({
      status: 404,
      body: { error: { message: 'topic "alert" does not exist in us-east-1; did you mean "alerts"?' } },
    });
    expect(await ask('DELETE', '/topics/alerts')).toMatchObject({ status: 204 });
    expect(await ask('GET', '/topics/alerts')).toMatchObject({ status: 404 });
  });

  test('are listed page by page, by the beginning of their names', async () => {
    const { ask } = await setup();
    for (const name of ['a', 'b1', 'b2', 'b3', 'c']) await ask('PUT', `/topics/${name}`);

    expect(await ask('GET', '/topics?prefix=b&max=2')).toMatchObject({
      body: { topics: [{ name: 'b1' }, { name: 'b2' }], next: 'b2' },
    });
    const last = await ask('GET', '/topics?prefix=b&max=2&after=b2');
    expect(last).toMatchObject({ body: { topics: [{ name: 'b3' }] } });
    expect(last.body).not.toHaveProperty('next');
  });

  test('count what passed through since the start', async () => {
    const { ask } = await setup();
    await ask('PUT', '/queues/orders');
    await ask('PUT', '/topics/alerts');
    await ask('POST', '/topics/alerts/subscriptions', { queue: 'orders', raw: true });

    const published = await ask('POST', '/topics/alerts/messages', {
      messages: [{ body: 'one', subject: 'First', properties: { n: 1 } }, { body: '' + '\u0001' }, { body: 'two' }],
    });

    expect(published).toMatchObject({
      status: 200,
      body: {
        results: [
          { id: expect.any(String), isDuplicate: false },
          { error: { code: 'invalid-argument', message: expect.stringContaining('control characters') } },
          { id: expect.any(String) },
        ],
      },
    });
    expect(await ask('GET', '/topics/alerts')).toMatchObject({
      body: {
        subscriptions: { confirmed: 1, pending: 0 },
        totals: { published: 2, delivered: 2, failed: 0 },
        filteredOut: {},
      },
    });
    expect(await ask('GET', '/queues/orders/messages')).toMatchObject({
      body: { messages: [{ body: 'one', properties: { n: { value: '1' } } }, { body: 'two' }] },
    });
  });

  test('FIFO topics number what they take, and know what came twice', async () => {
    const { ask } = await setup();
    await ask('PUT', '/topics/paid.fifo', { contentBasedDeduplication: true });
    const publish = (message: object) => ask('POST', '/topics/paid.fifo/messages', { messages: [message] });

    const first = await publish({ body: 'one', group: 'a' });
    expect(first).toMatchObject({ body: { results: [{ isDuplicate: false, sequence: expect.any(Number) }] } });
    expect(await publish({ body: 'one', group: 'a' })).toMatchObject({ body: { results: [{ isDuplicate: true }] } });
    expect(await publish({ body: 'one', dedupId: 'other' })).toMatchObject({
      body: { results: [{ isDuplicate: false }] },
    });
  });

  test.each([
    ['PUT', '/topics/a%20b', undefined, 'topic name "a b": expected 1 to 256 letters'],
    ['PUT', '/topics/a', { archive: '30d' }, 'archive is for FIFO topics'],
    ['PUT', '/topics/a', { displayNme: 'x' }, 'did you mean "displayName"?'],
    ['PUT', '/topics/a', { policy: { Statement: 5 } }, 'policy: '],
    ['PUT', '/topics/a', { subscriptions: [] }, 'unknown key "subscriptions"'],
    ['POST', '/topics/alerts/messages', { messages: [] }, 'at least one message'],
    ['POST', '/topics/alerts/messages', { messages: [{ body: '' }] }, 'a message has a body'],
    ['POST', '/topics/alerts/messages', { messages: [{ body: 'b', subject: 'a\nb' }] }, 'expected printable ASCII'],
  ])('%s %s %j is refused with what is wrong', async (method, path, json, text) => {
    const { ask } = await setup();
    await ask('PUT', '/topics/alerts');

    expect(await ask(method, path, json)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining(text) } },
    });
  });
});

describe('subscriptions over the admin API', () => {
  async function withTopic() {
    const { ask } = await setup();
    await ask('PUT', '/queues/orders');
    await ask('PUT', '/topics/alerts');
    const subscribe = (json: object) => ask('POST', '/topics/alerts/subscriptions', json);
    return { ask, subscribe };
  }

  function pathOf(answer: { body: unknown }): string {
    const { id } = answer.body as { id: string };
    return `/topics/alerts/subscriptions/${id}`;
  }

  test('of queues are confirmed at once, and the second time they are there', async () => {
    const { ask, subscribe } = await withTopic();

    const made = await subscribe({ queue: 'orders', raw: true, filter: { kind: ['a'] } });

    expect(made).toMatchObject({
      status: 201,
      body: {
        ...{ to: 'orders', state: 'confirmed', protocol: 'sqs', topic: 'alerts', waiting: 0 },
        settings: { raw: true },
      },
    });
    expect(await subscribe({ queue: 'orders', raw: true, filter: { kind: ['a'] } })).toEqual({ ...made, status: 200 });
    expect(await subscribe({ queue: 'orders' })).toMatchObject({
      status: 409,
      body: { error: { message: '"orders" is subscribed to "alerts" already with another raw' } },
    });
    expect(await ask('GET', '/topics/alerts/subscriptions')).toMatchObject({ body: { subscriptions: [made.body] } });
    expect(await ask('GET', pathOf(made))).toEqual({ status: 200, body: made.body });
  });

  test('are changed: what is left out stays, null takes away', async () => {
    const { ask, subscribe } = await withTopic();
    const made = await subscribe({ queue: 'orders', raw: true, filter: { kind: ['a'] } });

    expect(await ask('PATCH', pathOf(made), { filter: { kind: ['b'] }, deadLetter: 'orders' })).toMatchObject({
      status: 200,
      body: { settings: { queue: 'orders', raw: true, filter: { kind: ['b'] }, deadLetter: 'orders' } },
    });
    const changed = await ask('PATCH', pathOf(made), { filter: null, deadLetter: null, raw: false });
    expect(changed).toMatchObject({ status: 200 });
    expect(changed.body).toHaveProperty('settings', { queue: 'orders' });
    expect(await ask('PATCH', pathOf(made), { filter: { kind: 'b' } })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('filter: FilterPolicy: ') } },
    });
  });

  test('of addresses are pending until they confirm, or somebody who may manage the topic does', async () => {
    const { ask, subscribe } = await withTopic();

    const made = await subscribe({ url: 'http://127.0.0.1:1/hook' });

    // Its confirmation waits for it.
    expect(made).toMatchObject({
      status: 201,
      body: { state: 'pending', waiting: 1, settings: { url: 'http://127.0.0.1:1/hook' } },
    });
    expect(await ask('GET', '/topics/alerts')).toMatchObject({ body: { subscriptions: { pending: 1 }, waiting: 1 } });
    expect(await ask('POST', `${pathOf(made)}/confirm`)).toMatchObject({ status: 200, body: { state: 'confirmed' } });
    expect(await ask('DELETE', pathOf(made))).toMatchObject({ status: 204 });
    expect(await ask('GET', pathOf(made))).toMatchObject({ status: 404 });
    expect(await ask('DELETE', pathOf(made))).toMatchObject({ status: 404 });
  });

  test.each([
    [{ queue: 'ordrs' }, 404, 'queue "ordrs" does not exist'],
    [{ queue: 'orders', deadLetter: 'none' }, 404, 'queue "none" does not exist'],
    [{ email: 'nobody' }, 400, 'email: Email address'],
    [{}, 400, 'expected one of queue, url, email'],
  ])('%j is %i', async (json, status, text) => {
    const { subscribe } = await withTopic();

    expect(await subscribe(json)).toMatchObject({
      status,
      body: { error: { message: expect.stringContaining(text) } },
    });
  });
});

describe('with users', () => {
  async function withUsers() {
    const world = await startWorld();
    const put = async (name: string, json: object) =>
      await fetch(world.url(`/_gantry/users/${name}`), {
        method: 'PUT',
        body: JSON.stringify(json),
        headers: { authorization: basic('root') },
      });
    await fetch(world.url('/_gantry/topics/alerts'), { method: 'PUT' });
    await fetch(world.url('/_gantry/topics/other'), { method: 'PUT' });
    await put('root', { admin: true, password: 'secret' });
    await put('looks', {
      password: 'secret',
      policy: [
        {
          Effect: 'Allow',
          Action: 'sns:GetTopicAttributes',
          Resource: 'arn:aws:sns:us-east-1:000000000000:alerts',
        },
      ],
    });
    await put('sends', {
      password: 'secret',
      policy: [
        {
          Effect: 'Allow',
          Action: 'sns:Publish',
          Resource: 'arn:aws:sns:us-east-1:000000000000:alerts',
        },
      ],
    });
    return async (name: string, method: string, path: string, json?: unknown) =>
      await fetchJson(world.url(`/_gantry${path}`), {
        ...{ method, headers: { authorization: basic(name) } },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      });
  }

  function basic(name: string): string {
    return `Basic ${Buffer.from(`${name}:secret`).toString('base64')}`;
  }

  test('each sees and does what policies allow, and learns nothing of the rest', async () => {
    const ask = await withUsers();
    const message = { messages: [{ body: 'a' }] };

    expect(await ask('root', 'GET', '/topics')).toMatchObject({
      body: { topics: [{ name: 'alerts' }, { name: 'other' }] },
    });
    expect(await ask('looks', 'GET', '/topics')).toMatchObject({ status: 200, body: { topics: [{ name: 'alerts' }] } });
    expect(await ask('looks', 'GET', '/topics/alerts')).toMatchObject({ status: 200 });
    expect(await ask('sends', 'POST', '/topics/alerts/messages', message)).toMatchObject({ status: 200 });
    for (const [name, method, path, json] of [
      ['looks', 'GET', '/topics/other'],
      ['looks', 'GET', '/topics/missing'],
      ['looks', 'POST', '/topics/alerts/messages', message],
      ['looks', 'PATCH', '/topics/alerts', {}],
      ['looks', 'DELETE', '/topics/missing'],
      ['looks', 'POST', '/topics/alerts/subscriptions', { email: 'a@b' }],
      ['sends', 'GET', '/topics/alerts'],
      ['sends', 'GET', '/topics/alerts/subscriptions'],
      ['sends', 'PUT', '/topics/made', {}],
      ['sends', 'POST', '/topics/missing/messages', message],
    ] as const)
      expect(await ask(name, method, path, json), `${name} ${method} ${path}`).toMatchObject({
        status: 403,
        body: { error: { code: 'access-denied' } },
      });
  });

  test('definitions show and change what each may', async () => {
    const ask = await withUsers();

    expect(await ask('looks', 'GET', '/definitions')).toMatchObject({ body: { topics: [{ name: 'alerts' }] } });
    expect(await ask('looks', 'POST', '/definitions?dryRun=true', { topics: [{ name: 'other' }] })).toMatchObject({
      status: 403,
    });
    expect(
      await ask('looks', 'POST', '/definitions', { topics: [{ name: 'alerts', subscriptions: [{ email: 'a@b' }] }] }),
    ).toMatchObject({ status: 403 });
    expect(await ask('root', 'GET', '/definitions')).toMatchObject({ body: { topics: [{ subscriptions: [] }, {}] } });
  });
});
