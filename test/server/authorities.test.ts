import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAuthorities } from '../../src/server/authorities.ts';
import { certificate } from '../protocols/sns/delivery/certificate.ts';
import { temporaryFolder } from '../support/launch.ts';

async function file(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'ca.pem');
  await writeFile(path, text);
  return path;
}

test('without a file the choice is left to Node', async () => {
  expect(await readAuthorities(undefined, { NODE_EXTRA_CA_CERTS: await file(certificate) })).toBeUndefined();
});

test('each certificate of the file is one, and those of NODE_EXTRA_CA_CERTS are too', async () => {
  const two = await file(`# mine\n${certificate}\n${certificate}`);
  const environment = { NODE_EXTRA_CA_CERTS: await file(certificate) };

  expect(await readAuthorities(two, {})).toEqual([certificate.trim(), certificate.trim()]);
  expect(await readAuthorities(two, environment)).toHaveLength(3);
  expect(await readAuthorities(two, { NODE_EXTRA_CA_CERTS: '/nowhere' })).toHaveLength(2);
});

test('a file without one, with a broken one, or that is not there is refused by the name of the option', async () => {
  const empty = await file('nothing');
  const broken = await file('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');

  await expect(readAuthorities(empty, {})).rejects.toThrow(`--sns-ca-file "${empty}": there is no certificate in it`);
  await expect(readAuthorities(broken, {})).rejects.toMatchObject({ code: 'invalid-argument' });
  await expect(readAuthorities('/nowhere/ca.pem', {})).rejects.toThrow('--sns-ca-file "/nowhere/ca.pem": ENOENT');
});
