import { describe, expect, test } from 'vitest';
import { openShell } from '../setup.ts';

async function setup() {
  const shell = await openShell();
  await shell.run('gantry queue create orders && gantry queue create invoices --fifo');
  const bodies = async (queue = 'orders') =>
    (await shell.run(`gantry queue peek ${queue} --max 100 --body-only`)).stdout;
  return { ...shell, bodies };
}

describe('gantry send', () => {
  test('takes words, a pipe, a file, and lines', async () => {
    const { run, bodies } = await setup();

    await run('gantry send orders two words');
    await run('echo piped | gantry send orders');
    await run("printf 'filed\\n' > f && gantry send orders --file f");
    const lines = await run('gantry send orders --lines', 'a\r\n\nb\nc');

    expect(lines.stderr).toBe('sent 3 messages to orders\n');
    expect(await bodies()).toBe('two words\npiped\nfiled\n\na\nb\nc\n');
  });

  test('fills in placeholders of what is sent more than once, and only then', async () => {
    const { run, bodies } = await setup();

    await run('gantry send orders "n={{n}} {{other}}" --count 3');
    await run('gantry send orders "n={{n}}"');

    expect(await bodies()).toBe('n=1 {{other}}\nn=2 {{other}}\nn=3 {{other}}\nn={{n}}\n');
  });

  test('with a rate the time that is filled in is that of its sending', async () => {
    const { run, bodies } = await setup();

    await run('gantry send orders "{{now}}" --count 3 --rate 10');

    expect(new Set((await bodies()).trim().split('\n')).size).toBe(3);
  });

  test('an empty body is refused', async () => {
    const { run } = await setup();

    for (const line of ['gantry send orders ""', "printf '' | gantry send orders"])
      expect(await run(line)).toMatchObject({ code: 2, stderr: expect.stringContaining('an empty body is not sent') });
  });

  test('ids come by -o name; a duplicate is counted', async () => {
    const { run } = await setup();

    const first = await run('gantry send invoices.fifo paid --group a --dedup-id 7 -o name');
    const second = await run('gantry send invoices.fifo paid --group a --dedup-id 7');

    expect(first.stdout).toMatch(/^[0-9a-f-]{36}\n$/);
    expect(second.stderr).toBe(`sent to invoices.fifo: ${first.stdout.trim()}, 1 of them known already\n`);
  });

  test('one that is refused spoils no other, and the code says so', async () => {
    const { run, bodies } = await setup();
    await run('gantry queue set orders --max-message-size 1KiB');

    const { code, stderr } = await run(`gantry send orders --lines`, `a\n${'x'.repeat(2_000)}\nb\n`);

    expect(code).toBe(1);
    expect(stderr).toContain('a message of 2000 bytes is over the limit of 1024');
    expect(stderr).toContain('sent 2 messages to orders, 1 refused');
    expect(await bodies()).toBe('a\nb\n');
  });

  test('a rate is kept', async () => {
    const { run } = await setup();

    const startedAt = performance.now();
    await run('gantry send orders x --count 20 --rate 20');

    expect(performance.now() - startedAt).toBeGreaterThan(900);
  });

  test('lines are sent as they come, not when there are many', async () => {
    const { runUntil } = await setup();

    const { stdout } = await runUntil(
      '(echo first; sleep 30) | gantry send orders --lines -o name & gantry receive orders --wait 20s --body-only',
      /first/,
    );

    expect(stdout).toContain('first\n');
  });
});
