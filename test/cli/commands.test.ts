import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type OptionKey, optionName, options, variableName } from '../../src/server/options.ts';
import { type LaunchOptions, launch, startProcess, temporaryFolder } from '../support/launch.ts';

async function run(args: readonly string[], options: LaunchOptions = {}) {
  const started = startProcess(args, options);
  const { code } = await started.exited;
  return { code, ...started.output() };
}

describe('gantry', () => {
  test('--help shows the commands', async () => {
    const { code, stdout } = await run(['--help']);

    expect(code).toBe(0);
    for (const command of ['serve', 'health', 'check-config', 'version']) expect(stdout).toContain(`  ${command} `);
  });

  test('serve --help shows every option and its variable', async () => {
    const { code, stdout } = await run(['serve', '--help']);

    expect(code).toBe(0);
    for (const key of Object.keys(options)) {
      expect(stdout).toContain(`--${optionName(key)} `);
      expect(stdout).toContain(variableName(key));
    }
  });

  test('without a command it shows help, with code 2', async () => {
    expect(await run([])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Usage: gantry') });
  });

  test('an unknown command is refused with the one that was meant', async () => {
    expect(await run(['sreve'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'gantry: unknown command \'sreve\'; did you mean "serve"?\n',
    });
  });

  test('an option of other commands is not proposed for itself', async () => {
    expect(await run(['completion', 'queues', '--endpoint', 'http://127.0.0.1:1'])).toEqual({
      ...{ code: 2, stdout: '' },
      stderr: "gantry: unknown option '--endpoint' of this command: others have it\n",
    });
  });

  test('help shows a command of two words, and refuses what there is not', async () => {
    const { code, stdout } = await run(['help', 'queue', 'peek']);

    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: gantry queue peek /) });
    expect(await run(['help', 'queue', 'pek'])).toEqual({
      ...{ code: 2, stdout: '' },
      stderr: 'gantry: unknown command "queue pek"; did you mean "queue peek"?\n',
    });
  });

  test('an option of another command is not offered again', async () => {
    expect((await run(['queue', 'ls', '--http-port', '4570'])).stderr).toBe(
      "gantry: unknown option '--http-port'; say --endpoint http://127.0.0.1:4570\n",
    );
    expect((await run(['queue', 'ls', '--rate', '4'])).stderr).toBe(
      "gantry: unknown option '--rate' of this command: others have it\n",
    );
  });

  test('version names the version', async () => {
    expect(await run(['version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^gantry \d+\.\d+\.\d+ /) });
  });
});

describe('gantry check-config', () => {
  test('shows each option with its value and where it comes from', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'gantry.yaml'), 'data-dir: /srv/messages\n');
    const { code, stdout } = await run(['check-config', '--host', '::1'], { cwd, env: { GANTRY_HTTP_PORT: '1,2' } });

    expect(code).toBe(0);
    expect(stdout).toMatch(/^config +gantry\.yaml +default$/m);
    expect(stdout).toMatch(/^host +::1 +flag$/m);
    expect(stdout).toMatch(/^http-port +1,2 +environment$/m);
    expect(stdout).toMatch(/^data-dir +\/srv\/messages +gantry\.yaml$/m);
    expect(stdout).toMatch(/^durability +full +default$/m);
    expect(stdout).toMatch(/^sqs-recreate-interval-ms +0 +default$/m);
    expect(stdout.trim().split('\n')).toHaveLength(Object.keys(options satisfies Record<OptionKey, unknown>).length);
  });

  test('remarks what has no effect yet, as serve does', async () => {
    const { code, stderr } = await run(['check-config', '--amqp-port', '5672']);

    expect(code).toBe(0);
    expect(stderr).toBe('gantry: --amqp-port is without effect: its protocol is not built yet\n');
  });

  test('shows no password of a URL, right or wrong', async () => {
    const right = await run(['check-config', '--smtp-url', 'smtp://user:secret@mail.example']);
    const wrong = await run(['check-config', '--smtp-url', 'http://user:secret@mail.example']);

    expect(right.stdout).toMatch(/^smtp-url +smtp:\/\/\*\*\*@mail\.example +flag$/m);
    expect(wrong.stderr).toContain('--smtp-url "http://***@mail.example": expected a URL such as smtp://');
    expect(right.stdout + wrong.stderr).not.toContain('secret');
  });

  test('a port that stands twice is a mistake', async () => {
    const { code, stderr } = await run(['check-config', '--http-port', '4570,4571,4570']);

    expect(code).toBe(2);
    expect(stderr).toBe(
      'gantry: --http-port "4570,4571,4570": expected a port from 0 (any free one) to 65535, or off; none twice\n',
    );
  });

  test('refuses what serve would refuse', async () => {
    expect(await run(['check-config'], { env: { GANTRY_DURABILITY: 'none' } })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'gantry: GANTRY_DURABILITY "none": expected full or normal\n',
    });
  });
});

describe('gantry health', () => {
  test('prints what the running broker says, with code 0', async () => {
    const broker = await launch();
    onTestFinished(async () => void (await broker.stop()));
    const port = new URL(broker.endpoint).port;

    const byOption = await run(['health', '--http-port', port]);
    const byEndpoint = await run(['health', '--endpoint', broker.endpoint]);
    const byVariable = await run(['health'], { env: { GANTRY_ENDPOINT: broker.endpoint } });

    expect(byOption).toMatchObject({ code: 0, stdout: expect.stringContaining('"status":"ok"'), stderr: '' });
    expect(byEndpoint).toEqual(byOption);
    expect(byVariable).toEqual(byOption);
  });

  test('says that nobody answers, with code 3', async () => {
    const { code, stderr } = await run(['health', '--endpoint', 'http://127.0.0.1:1']);

    expect(code).toBe(3);
    expect(stderr).toMatch(/^gantry: no broker answers at http:\/\/127\.0\.0\.1:1: .*\n$/);
  });

  test.each([
    [['--endpoint', 'nowhere'], '--endpoint "nowhere"'],
    [['--http-port', '0'], '--http-port names no port'],
  ])('%o is a mistake of usage', async (args, said) => {
    const { code, stderr } = await run(['health', ...args]);

    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });
});
