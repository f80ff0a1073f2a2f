import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { optionName, options } from '../../src/server/options.ts';
import { startProcess, temporaryFolder } from '../support/launch.ts';

async function run(args: readonly string[], cwd: string) {
  const started = startProcess(args, { cwd });
  const { code } = await started.exited;
  return { code, ...started.output() };
}

test('what init writes changes nothing, names every option, and is read', async () => {
  const cwd = await temporaryFolder();
  const before = await run(['check-config'], cwd);

  expect(await run(['init'], cwd)).toMatchObject({ code: 0, stderr: 'wrote gantry.yaml\nwrote compose.yaml\n' });

  const text = await readFile(join(cwd, 'gantry.yaml'), 'utf8');
  const after = await run(['check-config'], cwd);
  expect(after.stdout.replace(/^config .*\n/m, '')).toBe(before.stdout.replace(/^config .*\n/m, ''));
  for (const [key, option] of Object.entries(options))
    if (!('awaits' in option) && !('isOutsideFile' in option)) expect(text).toContain(`\n#${optionName(key)}:`);
});

test('a line of it without its # holds', async () => {
  const cwd = await temporaryFolder();
  await run(['init'], cwd);
  const path = join(cwd, 'gantry.yaml');

  await writeFile(path, (await readFile(path, 'utf8')).replace('#http-port: 4566', 'http-port: 4567'));

  expect((await run(['check-config'], cwd)).stdout).toMatch(/^http-port +4567 +gantry\.yaml$/m);
});

test('its compose file is YAML that serves what is beside it', async () => {
  const cwd = await temporaryFolder();
  await run(['init', 'shop'], cwd);

  expect(parse(await readFile(join(cwd, 'shop', 'compose.yaml'), 'utf8'))).toMatchObject({
    services: { gantry: { ports: ['127.0.0.1:4566:4566'], environment: { GANTRY_ALLOW_ANONYMOUS: 'true' } } },
  });
});

test('what is there stays, unless --force says otherwise', async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'gantry.yaml'), 'data-dir: /srv\n');

  const kept = await run(['init'], cwd);

  expect(kept).toMatchObject({ code: 1, stderr: expect.stringContaining('gantry.yaml is there and stays') });
  expect(await readFile(join(cwd, 'gantry.yaml'), 'utf8')).toBe('data-dir: /srv\n');
  expect(await run(['init', '--force'], cwd)).toMatchObject({ code: 0 });
  expect(await readFile(join(cwd, 'gantry.yaml'), 'utf8')).not.toBe('data-dir: /srv\n');
});
