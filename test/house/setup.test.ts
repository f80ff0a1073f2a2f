import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, scriptUrl, temporaryFolder } from './scripts.ts';

const npm: { npmEnvironment(from: Record<string, string>, execPath: string): Record<string, string> } = await import(
  scriptUrl('setup/npm.mjs')
);

/** Runs the version check as if by another Node. */
function checkVersion(version: string) {
  const program = `
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
    await import(${JSON.stringify(scriptUrl('setup/node-version.mjs'))});`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
}

test('an older Node is refused in one line', () => {
  const refused = checkVersion('20.18.9');

  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(/^Gantry needs Node 20\.19 or newer; this is 20\.18\.9 .*\n$/);
  for (const version of ['20.19.0', '22.0.0', '26.1.0']) expect(checkVersion(version).status).toBe(0);
});

test('the refused version is the one that package.json names', () => {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

  expect(engines.node).toBe('>=20.19');
});

test('npm is run without the settings of the npm that runs us, but with the user’s registry', () => {
  const prefix = temporaryFolder();

  const env = npm.npmEnvironment(
    {
      PATH: '/bin',
      npm_config_registry: 'https://registry.example',
      NPM_CONFIG_CAFILE: '/ca.pem',
      npm_config_http_port: '0',
      npm_config_omit: 'dev',
      npm_package_config_x: '1',
      npm_lifecycle_event: 'start',
    },
    join(prefix, 'bin', 'node'),
  );

  expect(env).toEqual({ PATH: '/bin', npm_config_registry: 'https://registry.example', NPM_CONFIG_CAFILE: '/ca.pem' });
});

test('the headers of the running Node are used when they are there', () => {
  const prefix = temporaryFolder();
  mkdirSync(join(prefix, 'include', 'node'), { recursive: true });
  writeFileSync(join(prefix, 'include', 'node', 'node.h'), '');

  expect(npm.npmEnvironment({}, join(prefix, 'bin', 'node'))).toEqual({ npm_package_config_node_gyp_nodedir: prefix });
});
