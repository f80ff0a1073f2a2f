import { existsSync } from 'node:fs';
import { lstat, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { launch, startProcess, temporaryFolder } from '../support/launch.ts';

async function run(args: readonly string[], endpoint: string) {
  const started = startProcess(args, { env: { GANTRY_ENDPOINT: endpoint } });
  const { code } = await started.exited;
  return { code, ...started.output() };
}

test('an export goes through a link, and replaces neither device nor folder', async () => {
  const broker = await launch();
  onTestFinished(async () => void (await broker.stop()));
  const folder = await temporaryFolder();
  const [file, link] = [join(folder, 'queues.yaml'), join(folder, 'link.yaml')];
  await writeFile(file, 'before');
  await symlink(file, link);

  expect(await run(['export', link], broker.endpoint)).toMatchObject({ code: 0 });
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(file, 'utf8')).toContain('queues:');
  for (const target of ['/dev/null', folder])
    expect(await run(['export', target], broker.endpoint)).toMatchObject({
      code: 2,
      stderr: `gantry: ${target} is no file that could be replaced\n`,
    });
  expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
});

test.each([
  ['nothing', ''],
  ['something else', 'x'.repeat(5_000)],
])('a backup that is %s takes the place of no good one', async (_, sent) => {
  const server = createServer((_, response) => response.end(sent)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const folder = await temporaryFolder();
  const file = join(folder, 'good.db');
  await writeFile(file, 'good');

  const port = typeof address === 'object' ? address?.port : undefined;
  const { code, stderr } = await run(['backup', '--force', file], `http://127.0.0.1:${port}`);

  expect(code).toBe(3);
  expect(stderr).toContain('is no backup: nothing is written');
  expect(await readFile(file, 'utf8')).toBe('good');
  expect(existsSync(`${file}.part`)).toBe(false);
});
