import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/launch.ts';
import { fetchJson, startWorld } from '../setup.ts';

async function setup() {
  const { url } = await startWorld();
  return {
    url,
    exported: async (query = '') => (await fetchJson(url(`/_gantry/definitions${query}`))).body,
    imported: (definitions: object, query = '') =>
      fetchJson(url(`/_gantry/definitions${query}`), { method: 'POST', body: JSON.stringify(definitions) }),
  };
}

const two = { queues: [{ name: 'orders', deadLetter: { queue: 'dead', after: 3 } }, { name: 'dead' }] };

describe('/_gantry/definitions', () => {
  test('says what it did, and the second time that there was nothing to do', async () => {
    const { exported, imported } = await setup();

    expect(await imported(two)).toEqual({
      status: 200,
      body: {
        plan: [
          { do: 'create', kind: 'queue', name: 'dead', text: '+ queue dead' },
          { do: 'create', kind: 'queue', name: 'orders', text: '+ queue orders (deadLetter dead after 3)' },
        ],
        applied: 2,
      },
    });
    expect(await imported(two)).toEqual({ status: 200, body: { plan: [], applied: 0 } });
    expect(await imported((await exported()) as object)).toEqual({ status: 200, body: { plan: [], applied: 0 } });
  });

  test('a dry run does nothing', async () => {
    const { exported, imported } = await setup();

    const { body } = await imported(two, '?dryRun=true');

    expect(body).toMatchObject({ plan: [{ name: 'dead' }, { name: 'orders' }], applied: 0 });
    expect(await exported()).toEqual({ queues: [], topics: [], users: [] });
  });

  test('drops nothing unless asked, then what no definition names', async () => {
    const { exported, imported } = await setup();
    await imported(two);

    expect(await imported({ queues: [{ name: 'dead' }] })).toMatchObject({ body: { plan: [] } });
    expect(await imported({ queues: [{ name: 'dead' }] }, '?prune=true')).toMatchObject({
      body: { plan: [{ do: 'drop', text: '- queue orders' }], applied: 1 },
    });
    expect(await imported({}, '?prune=true')).toMatchObject({ body: { plan: [] } });
    expect(await exported()).toMatchObject({ queues: [{ name: 'dead' }] });
  });

  test('a queue is not its own dead-letter queue, however it is asked for', async () => {
    const { url, imported } = await setup();
    await imported({ queues: [{ name: 'loop' }] });
    const ask = (method: string, deadLetter: object) =>
      fetchJson(url('/_gantry/queues/loop'), { method, body: JSON.stringify({ deadLetter }) });
    const deadLetter = { queue: 'loop', after: 1 };

    const answers = [
      await ask('PUT', deadLetter),
      await ask('PATCH', deadLetter),
      await imported({ queues: [{ name: 'loop', deadLetter }] }),
    ];
    for (const answer of answers)
      expect(answer).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringContaining('a queue cannot be its own dead-letter queue') } },
      });
  });

  test('a dead-letter queue cannot be dropped from under its source', async () => {
    const { imported } = await setup();
    await imported(two);

    expect(await imported({ queues: two.queues.slice(0, 1) }, '?prune=true')).toMatchObject({
      status: 400,
      body: {
        error: { message: 'queues[0].deadLetter.queue: queue "orders": its dead-letter queue "dead" does not exist' },
      },
    });
  });

  test('a source whose dead-letter queue is gone stays as it is', async () => {
    const { url, exported, imported } = await setup();
    await imported(two);
    await fetch(url('/_gantry/queues/dead'), { method: 'DELETE' });

    const definitions = (await exported()) as object;

    expect(await imported(definitions)).toMatchObject({ status: 200, body: { plan: [] } });
  });

  test('knows accounts and regions, and keeps to one when it is named', async () => {
    const { exported, imported } = await setup();
    await imported({ queues: [{ name: 'a' }, { name: 'b', region: 'eu-west-1' }] });
    await imported({ queues: [{ name: 'a' }] }, '?region=eu-west-1');

    expect(await exported()).toMatchObject({
      queues: [{ name: 'a', region: 'eu-west-1' }, { name: 'b', region: 'eu-west-1' }, { name: 'a' }],
    });
    expect(await exported('?region=us-east-1&prefix=a')).toMatchObject({ queues: [{ name: 'a' }] });
    expect(await exported('?prefix=b')).toMatchObject({ queues: [{ name: 'b', region: 'eu-west-1' }] });
    expect(await imported({ queues: [] }, '?prune=true&dryRun=true&region=us-east-1')).toMatchObject({
      body: { plan: [{ name: 'a' }] },
    });
  });

  test.each([
    ['{"queues":[{"name":"a"},{"name":"b","dely":1}]}', 'queues[1].dely: unknown key "dely"; did you mean "delay"?'],
    ['{"queue":[]}', 'queue: unknown key "queue"; did you mean "queues"?'],
    ['{"queues":{}}', 'queues: expected a list'],
    ['{"queues":[{"name":"a"},{"name":"a"}]}', 'queues[1]: queue "a" is defined twice, first at queues[0]'],
    ['{"queues":[7]}', 'queues[0]: '],
  ])('refuses %s, naming the part', async (body, text) => {
    const { url } = await setup();

    const answer = await fetchJson(url('/_gantry/definitions'), { method: 'POST', body });

    expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining(text) } } });
  });

  test('takes 100,000 queues at a time, and no more', async () => {
    const { imported } = await setup();
    const queues = Array.from({ length: 100_001 }, (_, at) => ({ name: `q${at}` }));

    expect(await imported({ queues }, '?dryRun=true')).toMatchObject({
      status: 400,
      body: { error: { message: 'queues: expected at most 100000 in one request' } },
    });
    const { body } = await imported({ queues: queues.slice(1) }, '?dryRun=true');
    expect(body).toMatchObject({ applied: 0, plan: { length: 100_000 } });
  });

  test('two imports of the same at the same time both end well', async () => {
    const { exported, imported } = await setup();
    const queues = Array.from({ length: 300 }, (_, at) => ({ name: `queue-${at + 100}`, delay: '1s' }));

    const answers = await Promise.all([imported({ queues }), imported({ queues })]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await exported()).toMatchObject({ queues });
  });
});

describe('/_gantry/definitions with users', () => {
  const users = `
users:
  - { name: root, password: root, admin: true }
  - { name: looks, password: looks, policy: [{ Effect: Allow, Action: "sqs:GetQueueAttributes", Resource: "arn:aws:sqs:*:*:shop-*" }] }
queues: [{ name: shop-a }, { name: bank-a }]
`;
  async function setupUsers() {
    const config = join(await temporaryFolder(), 'gantry.yaml');
    await writeFile(config, users);
    const { url } = await startWorld({ config: [config] });
    return async (name: string, query = '', definitions?: object) => {
      const headers = { authorization: `Basic ${Buffer.from(`${name}:${name}`).toString('base64')}` };
      const body = definitions === undefined ? {} : { method: 'POST', body: JSON.stringify(definitions) };
      return await fetchJson(url(`/_gantry/definitions${query}`), { headers, ...body });
    };
  }

  test('who may look sees and compares what it may see, and changes nothing', async () => {
    const ask = await setupUsers();
    const queues = [{ name: 'shop-a', delay: '1s' }, { name: 'shop-b' }];

    expect(await ask('looks')).toEqual({ status: 200, body: { queues: [{ name: 'shop-a' }], topics: [] } });
    expect(await ask('looks', '?dryRun=true&prune=true', { queues })).toMatchObject({
      status: 200,
      body: { plan: [{ text: '+ queue shop-b' }, { text: '~ queue shop-a: delay 0s -> 1s' }] },
    });
    expect(await ask('looks', '', { queues })).toMatchObject({ status: 403 });
    expect(await ask('looks', '?dryRun=true', { queues: [{ name: 'bank-a' }] })).toMatchObject({ status: 403 });
    expect(await ask('looks', '?dryRun=true', { queues: [{ name: 'bank-b' }] })).toMatchObject({ status: 403 });
    expect(await ask('root')).toEqual({
      status: 200,
      body: { queues: [{ name: 'bank-a' }, { name: 'shop-a' }], topics: [], users: [] },
    });
  });

  test('users are for admins: shown to nobody else, compared and changed for nobody else', async () => {
    const ask = await setupUsers();
    const users = [{ name: 'made', 'access-keys': [{ id: 'AKIAMADE', secret: 'hidden' }] }];

    expect(await ask('looks', '?dryRun=true', { users })).toMatchObject({ status: 403 });
    expect(await ask('looks', '', { users })).toMatchObject({ status: 403 });
    expect(await ask('root', '', { users })).toEqual({
      status: 200,
      body: {
        plan: [{ do: 'create', kind: 'user', name: 'made', text: '+ user made (1 access key)' }],
        applied: 1,
      },
    });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as an export has it
    const held = [{ name: 'made', 'access-keys': [{ id: 'AKIAMADE', secret: '${KEY_AKIAMADE_SECRET}' }] }];
    expect(await ask('root')).toMatchObject({ body: { users: held } });
    expect(await ask('root', '?prefix=ma')).toMatchObject({ body: { queues: [], users: held } });
    expect(await ask('root', '?account=111122223333')).toMatchObject({ body: { users: [] } });
    expect(await ask('root', '?prune=true', { users: held })).toMatchObject({ body: { plan: [] } });
    expect(await ask('looks')).toEqual({ status: 200, body: { queues: [{ name: 'shop-a' }], topics: [] } });
  });

  test('users of the configuration file are neither shown, nor changed, nor pruned', async () => {
    const ask = await setupUsers();

    expect(await ask('root', '', { users: [{ name: 'looks' }] })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('users[0]: user "looks": is of the configuration file') } },
    });
    expect(await ask('root', '?prune=true', { users: [] })).toMatchObject({ status: 200, body: { plan: [] } });
    expect(await ask('looks')).toMatchObject({ status: 200 });
  });
});
