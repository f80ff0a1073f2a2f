import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../src/server/config-schema.ts';
import { optionName, options } from '../../src/server/options.ts';
import { codeBlocks, readPage } from '../docs/pages.ts';
import { fitsSchema } from '../support/json-schema.ts';

function fits(yaml: string): boolean {
  return fitsSchema(parse(yaml), configSchema());
}

describe('the schema of the configuration file', () => {
  test('has every option that the file can have, users, queues and topics', () => {
    const names = Object.keys(options).filter((key) => key !== 'config');
    const schema = configSchema();

    expect(Object.keys(Object(schema.properties))).toEqual([...names.map(optionName), 'users', 'queues', 'topics']);
  });

  test.each([
    'http-port: [4566, 9324]',
    'http-port: 4566,9324',
    'http-port: off',
    'host: [127.0.0.1, "::1"]',
    'data-dir: /srv/gantry',
    'durability: normal',
    'allow-anonymous: true',
    'request-bytes-max: 64m',
    'request-bytes-max: 1 MiB',
    'keep-alive-timeout-ms: 30s',
    'keep-alive-timeout-ms: 5000',
    'public-url: https://sqs.example',
    'users: [{ name: shop }]',
    'queues: [{ name: orders, delay: 5s }]',
  ])('lets %s pass', (yaml) => {
    expect(fits(yaml)).toBe(true);
  });

  test.each([
    'http-prot: 4566',
    'http-port: 65536',
    'durability: none',
    'allow-anonymous: maybe',
    'request-bytes-max: 8MB',
    'keep-alive-timeout-ms: 5d',
    'connections-max: 0',
    'public-url: sqs.example',
    'config: other.yaml',
    'queues: [{ name: orders, dely: 5s }]',
    'users: [{ account: "123456789012" }]',
    'users: [{ name: shop, acess-keys: [] }]',
    'users: [{ name: shop, policy: [{ Efect: Allow }] }]',
  ])('marks %s', (yaml) => {
    expect(fits(yaml)).toBe(false);
  });

  test('lets the example of users pass', async () => {
    const page = await readPage('docs/security.md');
    const example = codeBlocks(page).find(({ language, code }) => language === 'yaml' && code.includes('users:\n'));

    expect(example?.code).toContain('access-keys');
    expect(fits(example?.code ?? '')).toBe(true);
  });
});
