import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { launch, temporaryFolder } from '../../support/launch.ts';
import { openShell, program, shellOn } from '../setup.ts';

async function setup() {
  const shell = await openShell();
  await shell.run('gantry queue create busy idle');
  return shell;
}

test('top counts what happened between two looks', async () => {
  const { run } = await setup();

  const { stdout } = await run(
    'gantry queue top -n 1 --interval 4s -o json & gantry send busy x --count 40 && gantry receive busy --max 10; wait',
  );
  const rows = JSON.parse(/^\[\{.*\}\]$/m.exec(stdout)?.[0] ?? '[]');

  expect(rows).toMatchObject([
    { name: 'busy', sends: expect.any(Number), waiting: 30 },
    { name: 'idle', sends: 0, waiting: 0 },
  ]);
});

test('when it is no terminal it prints a block of lines each time, without a sign that steers one', async () => {
  const { run } = await setup();

  const { code, stdout } = await run('gantry queue top -n 2 --interval 100ms --sort name');

  expect(code).toBe(0);
  expect(stdout.match(/^QUEUE +SEND\/S/gm)).toHaveLength(2);
  expect(stdout.match(/^busy /gm)).toHaveLength(2);
  expect(stdout).not.toContain('\u001b');
});

test('a broker that restarts is waited for', async () => {
  const dataDir = await temporaryFolder();
  const first = await launch({ dataDir });
  const { port } = new URL(first.endpoint);
  const shell = await shellOn(first);
  await shell.run('gantry queue create busy');

  const showing = shell.runUntil('gantry queue top --interval 100ms -o name 2> said | tee shown', /later/);
  await shell.run('until grep -q busy shown; do sleep 0.1; done');
  await first.kill9();
  await shell.run('until grep -q waiting said; do sleep 0.1; done');
  const second = await launch({ dataDir, args: ['--http-port', port] });
  onTestFinished(async () => void (await second.stop()));
  await shell.run('gantry queue create later');

  expect((await showing).stdout).toMatch(/^busy\n(busy\n)*later$/m);
});

const hasTerminals = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

test.skipIf(!hasTerminals)('on a terminal Ctrl-C gives the screen back (needs script of util-linux)', async () => {
  const { broker, run } = await setup();
  const line = `stty cols 60 rows 10; '${process.execPath}' '${program}' queue top --interval 100ms --endpoint ${broker.endpoint}`;
  await run('GANTRY_ACCOUNT=000000000000 gantry queue create busy');

  const child = spawn('script', ['-qec', line, '/dev/null'], { env: { ...process.env, TERM: 'xterm' } });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const isFirst = !shown.includes('busy');
    shown += text;
    if (isFirst && shown.includes('busy')) child.stdin.write('\u0003');
  });
  await once(child, 'close');

  expect(shown).toContain('\u001b[?1049h');
  expect(shown.trimEnd().endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
  // The terminal's own ^C comes behind what was drawn.
  expect(
    shown
      .replace('^C', '')
      .split(/\r?\n/)
      .every((each) => printed(each).length < 60),
  ).toBe(true);
});

/** Without what steers a terminal. */
function printed(line: string): string {
  return line
    .split('\u001b')
    .map((part, at) => (at === 0 ? part : part.replace(/^\[[\d;?]*[A-Za-z]/, '')))
    .join('');
}
