import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/server/config.ts';
import { temporaryFolder } from '../support/launch.ts';

async function load(text: string) {
  const path = join(await temporaryFolder(), 'gantry.yaml');
  await writeFile(path, text);
  return { path, loading: loadConfig({ flags: { config: [path] }, environment: {} }) };
}

const mistakes: readonly (readonly [string, string, string])[] = [
  ['an unknown key', '# ports\n\nhtp-port: 1\n', ':3:1: unknown key "htp-port"; did you mean "http-port"?'],
  ['a key in another spelling', 'httpPort: 1\n', ':1:1: unknown key "httpPort"; did you mean "http-port"?'],
  ['an unknown key like no other', 'wombat: 1\n', ':1:1: unknown key "wombat"'],
  ['a key that stands outside the file only', 'config: x.yaml\n', ':1:1: unknown key "config"'],
  ['a key written twice', 'http-port: 1\nhttp-port: 2\n', ':2:1: '],
  ['a map where a value belongs', 'http-port:\n  first: 1\n', ':2:3: expected a value or a list of values'],
  ['a key without a value', 'http-port:\n', ':1:11: expected a value or a list of values'],
  ['a map inside a list', 'host: [127.0.0.1, {a: 1}]\n', ':1:19: expected a value or a list of values'],
  ['a list as the whole file', '- http-port\n', ':1:1: expected lines of "key: value"'],
  ['what is no YAML', 'http-port: [1\n', ':2:1: '],
  ['an alias bomb', 'host: &a [x]\ndata-dir: *a\n', ':2:11: expected a value or a list of values'],
];

test.each(mistakes)('%s is refused with its place', async (_, text, expected) => {
  const { path, loading } = await load(text);

  await expect(loading).rejects.toMatchObject({ code: 'invalid-argument' });
  await expect(loading).rejects.toThrow(`${path}${expected}`);
});

test('what is deeper than the parser itself goes is refused with a place', async () => {
  const { path, loading } = await load(`host: ${'['.repeat(20_000)}`);

  await expect(loading).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringMatching(/:1:\d+: too many levels$/),
    resource: path,
  });
});

test('lists, numbers, texts and comments are understood', async () => {
  const { loading } = await load('host:\n  - 127.0.0.1\n  - "::1" # both\nhttp-port: [0, 4566]\namqp-port: off\n');
  const { config, file } = await loading;

  expect(config.host).toEqual(['127.0.0.1', '::1']);
  expect(config.httpPort).toEqual([0, 4566]);
  expect(config.amqpPort).toBe('off');
  expect(file).toMatch(/gantry\.yaml$/);
});

test('an empty file says nothing', async () => {
  const { loading } = await load('');

  expect((await loading).config.httpPort).toEqual([4566]);
});

test('a file that was asked for must be there', async () => {
  const byFlag = loadConfig({ flags: { config: ['nowhere.yaml'] }, environment: {} });
  const byVariable = loadConfig({ flags: {}, environment: { GANTRY_CONFIG: 'nowhere.yaml' } });

  await expect(byFlag).rejects.toThrow('--config "nowhere.yaml": no such file');
  await expect(byVariable).rejects.toThrow('GANTRY_CONFIG "nowhere.yaml": no such file');
});

test('a folder in the place of the file is refused', async () => {
  const folder = await temporaryFolder();

  await expect(loadConfig({ flags: { config: [folder] }, environment: {} })).rejects.toThrow(`--config ${folder}: `);
});
