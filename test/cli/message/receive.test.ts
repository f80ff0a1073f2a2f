import { describe, expect, onTestFinished, test } from 'vitest';
import { launch, temporaryFolder } from '../../support/launch.ts';
import { openShell, shellOn } from '../setup.ts';

async function setup() {
  const shell = await openShell();
  await shell.run('gantry queue create orders');
  const info = async () => JSON.parse((await shell.run('gantry queue info orders -o json')).stdout);
  return { ...shell, info };
}

describe('gantry receive', () => {
  test('prints and acknowledges', async () => {
    const { run, info } = await setup();
    await run('gantry send orders hello --attr a=b');

    const { stdout } = await run('gantry receive orders');

    expect(stdout).toMatch(/^\[\d+\] [0-9a-f-]{36} .*\na \(string\): b\n\nhello\n\n$/);
    expect(await info()).toMatchObject({ waiting: 0, inFlight: 0, totals: { acked: 1 } });
  });

  test('--keep leaves it in the queue', async () => {
    const { run, info } = await setup();
    await run('gantry send orders hello');

    await run('gantry receive orders --keep');

    expect(await info()).toMatchObject({ inFlight: 1, totals: { acked: 0 } });
  });

  test('-o json is an object a line; nothing there is code 0 and a word', async () => {
    const { run } = await setup();
    await run('gantry send orders "m{{n}}" --count 25');

    const { stdout } = await run('gantry receive orders --max 30 -o json');
    const bodies = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).body);

    expect(bodies.sort()).toEqual(Array.from({ length: 25 }, (_, n) => `m${n + 1}`).sort());
    expect(await run('gantry receive orders')).toEqual({ code: 0, stdout: '', stderr: 'no message in orders\n' });
  });

  test('--follow waits for a broker that restarts', async () => {
    const dataDir = await temporaryFolder();
    const first = await launch({ dataDir });
    const { port } = new URL(first.endpoint);
    const shell = await shellOn(first);
    await shell.run('gantry queue create orders && gantry send orders first');

    const following = shell.runUntil('gantry receive orders --follow --body-only', /second/);
    await shell.run('gantry wait --queue orders --empty');
    await first.kill9();
    const second = await launch({ dataDir, args: ['--http-port', port] });
    onTestFinished(async () => void (await second.stop()));
    await shell.run('gantry send orders second');

    const { stdout, stderr } = await following;
    expect(stdout).toBe('first\nsecond\n');
    expect(stderr).toContain('has gone away; waiting for it\n');
  });

  test('--follow goes on with what comes later', async () => {
    const { run, runUntil } = await setup();
    await run('gantry send orders first');

    const { stdout } = await runUntil(
      'gantry receive orders --follow --body-only & gantry wait --queue orders --empty && gantry send orders second; wait',
      /second/,
    );

    expect(stdout).toBe('first\nsecond\n');
  });
});
