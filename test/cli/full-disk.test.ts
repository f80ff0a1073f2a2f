import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openShell } from './setup.ts';

const complaint = /^gantry: standard output cannot be written: ENOSPC[^\n]*\n$/;

describe.skipIf(!existsSync('/dev/full'))('on a disk that is full (here: where the system has one to try)', () => {
  test.each([
    'gantry queue ls',
    'gantry queue ls -o json',
    'gantry export',
    'gantry health',
    'gantry version',
    'gantry --help',
    'gantry check-config',
    'gantry completion bash',
    'gantry queue peek orders',
  ])('%s says so in a line, code 1', async (line) => {
    const { run } = await openShell();
    await run('gantry queue create orders && gantry send orders hello');

    expect(await run(`${line} >/dev/full`)).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(complaint) });
  });

  test('a message that could not be printed stays in its queue', async () => {
    const { run } = await openShell();
    await run('gantry queue create orders && gantry send orders hello');

    for (const format of ['table', 'json', 'name'])
      expect(await run(`gantry receive orders --visibility-timeout 0s -o ${format} >/dev/full`)).toEqual({
        ...{ code: 1, stdout: '', stderr: expect.stringMatching(complaint) },
      });
    expect((await run('gantry receive orders --body-only')).stdout).toBe('hello\n');
  });

  test('a reader that has enough is no reason to complain', async () => {
    const { run } = await openShell();
    const { code, stderr } = await run('gantry completion bash | true; echo $PIPESTATUS >&2');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '0\n' });
  });

  test('a broker serves on where its ready line cannot be written', async () => {
    const { run } = await openShell();
    const { stdout } = await run(
      'gantry serve --host 127.0.0.1 --http-port 0 --data-dir :memory: 2>log >/dev/full & until grep -q started log; do sleep 0.05; done; kill -0 $! && echo lives; kill $!; wait $!',
    );

    expect(stdout).toBe('lives\n');
  });
});
