import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { launch, startProcess, temporaryFolder } from '../../support/launch.ts';

async function setup() {
  const broker = await launch({ args: ['--durability', 'normal'] });
  onTestFinished(async () => void (await broker.stop()));
  const cwd = await temporaryFolder();
  return {
    cwd,
    endpoint: broker.endpoint,
    file: (name: string, text: string) => writeFile(join(cwd, name), text),
    gantry: async (...args: readonly string[]) => {
      const started = startProcess(args, { cwd, env: { GANTRY_ENDPOINT: broker.endpoint } });
      const { code } = await started.exited;
      return { code, ...started.output() };
    },
  };
}

const plain = 'queues:\n- name: orders\n  visibilityTimeout: 1m\n  tags: {n: 007}\n';

describe('gantry export, import and diff', () => {
  test('what is exported is imported into an empty broker, and then there is nothing to do', async () => {
    const one = await setup();
    const other = await setup();
    await one.file('d.yaml', plain);

    expect(await one.gantry('import', 'd.yaml')).toEqual({
      code: 0,
      stdout: '+ queue orders (visibilityTimeout 1m, tags.n 007)\n',
      stderr: '1 change made\n',
    });
    expect(await one.gantry('import', 'd.yaml')).toEqual({ code: 0, stdout: 'no changes\n', stderr: '' });
    const path = join(other.cwd, 'all.yaml');
    expect(await one.gantry('export', path)).toEqual({ code: 0, stdout: '', stderr: `${path}: 1 definitions\n` });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toBe(
      '# yaml-language-server: $schema=definitions.schema.json\nqueues:\n  - name: orders\n    visibilityTimeout: 1m\n    tags:\n      n: "007"\ntopics: []\n',
    );
    expect(await other.gantry('import', 'all.yaml')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\+ /) });
    expect(await other.gantry('import', 'all.yaml')).toEqual({ code: 0, stdout: 'no changes\n', stderr: '' });
    expect(await other.gantry('diff', 'all.yaml')).toEqual({ code: 0, stdout: 'no changes\n', stderr: '' });
  });

  test('JSON goes the same way, through a pipe too', async () => {
    const { gantry, file, endpoint } = await setup();
    await file('d.yaml', plain);
    await gantry('import', 'd.yaml');

    const { stdout } = await gantry('export', '-o', 'json');

    expect(JSON.parse(stdout)).toEqual({
      queues: [{ name: 'orders', visibilityTimeout: '1m', tags: { n: '007' } }],
      topics: [],
    });
    const { code, text } = await piped(['import', '--endpoint', endpoint, '-'], stdout);
    expect({ code, text }).toEqual({ code: 0, text: 'no changes\n' });
  });

  test('diff says by its code that something differs, and dry runs change nothing', async () => {
    const { gantry, file } = await setup();
    await file('d.yaml', plain);
    await file('empty.yaml', 'queues: []\n');
    await gantry('import', 'd.yaml');

    expect(await gantry('import', '--dry-run', '--prune', 'empty.yaml')).toEqual({
      code: 0,
      stdout: '- queue orders\n',
      stderr: '1 change to be made\n',
    });
    expect(await gantry('diff', 'empty.yaml')).toEqual({ code: 1, stdout: '- queue orders\n', stderr: '' });
    expect(await gantry('diff', 'empty.yaml', '-o', 'json')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('"do": "drop"'),
    });
  });

  test('prune is asked about, says how many messages go, and is done by force', async () => {
    const { gantry, file, endpoint } = await setup();
    await file('d.yaml', plain);
    await file('empty.yaml', 'queues: []\n');
    await gantry('import', 'd.yaml');
    await fetch(endpoint, {
      method: 'POST',
      headers: { 'X-Amz-Target': 'AmazonSQS.SendMessage' },
      body: JSON.stringify({ QueueUrl: 'orders', MessageBody: 'x' }),
    });

    expect(await gantry('import', '--prune', 'empty.yaml')).toEqual({
      code: 2,
      stdout: '- queue orders (with 1 messages)\n',
      stderr: 'gantry: drop orders with all its messages: say --force where nobody can be asked\n',
    });
    expect(await gantry('import', '--prune', '--force', 'empty.yaml')).toEqual({
      code: 0,
      stdout: '- queue orders (with 1 messages)\n',
      stderr: '1 change made\n',
    });
  });

  test('mistakes have their place, those that only the broker sees as well', async () => {
    const { gantry, file } = await setup();
    await file('d.yaml', 'queues:\n- name: orders\n  dely: 1s\n');
    await file('e.yaml', 'queues:\n- name: orders\n  deadLetter: {queue: dead, after: 3}\n');

    expect(await gantry('import', 'd.yaml')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'gantry: d.yaml:3:3: unknown key "dely"; did you mean "delay"?\n',
    });
    expect(await gantry('diff', 'e.yaml')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'gantry: e.yaml:3:16: queue "orders": its dead-letter queue "dead" does not exist\n',
    });
    expect(await gantry('import', 'nowhere.yaml')).toMatchObject({ code: 2 });
  });
});

async function piped(args: readonly string[], input: string): Promise<{ code: number | null; text: string }> {
  const program = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  child.stdin.end(input);
  await once(child, 'close');
  return { code: child.exitCode, text };
}
