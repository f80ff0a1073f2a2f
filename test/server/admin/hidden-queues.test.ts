import { describe, expect, test } from 'vitest';
import { startWorld } from '../setup.ts';

type As = 'root' | 'low';

function headersOf(who: As) {
  return { Authorization: `Basic ${Buffer.from(`${who}:of ${who}`).toString('base64')}` };
}

/** Beside an admin a user who may do `policy`. */
async function setup(policy: readonly object[] = []) {
  const { url } = await startWorld();
  const ask = async (who: As, method: string, path: string, body?: unknown) => {
    const response = await fetch(url(`/_gantry${path}`), {
      ...{ method, headers: headersOf(who) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, body: json };
  };
  const guard = async () => {
    await ask('root', 'PUT', '/users/root', { admin: true, password: 'of root' });
    await ask('root', 'PUT', '/users/low', { password: 'of low', policy });
  };
  return { ask, guard };
}

const allow = (action: string, resource: string) => ({ Effect: 'Allow', Action: action, Resource: resource });

describe('who may not see a queue', () => {
  test('finds it neither on a page nor as its end', async () => {
    const { ask, guard } = await setup([allow('browse', 'arn:aws:sqs:*:*:seen-*')]);
    await guard();
    for (const name of ['a-hidden', 'seen-1', 'seen-2', 'seen-3', 'z-hidden'])
      await ask('root', 'PUT', `/queues/${name}`);
    const pages: unknown[] = [];

    for (let after = ''; ; ) {
      const { body } = await ask('low', 'GET', `/queues?max=2${after}`);
      const { queues, next }: { queues: { name: string }[]; next?: string } = Object(body);
      pages.push([queues.map(({ name }) => name), next]);
      if (next === undefined) break;
      after = `&after=${next}`;
    }

    expect(pages).toEqual([
      [['seen-1', 'seen-2'], 'seen-2'],
      [['seen-3'], undefined],
    ]);
  });

  test('hears the same of one that is there and of one that is not', async () => {
    const { ask, guard } = await setup([allow('send', 'arn:aws:sqs:*:*:own')]);
    await guard();
    for (const name of ['there', 'own']) await ask('root', 'PUT', `/queues/${name}`);
    const questions = (name: string): readonly (readonly [string, string, unknown?])[] => [
      ['GET', `/queues/${name}`],
      ['PUT', `/queues/${name}`],
      ['PUT', '/queues/new', { deadLetter: { queue: name, after: 1 } }],
      ['PATCH', `/queues/${name}`, { delay: '1s' }],
      ['PATCH', '/queues/own', { deadLetter: { queue: name, after: 1 } }],
      ['DELETE', `/queues/${name}`],
      ['POST', `/queues/${name}/purge`],
      ['GET', `/queues/${name}/messages`],
      ['GET', `/queues/${name}/messages?filter=none`],
      ['POST', `/queues/${name}/messages`, { messages: [{ body: 'a' }] }],
      ['POST', `/queues/${name}/messages/move`, { positions: [1] }],
      ['POST', `/queues/${name}/receive`],
      ['POST', `/queues/${name}/settle`, { settlements: [{ receipt: 'x', as: 'ack' }] }],
      ['GET', `/queues/${name}/moves`],
      ['POST', `/queues/${name}/moves`],
      ['POST', '/queues/own/moves', { to: name }],
      ['DELETE', `/queues/${name}/moves/x`],
      ['GET', `/tail?queue=${name}`],
    ];
    const told = async (name: string) => {
      const answers: unknown[] = [];
      for (const [method, path, body] of questions(name)) {
        const answer = await ask('low', method, path, body);
        expect({ method, path, status: answer.status }).toEqual({ method, path, status: 403 });
        answers.push(JSON.stringify(answer.body).replaceAll(name, 'NAME'));
      }
      return answers;
    };

    expect(await told('there')).toEqual(await told('else'));
  });

  test('who may only look at a queue learns nothing from a plan for its dead-letter queue', async () => {
    const { ask, guard } = await setup([allow('browse', 'arn:aws:sqs:*:*:own')]);
    await guard();
    for (const name of ['there', 'own']) await ask('root', 'PUT', `/queues/${name}`);
    const plan = (queue: string) =>
      ask('low', 'POST', '/definitions?dryRun=true', { queues: [{ name: 'own', deadLetter: { queue, after: 1 } }] });

    expect([(await plan('there')).status, (await plan('else')).status]).toEqual([200, 200]);
    const definitions = { queues: [{ name: 'own', deadLetter: { queue: 'else', after: 1 } }] };
    expect((await ask('low', 'POST', '/definitions', definitions)).status).toBe(403);
  });

  test('who may do it is told that there is none', async () => {
    const { ask, guard } = await setup([allow('browse', 'arn:aws:sqs:*:*:own')]);
    await guard();

    expect((await ask('low', 'GET', '/queues/own')).status).toBe(404);
  });

  test('who may receive a message is told where it was dead-lettered, as by SQS', async () => {
    const { ask, guard } = await setup([allow('receive', 'arn:aws:sqs:*:*:dead')]);
    await guard();
    await ask('root', 'PUT', '/queues/dead');
    await ask('root', 'PUT', '/queues/source', { deadLetter: { queue: 'dead', after: 1 }, visibilityTimeout: '0s' });
    await ask('root', 'POST', '/queues/source/messages', { messages: [{ body: 'a' }] });
    for (let times = 0; times < 2; times++) await ask('root', 'POST', '/queues/source/receive');

    await expect
      .poll(async () => (await ask('low', 'GET', '/queues/dead/messages')).body)
      .toMatchObject({ messages: [{ body: 'a', deadLetteredFrom: 'source' }] });
  });
});
