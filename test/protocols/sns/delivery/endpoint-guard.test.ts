import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEndpointGuard, type GuardOptions } from '../../../../protocols/sns/delivery/endpoint-guard.ts';
import { createGuardedLookup } from '../../../../protocols/sns/delivery/guarded-lookup.ts';
import { outcomeOfError } from '../../../../protocols/sns/delivery/http-outcome.ts';
import { createHttpSender } from '../../../../protocols/sns/delivery/http-sender.ts';
import { deliveryLimits } from '../../../../protocols/sns/delivery/limits.ts';
import type { PushOutcome } from '../../../../src/core/push-outcome.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { answering, closedPort } from './endpoints.ts';

const closed = { allow: [], isOpen: false };
const open = { allow: [], isOpen: true };

const never = [
  ...['169.254.169.254', '169.254.170.2', '169.254.0.1', '0.0.0.0', '0.1.2.3', '224.0.0.1', '239.255.255.255'],
  ...['240.0.0.1', '255.255.255.255', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
  ...['::', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'ff02::1', 'fd00:ec2::254', 'fd20:ce::254'],
  ...['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '::169.254.169.254', '::ffff:0:a9fe:a9fe'],
  ...['64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1', '::ffff:0.0.0.0'],
  // NAT64 of a network's own, Teredo, ISATAP, relays of 6to4.
  ...['64:ff9b:1::a9fe:a9fe', '64:ff9b:1:ffff:ffff:ffff:808:808', '2001::1', '2001:0:808:808:0:0:5601:5601'],
  ...['2606:4700::5efe:a9fe:a9fe', '2606:4700:1:2:200:5efe:169.254.169.254', '2606:4700:0:0:300:5efe:e000:1'],
  ...['192.88.99.1', '::ffff:192.88.99.1', '2002:c058:6301::'],
  // Documentation, benchmarks, ORCHID, discarded, not assigned.
  ...['192.0.2.1', '198.51.100.255', '203.0.113.7', '2001:db8::1', '3fff:fff::1', '2001:2::1', '2001:20::1', '100::1'],
  ...['200::1', '4000::1', '5f00::1', 'a000::1', 'fbff::1', 'fe00::1', '2002:c000:201::'],
];
const near = [
  ...['127.0.0.1', '127.9.9.9', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '198.18.0.1'],
  ...[
    '::1',
    'fc00::1',
    'fd12:3456::1',
    'fec0::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
  ],
  ...['2606:4700::5efe:7f00:1', '2606:4700:1:2:200:5efe:10.0.0.1', 'fd12::5efe:808:808', '198.19.255.255'],
];
const far = [
  ...[
    '8.8.8.8',
    '169.253.255.255',
    '169.255.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.0.1',
    '11.0.0.1',
    '126.0.0.1',
  ],
  ...['100.63.255.255', '100.128.0.1', '223.255.255.255', '2606:4700::1', '::ffff:8.8.8.8', '64:ff9b::808:808'],
  ...['2606:4700::5efe:808:808', '2606:4700::1:5efe:a9fe:a9fe', '2606:4700::5efe:a9fe:a9fe:1', '2002:808:808::1'],
  ...[
    '2001:200::1',
    '2001:4860:4860::8888',
    '2a00:1450::1',
    '3ffe:ffff::1',
    '192.0.1.255',
    '198.51.101.0',
    '203.0.112.1',
  ],
];

describe('an address', () => {
  test.each(never)('%s is never sent to', (address) => {
    expect(createEndpointGuard(closed).allows('x.example', address)).toBe(false);
    expect(createEndpointGuard(open).allows('x.example', address)).toBe(false);
    expect(createEndpointGuard(closed).refusal(address)).toContain('--sns-endpoints-allow');
  });

  test.each(near)('%s is sent to only while the broker listens on loopback alone', (address) => {
    expect(createEndpointGuard(closed).allows('x.example', address)).toBe(true);
    expect(createEndpointGuard(closed).refusal(address)).toBeUndefined();
    expect(createEndpointGuard(open).allows('x.example', address)).toBe(false);
    expect(createEndpointGuard(open).refusal(address)).toContain('--sns-endpoints-allow');
  });

  test.each(far)('%s is sent to', (address) => {
    expect(createEndpointGuard(open).allows('x.example', address)).toBe(true);
    expect(createEndpointGuard(open).refusal(address)).toBeUndefined();
  });

  test('what is no address at all is not sent to', () => {
    expect(createEndpointGuard(closed).allows('x.example', 'nonsense')).toBe(false);
  });
});

describe('what is allowed by name', () => {
  const cases = [
    { allow: '169.254.169.254', host: 'x.example', address: '169.254.169.254', other: '169.254.169.253' },
    { allow: '10.1.0.0/16', host: 'x.example', address: '10.1.2.3', other: '10.2.0.1' },
    { allow: 'fd00:ec2::/64', host: 'x.example', address: 'fd00:ec2::254', other: 'fd00:ec2:1::254' },
    { allow: '[::1]', host: 'x.example', address: '::1', other: '127.0.0.1' },
    { allow: '127.0.0.0/8', host: 'x.example', address: '::ffff:127.0.0.1', other: '::ffff:10.0.0.1' },
  ];

  test.each(cases)('$allow', ({ allow, host, address, other }) => {
    const guard = createEndpointGuard({ allow: [allow], isOpen: true });

    expect(guard.allows(host, address)).toBe(true);
    expect(guard.refusal(address)).toBeUndefined();
    expect(guard.allows(host, other)).toBe(false);
  });

  test('a host, and all hosts of a domain, wherever they lead', () => {
    const guard = createEndpointGuard({ allow: ['hooks.internal', '*.Lab.example'], isOpen: true });

    expect(guard.allows('HOOKS.internal', '10.0.0.1')).toBe(true);
    expect(guard.allows('a.b.lab.example', '127.0.0.1')).toBe(true);
    expect(guard.allows('lab.example', '127.0.0.1')).toBe(false);
    expect(guard.allows('evilab.example', '127.0.0.1')).toBe(false);
    expect(guard.allows('xhooks.internal', '10.0.0.1')).toBe(false);
  });

  test.each(['10.0.0.0/33', 'example.com/8', '::1/129'])('%s is refused by name', (allow) => {
    expect(() => createEndpointGuard({ allow: [allow], isOpen: true })).toThrow(`--sns-endpoints-allow "${allow}"`);
  });
});

test('names that mean this machine, or a metadata service, are refused before anybody looks them up', () => {
  for (const name of ['localhost', 'LOCALHOST.', 'a.localhost']) {
    expect(createEndpointGuard(open).refusal(name)).toBeDefined();
    expect(createEndpointGuard(closed).refusal(name)).toBeUndefined();
  }
  expect(createEndpointGuard(closed).refusal('metadata.google.internal')).toBeDefined();
  expect(createEndpointGuard(open).refusal('notlocalhost')).toBeUndefined();
});

/** Posts to a name that means, from one lookup to the next, what `answers` say. */
async function postTo(
  url: string,
  guard: GuardOptions,
  ...answers: readonly (readonly string[])[]
): Promise<PushOutcome> {
  const left = [...answers];
  const resolve = async (): Promise<readonly LookupAddress[]> =>
    (left.shift() ?? []).map((address) => ({ address, family: isIP(address) }));
  const sender = createHttpSender({ clock: createFakeClock(), guard: createEndpointGuard(guard), resolve });
  onTestFinished(() => sender.stop());
  return await sender.send({ url, headers: {}, body: '' });
}

describe('a post', () => {
  const refused = { type: 'failed', reason: expect.stringContaining('--sns-endpoints-allow') };

  test('to a name of an address that is not for it fails, and nothing is connected', async () => {
    const endpoint = await answering(200);

    const outcome = await postTo(`http://x.example:${endpoint.port}/`, open, ['127.0.0.1']);

    expect(outcome).toMatchObject(refused);
    expect(endpoint.connections()).toBe(0);
  });

  test('to the same name and address is made where it is allowed', async () => {
    const endpoint = await answering(200);
    const url = `http://x.example:${endpoint.port}/`;

    expect(await postTo(url, closed, ['127.0.0.1'])).toMatchObject({ type: 'delivered' });
    expect(await postTo(url, { allow: ['127.0.0.1'], isOpen: true }, ['127.0.0.1'])).toMatchObject({
      type: 'delivered',
    });
    expect(endpoint.received[0]?.headers.host).toBe(`x.example:${endpoint.port}`);
  });

  test('to a name with good and bad addresses goes to the good ones alone', async () => {
    const endpoint = await answering(200);
    const guard = { allow: ['127.0.0.1'], isOpen: true };

    const outcome = await postTo(`http://x.example:${endpoint.port}/`, guard, ['169.254.169.254', '::1', '127.0.0.1']);

    expect(outcome).toMatchObject({ type: 'delivered' });
  });

  test('a name that leads elsewhere at its second lookup is looked up once for each connection, and judged by that', async () => {
    const endpoint = await answering(200);
    const guard = { allow: ['127.0.0.1'], isOpen: true };
    let lookups = 0;
    const resolve = async () => [{ address: lookups++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    const sender = createHttpSender({ clock: createFakeClock(), guard: createEndpointGuard(guard), resolve });
    onTestFinished(() => sender.stop());
    const url = `http://x.example:${endpoint.port}/`;

    expect(await sender.send({ url, headers: { Connection: 'close' }, body: '' })).toMatchObject({ type: 'delivered' });
    expect(lookups).toBe(1);
    expect(await sender.send({ url, headers: {}, body: '' })).toMatchObject(refused);
    expect(lookups).toBe(2);
    expect(endpoint.connections()).toBe(1);
  });

  test.each([
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '127.0.0.1.',
    '[::1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
  ])('to %s is one to this machine, however it is written', async (host) => {
    expect(await postTo(`http://${host}:${await closedPort()}/`, open)).toMatchObject(refused);
  });

  test.each([
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '[::ffff:a9fe:a9fe]',
    '①⑥⑨.254.169.254',
  ])('to %s is one to the metadata service', async (host) => {
    expect(await postTo(`http://${host}/latest/meta-data/`, closed)).toMatchObject(refused);
  });
});

test('a name server that does not answer takes two threads and no more, and others wait for it in line', async () => {
  const asked: string[] = [];
  const answer: (() => void)[] = [];
  const resolve = async (host: string) => {
    asked.push(host);
    await new Promise<void>((resume) => answer.push(resume));
    return [{ address: '127.0.0.1', family: 4 }];
  };
  const port = await closedPort();
  const sender = createHttpSender({ clock: createFakeClock(), guard: createEndpointGuard(closed), resolve });
  onTestFinished(() => sender.stop());

  const sending = ['a', 'b', 'c', 'a'].map((name) =>
    sender.send({ url: `http://${name}.example:${port}/`, headers: {}, body: '' }),
  );
  await Promise.resolve(); // Requests ask in the turn in which they are made.
  expect(asked).toEqual(['a.example', 'b.example']);
  for (let i = 0; i < 2; i++) answer.shift()?.();
  await Promise.race(sending);
  expect(asked).toEqual(['a.example', 'b.example', 'c.example']);
  answer.shift()?.();

  for (const outcome of await Promise.all(sending)) expect(outcome).toMatchObject({ type: 'retry' });
});

test('no more than a thousand names wait for it: the next one is tried again later', async () => {
  const guard = createEndpointGuard(closed);
  const lookup = createGuardedLookup(guard, () => new Promise<never>(() => undefined));
  const ended: unknown[] = [];
  const ask = (host: string) => lookup(host, { all: true }, (error) => void ended.push(error));

  for (let i = 0; i < deliveryLimits.lookupsMax + deliveryLimits.lookupsWaitingMax; i++) ask(`n${i}.example`);
  await new Promise(setImmediate);
  expect(ended).toEqual([]);
  ask('one.more.example');
  await new Promise(setImmediate);

  expect(ended).toMatchObject([{ code: 'unavailable' }]);
  expect(outcomeOfError(ended[0])).toMatchObject({ type: 'retry' });
});
