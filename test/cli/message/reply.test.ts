import { describe, expect, test } from 'vitest';
import { openShell } from '../setup.ts';

async function setup() {
  const shell = await openShell();
  await shell.run('gantry queue create requests answers');
  return shell;
}

describe('gantry reply', () => {
  test('answers by a command, with the correlation id of the request', async () => {
    const { run } = await setup();
    await run('gantry send requests hello --reply-to answers --correlation-id c1');

    expect(await run("gantry reply requests --command 'tr a-z A-Z' --max 1")).toMatchObject({ code: 0 });

    const answer = JSON.parse((await run('gantry receive answers -o json')).stdout);
    expect(answer).toMatchObject({
      body: 'HELLO',
      correlationId: 'c1',
      properties: { JMSCorrelationID: { value: 'c1' } },
    });
    expect(JSON.parse((await run('gantry queue info requests -o json')).stdout)).toMatchObject({ inFlight: 0 });
  });

  test('finds the queue and the id in the properties of who speaks SQS', async () => {
    const { run } = await setup();
    await run('gantry send requests hi --attr JMSReplyTo=queue://answers --attr JMSCorrelationID=c2');

    await run("gantry reply requests 'n={{n}} body={{body}}' --max 1");

    const answer = JSON.parse((await run('gantry receive answers -o json')).stdout);
    expect(answer).toMatchObject({ body: 'n=1 body=hi', correlationId: 'c2' });
  });

  test('--echo goes on until Ctrl-C', async () => {
    const { run, runUntil } = await setup();
    await run('gantry send requests "r{{n}}" --count 2 --reply-to answers');

    await runUntil('gantry reply requests --echo 2>&1', /answered.*answered/s);

    expect((await run('gantry receive answers --max 10 --body-only')).stdout.trim().split('\n').sort()).toEqual([
      'r1',
      'r2',
    ]);
  });

  test('a correlation id that no property may hold is given back, and a replyTo steers no terminal', async () => {
    const { run, broker } = await openShell({ GANTRY_ACCOUNT: '000000000000' });
    await run('gantry queue create requests answers');
    const messages = [
      { body: 'a', replyTo: 'answers', correlationId: 'nul\u0000' },
      { body: 'b', replyTo: '\u001b]0;pwned\u0007' },
      { body: 'c', replyTo: '..' },
    ];
    const headers = { 'content-type': 'application/json' };
    const path = `${broker.endpoint}/_gantry/queues/requests/messages`;
    expect((await fetch(path, { method: 'POST', headers, body: JSON.stringify({ messages }) })).status).toBe(200);

    const { code, stderr } = await run('gantry reply requests ok --max 3');

    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^answered .* to answers$/),
      expect.stringContaining('\\x1b]0;pwned\\x07'),
      expect.stringContaining('stays unanswered: "..": expected a name'),
      '',
    ]);
    const answer = JSON.parse((await run('gantry receive answers -o json')).stdout);
    expect(answer).toMatchObject({ body: 'ok', correlationId: 'nul\u0000', properties: {} });
  });

  test.each([
    ['that names no queue', '', 'it names no queue in replyTo'],
    ['whose queue is gone', '--reply-to nowhere', 'queue "nowhere" does not exist'],
  ])('a request %s stays in the queue', async (_, flags, text) => {
    const { run } = await setup();
    await run(`gantry send requests hello ${flags}`);

    expect(await run('gantry reply requests ok --max 1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(text),
    });
    expect(JSON.parse((await run('gantry queue info requests -o json')).stdout)).toMatchObject({ inFlight: 1 });
  });

  test('a command that fails answers nothing', async () => {
    const { run } = await setup();
    await run('gantry send requests hello --reply-to answers');

    expect(await run('gantry reply requests --command false --max 1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the command ended with 1'),
    });
  });
});
