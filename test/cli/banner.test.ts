import { expect, test } from 'vitest';
import { banner } from '../../src/cli/banner.ts';

const config = { dataDir: './data', durability: 'full', users: [] } as const;

function status(...http: readonly string[]) {
  return {
    version: '1.2.3',
    listeners: new Map([
      ['http', http],
      ['amqp', []],
    ] as const),
  };
}

test('it names every listener, the data folder with its durability, and a command that is complete', () => {
  const text = banner(status('http://127.0.0.1:4566', 'http://[::1]:4566'), config, false);

  expect(text).toBe(`Gantry 1.2.3
  SQS      http://127.0.0.1:4566
  SQS      http://[::1]:4566
  data     ./data (durability full)
  health   http://127.0.0.1:4566/health
  metrics  http://127.0.0.1:4566/metrics
  try      AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any aws --region us-east-1 --endpoint-url http://127.0.0.1:4566 sqs create-queue --queue-name orders
`);
});

test.each([
  ['http://0.0.0.0:80', 'http://127.0.0.1:80'],
  ['http://[::]:80', 'http://[::1]:80'],
])('of %s the command names %s, which can be reached', (url, reachable) => {
  expect(banner(status(url), config, false)).toContain(`--endpoint-url ${reachable} `);
});

test('with users the command leaves the credentials to who has them', () => {
  expect(banner(status('http://127.0.0.1:1'), config, true)).toMatch(/try +aws --region/);
});

test('a store in memory is called one, and without a listener there is nothing to try', () => {
  const text = banner(status(), { ...config, dataDir: ':memory:' }, false);

  expect(text).toBe('Gantry 1.2.3\n  data     in memory, gone at the end\n');
});
