import { describe, expect, test } from 'vitest';
import { gatherDefinitions } from '../../../../src/server/definitions/definition-files.ts';
import { readAs } from '../../../../src/server/definitions/formats.ts';

async function read(definitions: object) {
  const { items, remarks } = await readAs('auto', JSON.stringify(definitions), 'r.json', {});
  return { queues: gatherDefinitions(items, {}).plain.queues, remarks };
}

const queue = (name: string, args: object = {}, more: object = {}) => ({
  ...{ name, vhost: '/', durable: true, auto_delete: false, arguments: args },
  ...more,
});
const exchange = (name: string, type: string) => ({ name, vhost: '/', type, durable: true });
const binding = (source: string, destination: string, key: string) => ({
  ...{ source, vhost: '/', destination, destination_type: 'queue', routing_key: key, arguments: {} },
});
const dead = (name: string, key?: string) => ({
  'x-dead-letter-exchange': name,
  'x-delivery-limit': 4,
  ...(key === undefined ? {} : { 'x-dead-letter-routing-key': key }),
});

describe('RabbitMQ definitions', () => {
  test('queues come over, and all that is left out is said, once for many', async () => {
    const definitions = {
      rabbit_version: '3.13.0',
      users: [{ name: 'guest' }],
      vhosts: [{ name: '/' }, { name: 'shop' }],
      permissions: [],
      exchanges: [exchange('dlx', 'fanout')],
      bindings: [binding('dlx', 'dead', '')],
      queues: [
        queue('orders', { 'x-message-ttl': 3_600_000, 'x-dead-letter-exchange': 'dlx', 'x-queue-type': 'quorum' }),
        queue('dead'),
        queue('quick', { 'x-message-ttl': 500, 'x-max-priority': 5 }, { durable: false, auto_delete: true }),
        queue('other', { 'x-max-priority': 5 }, { vhost: 'shop' }),
        queue('dead', {}, { vhost: 'shop' }),
        queue('amq.gen-1'),
        queue('ein/zwei'),
      ],
    };

    expect(await read(definitions)).toEqual({
      queues: [
        { name: 'orders', retention: '1h', deadLetter: { queue: 'dead', after: '5' } },
        { name: 'dead', retention: '14d' },
        { name: 'quick', retention: '1m' },
        { name: 'other', retention: '14d' },
      ],
      remarks: [
        'r.json: queue "other": the vhost "shop" is left out: names are one for all',
        'r.json: queue "dead": left out, for another vhost than "shop" has a queue of that name',
        'r.json: 2 queues "amq.gen-1", "ein/zwei": left out, for SQS cannot spell the name',
        'r.json: queue "orders": a message goes to its dead-letter queue after 5 receives, for there is no x-delivery-limit',
        'r.json: queue "orders": a message that expires is dropped, not moved to the dead-letter queue',
        'r.json: queue "quick": becomes durable',
        'r.json: queue "quick": stays when its last consumer leaves (auto_delete)',
        'r.json: 2 queues "quick", "other": x-max-priority is left out',
        'r.json: queue "quick": retention is 1m, the shortest, in place of a shorter x-message-ttl',
        'r.json: retention is 14d, the longest, where there is no x-message-ttl',
        'r.json: 1 users are left out: their passwords are hashed otherwise; name them under "users:" of definitions or of gantry.yaml',
        'r.json: 1 exchanges are left out: queues are sent to by name',
        'r.json: 1 bindings are left out: queues are sent to by name',
      ],
    });
  });

  const routes: readonly (readonly [string, object, string | undefined])[] = [
    ['the default exchange by the name', dead('', 'b'), 'b'],
    ['the default exchange without a key', dead(''), undefined],
    ['a direct exchange by its key', dead('direct', 'to-b'), 'b'],
    ['a direct exchange by another key', dead('direct', 'to-nobody'), undefined],
    ['a direct exchange without a key, of several queues', dead('direct'), undefined],
    ['a topic exchange', dead('topic', 'eu.orders.late'), 'b'],
    ['a topic exchange with a shorter key', dead('topic', 'eu'), undefined],
    ['a fanout exchange of one queue', dead('fanout', 'any'), 'c'],
    ['an exchange that is not there', dead('nowhere', 'b'), undefined],
  ];
  test.each(routes)('a dead-letter exchange is followed: %s', async (_, args, target) => {
    const { queues, remarks } = await read({
      rabbit_version: '4.1.0',
      exchanges: [exchange('direct', 'direct'), exchange('topic', 'topic'), exchange('fanout', 'fanout')],
      bindings: [
        ...[binding('direct', 'b', 'to-b'), binding('direct', 'c', 'to-c')],
        ...[binding('topic', 'b', '*.orders.#'), binding('fanout', 'c', '')],
      ],
      queues: [queue('a', args), queue('b'), queue('c')],
    });

    expect(queues?.[0]).toEqual({
      name: 'a',
      retention: '14d',
      ...(target === undefined ? {} : { deadLetter: { queue: target, after: '5' } }),
    });
    expect(remarks.some((line) => line.includes('does not lead to exactly one queue'))).toBe(target === undefined);
  });

  test.each(['queues', 'exchanges', 'bindings'])('%s that are no list are refused with their place', async (key) => {
    await expect(read({ rabbit_version: '4.1.0', [key]: { name: 'orders' } })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(new RegExp(`^r\\.json:1:\\d+: expected a list of ${key}$`)),
    });
  });

  test('what is no export of RabbitMQ is refused', async () => {
    for (const other of ['{}', '{"name": "x"}', '[]', 'text'])
      await expect(readAs('rabbitmq', other, 'r.json', {})).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('a list of one vhost, without its name, is read too', async () => {
    expect(await read({ rabbitmq_version: '4', queues: [{ name: 'a', arguments: {} }] })).toMatchObject({
      queues: [{ name: 'a' }],
    });
  });
});
