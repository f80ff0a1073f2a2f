import { describe, expect, test } from 'vitest';
import { fetchJson, startWorld } from '../setup.ts';

async function setup() {
  const { url } = await startWorld();
  return {
    url,
    exported: async (query = '') => (await fetchJson(url(`/_gantry/definitions${query}`))).body,
    imported: (definitions: unknown, query = '') =>
      fetchJson(url(`/_gantry/definitions${query}`), { method: 'POST', body: JSON.stringify(definitions) }),
  };
}

const alerts = {
  queues: [{ name: 'orders' }, { name: 'dead' }],
  topics: [
    {
      name: 'alerts',
      displayName: 'Alerts',
      maximumMessageSize: '64KiB',
      signatureVersion: '2',
      tags: { team: 'shop' },
      subscriptions: [
        { queue: 'orders', raw: true, filter: { kind: ['red'] }, filterScope: 'body', deadLetter: 'dead' },
        { url: 'https://127.0.0.1:9/hook', deliveryPolicy: { healthyRetryPolicy: retries() } },
        { email: 'ann@example.org' },
        { phone: '+4915112345678' },
        { function: 'arn:aws:lambda:us-east-1:000000000000:function:resize' },
      ],
    },
  ],
};

function retries() {
  return { minDelayTarget: 1, maxDelayTarget: 2, numRetries: 3 };
}

async function published(url: string, body: string): Promise<void> {
  const answer = await fetchJson(url, { method: 'POST', body: JSON.stringify({ messages: [{ body, group: 'g' }] }) });
  expect(answer).toMatchObject({ status: 200, body: { results: [{ isDuplicate: false }] } });
}

function planned(answer: { body: unknown }): readonly string[] {
  const body = answer.body as { plan: readonly { text: string }[] };
  return body.plan.map(({ text }) => text);
}

describe('topics in definitions', () => {
  test('are made with queues of the same file, and the second time there is nothing to do', async () => {
    const { imported } = await setup();

    expect(planned(await imported(alerts))).toEqual([
      '+ queue orders',
      '+ queue dead',
      '+ topic alerts (displayName Alerts, maximumMessageSize 64KiB, signatureVersion 2, tags.team shop)',
      '+ subscription alerts -> orders (raw true, filter {"kind":["red"]}, filterScope body, deadLetter dead)',
      '+ subscription alerts -> https://127.0.0.1:9/hook (deliveryPolicy {"healthyRetryPolicy":{"maxDelayTarget":2,"minDelayTarget":…)',
      '+ subscription alerts -> ann@example.org',
      '+ subscription alerts -> +4915112345678',
      '+ subscription alerts -> arn:aws:lambda:us-east-1:000000000000:function:resize',
    ]);
    expect(await imported(alerts)).toMatchObject({ status: 200, body: { plan: [], applied: 0 } });
  });

  test('with more subscriptions than one piece of an export has, are exported and imported like any other', async () => {
    const { exported, imported } = await setup();
    const subscriptions = Array.from({ length: 620 }, (_, at) => ({ phone: `+1555${1_000_000 + at}` }));
    const definitions = {
      topics: [
        { name: 'crowd', subscriptions },
        { name: 'few', subscriptions: [] },
      ],
    };

    await imported(definitions);

    const { topics } = (await exported()) as {
      topics: readonly { name: string; subscriptions: readonly { phone: string }[] }[];
    };
    expect(topics.map(({ name }) => name)).toEqual(['crowd', 'few']);
    const phones = topics[0]?.subscriptions.map(({ phone }) => phone);
    expect(phones?.toSorted()).toEqual(subscriptions.map(({ phone }) => phone));
    expect(await imported(definitions)).toMatchObject({ status: 200, body: { plan: [], applied: 0 } });
  });

  test('are exported as they are read', async () => {
    const { exported, imported } = await setup();
    await imported(alerts);

    const written = await exported();

    expect(written).toMatchObject({
      topics: [{ ...alerts.topics[0], subscriptions: expect.arrayContaining(alerts.topics[0]?.subscriptions ?? []) }],
    });
    expect(await imported(written, '?prune=true')).toMatchObject({ body: { plan: [] } });
    expect(await exported('?prefix=or')).toMatchObject({ queues: [{ name: 'orders' }], topics: [] });
  });

  test('say what is other, and put it back', async () => {
    const { imported } = await setup();
    await imported(alerts);

    const other = {
      topics: [{ name: 'alerts', subscriptions: [{ queue: 'orders', filter: { kind: ['blue'] } }] }],
    };

    expect(planned(await imported(other))).toEqual([
      '~ topic alerts: displayName Alerts -> none, maximumMessageSize 64KiB -> 256KiB, signatureVersion 2 -> 1, tags.team shop -> none',
      '~ subscription alerts -> orders: raw true -> false, filter {"kind":["red"]} -> {"kind":["blue"]}, filterScope body -> attributes, deadLetter dead -> none',
    ]);
    expect(planned(await imported(other))).toEqual([]);
  });

  test('of a topic without a list of subscriptions nobody is dropped, of one with a list all others', async () => {
    const { imported } = await setup();
    await imported(alerts);
    const topic = { ...alerts.topics[0], subscriptions: undefined };

    expect(planned(await imported({ topics: [topic] }, '?prune=true&dryRun=true'))).toEqual([]);
    expect(planned(await imported({ topics: [{ ...topic, subscriptions: [] }] }, '?prune=true'))).toHaveLength(5);
    expect(planned(await imported({ topics: [] }, '?prune=true'))).toEqual(['- topic alerts']);
    expect(planned(await imported({ topics: [] }, '?prune=true'))).toEqual([]);
  });

  test('FIFO by name, with an archive and a queue of that kind', async () => {
    const { exported, imported } = await setup();
    const definitions = {
      queues: [{ name: 'paid.fifo' }],
      topics: [
        {
          ...{ name: 'payments.fifo', contentBasedDeduplication: true, fifoThroughputScope: 'messageGroup' },
          ...{ archive: '30d', subscriptions: [{ queue: 'paid.fifo' }] },
        },
      ],
    };

    expect(planned(await imported(definitions))).toContain(
      '+ topic payments.fifo (contentBasedDeduplication true, fifoThroughputScope messageGroup, archive 30d)',
    );
    expect(await exported()).toEqual({ ...definitions, users: [] });
    expect(planned(await imported(definitions))).toEqual([]);
  });

  test('an export of subscriptions whose queues are gone can be imported where they never were', async () => {
    const one = await setup();
    const other = await setup();
    const subscriptions = [{ queue: 'orders', deadLetter: 'dead' }];
    await one.imported({ queues: [{ name: 'orders' }, { name: 'dead' }], topics: [{ name: 'alerts', subscriptions }] });
    for (const queue of ['orders', 'dead']) await fetch(one.url(`/_gantry/queues/${queue}`), { method: 'DELETE' });

    const written = await one.exported();

    const orders = 'arn:aws:sqs:us-east-1:000000000000:orders';
    const dead = 'arn:aws:sqs:us-east-1:000000000000:dead';
    expect(written).toMatchObject({ topics: [{ subscriptions: [{ queue: orders, deadLetter: dead }] }] });
    expect(planned(await one.imported(written))).toEqual([]);
    expect(planned(await other.imported(written))).toEqual([
      '+ topic alerts',
      `+ subscription alerts -> orders (deadLetter dead); queue "${orders}" does not exist`,
    ]);
    expect(planned(await other.imported(written))).toEqual([]);
  });

  test('an archive that a definition does not name is kept, but by --prune; what is lost is counted', async () => {
    const { url, exported, imported } = await setup();
    const topic = { name: 'paid.fifo', contentBasedDeduplication: true };
    await imported({ topics: [{ ...topic, archive: '30d' }] });
    for (const body of ['one', 'two']) await published(url('/_gantry/topics/paid.fifo/messages'), body);

    expect(planned(await imported({ topics: [topic] }))).toEqual([]);
    expect(planned(await imported({ topics: [{ ...topic, displayName: 'Paid' }] }))).toEqual([
      '~ topic paid.fifo: displayName none -> Paid; archive 30d is kept: the definition does not name it',
    ]);
    expect(await exported()).toMatchObject({ topics: [{ archive: '30d' }] });
    await imported({ topics: [{ ...topic, archive: '30d' }] });
    expect(await imported({ topics: [{ ...topic, archive: '7d' }] }, '?dryRun=true')).toMatchObject({
      body: {
        plan: [
          {
            text: '~ topic paid.fifo: archive 30d -> 7d (drops what is older of 2 archived messages)',
            isLossy: true,
          },
        ],
      },
    });
    expect(planned(await imported({ topics: [] }, '?dryRun=true&prune=true'))).toEqual([
      '- topic paid.fifo (with 2 archived messages)',
    ]);
    expect(planned(await imported({ topics: [topic] }, '?dryRun=true&prune=true'))).toEqual([
      '~ topic paid.fifo: archive 30d -> none (drops 2 archived messages)',
    ]);
    expect(planned(await imported({ topics: [{ ...topic, archive: null }] }))).toEqual([
      '~ topic paid.fifo: archive 30d -> none (drops 2 archived messages)',
    ]);
    expect(planned(await imported({ topics: [{ ...topic, archive: '30d' }] }))).toEqual([
      '~ topic paid.fifo: archive none -> 30d',
    ]);
  });

  test.each([
    [{ name: 'a b' }, 'topics[0].name: expected 1 to 256 letters'],
    [{ name: 'a', archive: '30d' }, 'topics[0].archive: topic "a": archive is for FIFO topics'],
    [{ name: 'a.fifo', archive: '36h' }, 'topics[0].archive: expected whole days'],
    [{ name: 'a', policy: { Statement: 5 } }, 'topics[0].policy: '],
    [{ name: 'a', deliveryPolicy: { http: 5 } }, 'topics[0].deliveryPolicy: topic "a": DeliveryPolicy: '],
    [{ name: 'a', subscriptions: [{ raw: true }] }, 'topics[0].subscriptions[0]: expected one of queue, url, email'],
    [
      { name: 'a', subscriptions: [{ queue: 'q', url: 'http://b' }] },
      'topics[0].subscriptions[0]: expected one of queue, url, email',
    ],
    [
      { name: 'a', subscriptions: [{ queue: 'ordrs' }] },
      'subscriptions[0].queue: topic "a": queue "ordrs" does not exist',
    ],
    [
      { name: 'a', subscriptions: [{ email: 'b@c', deadLetter: 'none' }] },
      'subscriptions[0].deadLetter: topic "a": its dead-letter queue "none" does not exist',
    ],
    [{ name: 'a', subscriptions: [{ url: 'ftp://b' }] }, 'subscriptions[0].url: topic "a": Endpoint must match'],
    [{ name: 'a', subscriptions: [{ email: 'b' }] }, 'subscriptions[0].email: topic "a": Email address'],
    [{ name: 'a', subscriptions: [{ phone: '0' }] }, 'subscriptions[0].phone: topic "a": Invalid SMS endpoint'],
    [{ name: 'a', subscriptions: [{ function: 'b' }] }, 'subscriptions[0].function: topic "a": Lambda endpoint ARN'],
    [
      { name: 'a', subscriptions: [{ email: 'b@c', filter: { d: 'e' } }] },
      'subscriptions[0].filter: topic "a": FilterPolicy: ',
    ],
    [
      { name: 'a', subscriptions: [{ email: 'b@c' }, { email: 'b@c' }] },
      'subscriptions[1]: topic "a": it is subscribed twice, first at topics[0].subscriptions[0]',
    ],
    [{ name: 'a', subscriptons: [] }, 'unknown key "subscriptons"; did you mean "subscriptions"?'],
  ])('%j is refused, naming the place', async (topic, text) => {
    const { imported } = await setup();

    expect(await imported({ topics: [topic] })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining(text) } },
    });
  });

  test('a topic that is defined twice is refused', async () => {
    const { imported } = await setup();

    expect(await imported({ topics: [{ name: 'a' }, { name: 'a' }] })).toMatchObject({
      body: { error: { message: 'topics[1].name: topic "a" is defined twice, first at topics[0]' } },
    });
  });
});
