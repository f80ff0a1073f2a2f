import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/server/config.ts';
import { options, variableName } from '../../src/server/options.ts';
import { temporaryFolder } from '../support/launch.ts';

async function fileOf(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'value');
  await writeFile(path, text);
  return path;
}

async function load(environment: Readonly<Record<string, string>>) {
  const { config } = await loadConfig({ flags: { config: [await fileOf('')] }, environment });
  return config;
}

test.each(['/srv/messages\n', '/srv/messages\r\n', '/srv/messages'])(
  'a variable with _FILE takes the content of that file (%j)',
  async (text) => {
    const { dataDir } = await load({ GANTRY_DATA_DIR_FILE: await fileOf(text) });

    expect(dataDir).toBe('/srv/messages');
  },
);

test('only the last newline is taken away', async () => {
  const { dataDir } = await load({ GANTRY_DATA_DIR_FILE: await fileOf(' a\n\n') });

  expect(dataDir).toBe(' a\n');
});

test('every variable has that form but GANTRY_CONFIG, which names a file already', async () => {
  const absent = join(await temporaryFolder(), 'absent');
  for (const key of Object.keys(options)) {
    const name = `${variableName(key)}_FILE`;
    const said = key === 'config' ? `unknown variable "${name}"` : `${name} "${absent}": ENOENT`;

    await expect(load({ [name]: absent })).rejects.toThrow(said);
  }
});

test.each([
  ['GANTRY_DATA_DIR', 'GANTRY_DATA_DIR_FILE'],
  ['GANTRY_DATA_DIR_FILE', 'GANTRY_DATA_DIR'],
])('%s and %s at once are a mistake that names both', async (one, other) => {
  const file = await fileOf('a');

  const loading = load({ [one]: file, [other]: file });

  await expect(loading).rejects.toThrow('GANTRY_DATA_DIR and GANTRY_DATA_DIR_FILE are both set');
  await expect(loading).rejects.toMatchObject({ code: 'invalid-argument' });
});

test('a value that is none is refused with the name of its file, for it may be a secret', async () => {
  const file = await fileOf('hunter2\n');

  const loading = load({ GANTRY_HTTP_PORT_FILE: file });

  await expect(loading).rejects.toThrow(`GANTRY_HTTP_PORT_FILE "${file}": expected a port`);
  await expect(loading).rejects.not.toThrow('hunter2');
});

test('a file that is too large to be a value is refused', async () => {
  const file = await fileOf('a'.repeat(65_537));

  await expect(load({ GANTRY_DATA_DIR_FILE: file })).rejects.toThrow(`"${file}": larger than 65536 bytes`);
});
