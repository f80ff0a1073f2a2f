import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { createLinkBases } from '../../src/server/link-bases.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const own = 'http://127.0.0.1:4566';

function basesOf({ hasUsers = true, isOpen = false, host = ['mq.example'], publicUrl = '' } = {}) {
  return createLinkBases({
    config: { host, publicUrl: publicUrl === '' ? undefined : publicUrl },
    clock: createFakeClock(),
    ...{ hasUsers: () => hasUsers, isOpen: () => isOpen, ownUrl: () => own },
    isCertified: (name) => name === 'certified.example',
  });
}

test.each([
  ...['http://localhost:4566', 'https://127.0.0.1:1', 'http://127.9.9.9:80', 'http://[::1]:4566'],
  ...['http://gantry.localhost:4566', 'http://sqs.us-east-1.localhost.localstack.cloud:4566'],
  ...['http://host.docker.internal:4566', 'http://mq.example:4566', 'https://certified.example'],
  `http://${hostname().toLowerCase()}:4566`,
])('with users, %s is known to be the broker’s', (asked) => {
  expect(basesOf().of(asked)).toBe(asked === 'http://127.9.9.9:80' ? 'http://127.9.9.9' : asked);
});

test.each([
  ...['http://evil.example', 'http://localhost.evil.example', 'http://localhost@evil.example', 'http://evil'],
  ...['http://evil.example#localhost', 'http://8.8.8.8:4566', 'http://134744072', 'http://[2001:db8::1]'],
  ...['javascript://localhost', 'http://', '', 'http://local host'],
])('with users, links do not begin with %s', (asked) => {
  expect(basesOf().of(asked)).toBe(own);
  expect(basesOf({ isOpen: true }).of(asked)).toBe(own);
});

test('what else stands in a Host header is left out', () => {
  expect(basesOf().of('http://localhost:4566/evil?x=')).toBe('http://localhost:4566');
});

test('who showed no credential chooses no name: that of the subscription’s maker counts, while it is known', () => {
  const { ofUnsigned } = basesOf();
  expect(ofUnsigned('http://localhost:1', 'http://mq.example:4566')).toBe('http://mq.example:4566');
  expect(ofUnsigned('http://localhost:1', 'http://was.example:4566')).toBe(own);
  expect(ofUnsigned('http://localhost:1', undefined)).toBe(own);
});

test('without users beyond loopback, containers may use their short names', () => {
  const { of } = basesOf({ hasUsers: false, isOpen: true });
  expect(of('http://gantry:4566')).toBe('http://gantry:4566');
  expect(of('http://evil.example:4566')).toBe(own);
});

test('without users on loopback, links begin as the client came', () => {
  const { of, ofUnsigned } = basesOf({ hasUsers: false });
  expect(of('http://any.example:4566')).toBe('http://any.example:4566');
  expect(ofUnsigned('http://any.example:4566', 'http://mq.example')).toBe('http://any.example:4566');
});

test('a public URL is in every link', () => {
  const { of, ofUnsigned } = basesOf({ publicUrl: 'https://mq.example/base' });
  expect(of('http://localhost:4566')).toBe('https://mq.example/base');
  expect(ofUnsigned('http://localhost:4566', 'http://mq.example')).toBe('https://mq.example/base');
});

test('an answer is not kept for the next name', () => {
  const { of } = basesOf();
  expect([of('http://localhost:1'), of('http://evil.example'), of('http://localhost:2')]).toEqual([
    ...['http://localhost:1', own, 'http://localhost:2'],
  ]);
});
