import { describe, expect, test } from 'vitest';
import { openShell } from '../setup.ts';

describe('gantry topic', () => {
  test('create makes a topic as its flags say, set changes it and says what was before', async () => {
    const { run } = await openShell();

    const made = await run('gantry topic create alerts --display-name Alerts --tag team=shop --tag old=1 -o json');
    const changed = await run('gantry topic set alerts --display-name none --signature-version 2 --untag old');

    expect(JSON.parse(made.stdout)).toMatchObject({
      name: 'alerts',
      settings: { displayName: 'Alerts', tags: { team: 'shop', old: '1' } },
    });
    expect(changed.stderr).toBe(
      'displayName: Alerts -> default\nsignatureVersion: default -> 2\ntags: {"team":"shop","old":"1"} -> {"team":"shop"}\n',
    );
    expect(await run('gantry topic create alerts')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('exists already with another signatureVersion'),
    });
    expect(await run('gantry topic create alerts --signature-version 2')).toMatchObject({ code: 0 });
    expect(await run('gantry topic create alerts --signature-version 2 --tag team=till')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('exists already with other tags'),
    });
    expect((await run('gantry topic create paid --fifo --archive 30d -o name')).stdout).toBe('paid.fifo\n');
    expect((await run('gantry topic ls -o name')).stdout).toBe('alerts\npaid.fifo\n');
  });

  test('what is published reaches the queues that are subscribed, as each wants it', async () => {
    const { run } = await openShell();
    await run('gantry queue create orders returns && gantry topic create alerts');
    await run(`gantry topic sub add alerts orders --raw`);
    await run('gantry topic sub add alerts returns');

    const published = await run('gantry topic publish alerts hello world --subject Hi --attr level:Number=3');

    expect(published).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^published to alerts: [0-9a-f-]{36}\n$/),
    });
    expect((await run('gantry queue peek orders --body-only')).stdout).toBe('hello world\n');
    expect(JSON.parse((await run('gantry queue peek returns --body-only')).stdout)).toMatchObject({
      ...{ Type: 'Notification', Subject: 'Hi', Message: 'hello world' },
      MessageAttributes: { level: { Type: 'Number', Value: '3' } },
    });
    expect((await run('gantry topic info alerts')).stdout).toMatch(/^total delivered +2$/m);
    expect((await run("printf 'a\\nb\\n' | gantry topic publish alerts --lines")).stderr).toBe(
      'published 2 messages to alerts\n',
    );
  });

  test('sub lists, changes and ends subscriptions by their endpoints', async () => {
    const { run } = await openShell();
    await run('gantry queue create orders dead && gantry topic create alerts');

    expect((await run('gantry topic sub add alerts orders')).stderr).toBe('orders is subscribed to alerts\n');
    expect((await run('gantry topic sub add alerts http://127.0.0.1:9/hook')).stderr).toBe(
      'http://127.0.0.1:9/hook was asked to confirm that it is subscribed to alerts\n',
    );
    await run('gantry topic sub add alerts ann@example.org --json');
    await run('gantry topic sub add alerts +4915112345678');
    expect((await run('gantry topic sub set alerts orders --raw true --dead-letter dead')).stderr).toBe(
      'raw: default -> true\ndeadLetter: default -> dead\n',
    );
    expect((await run('gantry topic sub set alerts http://127.0.0.1:9/hook --confirm')).stderr).toBe(
      'state: pending -> confirmed\n',
    );
    const listed = await run('gantry topic sub ls alerts -o json');
    const settings = (JSON.parse(listed.stdout) as readonly { settings: object }[]).map((one) => one.settings);
    expect(settings).toHaveLength(4);
    expect(settings).toEqual(
      expect.arrayContaining([
        { queue: 'orders', raw: true, deadLetter: 'dead' },
        { url: 'http://127.0.0.1:9/hook' },
        { emailJson: 'ann@example.org' },
        { phone: '+4915112345678' },
      ]),
    );
    expect((await run('gantry topic sub rm alerts orders +4915112345678 --force')).stderr).toBe(
      'ended alerts -> orders\nended alerts -> +4915112345678\n',
    );
    expect(await run('gantry topic sub rm alerts orders --force')).toMatchObject({ code: 4 });
    expect((await run('gantry topic rm alerts --force')).stderr).toBe('dropped alerts\n');
  });

  test.each([
    ['gantry topic info alert', 4, 'did you mean "alerts"?'],
    ['gantry topic rm alerts', 2, 'say --force'],
    ['gantry topic set alerts', 2, 'name what to change'],
    ['gantry topic set alerts --archive 30d', 2, 'archive is for FIFO topics'],
    ['gantry topic create a --policy "{"', 2, '--policy: '],
    ['gantry topic sub add alerts ordrs', 4, 'queue "ordrs" does not exist'],
    ['gantry topic sub add alerts a@b --filter "{\\"a\\":1}"', 2, 'filter: FilterPolicy: '],
    ['gantry topic sub set alerts nobody --raw', 4, 'topic "alerts" has no subscription "nobody"'],
    ['gantry topic sub', 2, 'Usage: gantry topic sub'],
    ['gantry topic publish alerts ""', 2, 'empty body'],
    ["printf '\\377' | gantry topic publish alerts", 2, 'a topic takes text'],
    ['gantry wait --topic none --timeout 300ms', 4, 'topic "none" does not exist'],
  ])('%s ends with %i and the way out', async (line, code, text) => {
    const { run } = await openShell();
    await run('gantry topic create alerts');

    expect(await run(line)).toMatchObject({ code, stderr: expect.stringContaining(text) });
  });

  test('who is asked by mail confirms by the link that lies in the outbox', async () => {
    const { run } = await openShell();
    await run('gantry topic create alerts && gantry topic sub add alerts ann@example.org');

    const link = `gantry topic outbox --to ann@example.org --body-only | grep -o 'http[^ ]*Action=ConfirmSubscription[^ ]*'`;
    const asked = await run(`until ${link}; do sleep 0.1; done`);
    const confirmed = await run(`curl -sf '${asked.stdout.trim()}'`);

    expect(confirmed).toMatchObject({ code: 0, stdout: expect.stringContaining('<SubscriptionArn>') });
    expect((await run('gantry topic sub ls alerts')).stdout).toContain('confirmed');
    await run('gantry topic publish alerts "the oven is hot" --subject Oven');
    const mail = `gantry topic outbox --kind mail -o json | grep -q 'the oven is hot'`;
    expect(await run(`until ${mail}; do sleep 0.1; done`)).toMatchObject({ code: 0 });
    expect((await run('gantry topic outbox --clear')).stderr).toContain('say --force');
    expect((await run('gantry topic outbox --clear --force')).stderr).toBe('forgotten\n');
    expect((await run('gantry topic outbox -o name')).stdout).toBe('');
  });

  test('whoever would throw an archive away is told how much is in it, and has to say --force', async () => {
    const { run } = await openShell();
    await run('gantry topic create paid --fifo --archive 30d && gantry topic create paid.fifo --archive 30d');
    await run('gantry topic publish paid.fifo one --dedup-id 1 && gantry topic publish paid.fifo two --dedup-id 2');
    await run(`echo '{"topics":[{"name":"paid.fifo","archive":null}]}' > none.json`);

    expect((await run('gantry topic info paid.fifo')).stdout).toMatch(/^in the archive +2$/m);
    for (const [line, text] of [
      ['gantry topic set paid.fifo --archive none', 'drop 2 archived messages of paid.fifo: say --force'],
      [
        'gantry topic set paid.fifo --archive 7d',
        'drop what is older than 7d of 2 archived messages of paid.fifo: say',
      ],
      ['gantry topic rm paid.fifo', 'drop paid.fifo with all subscriptions and 2 archived messages: say --force'],
      ['gantry import none.json', '/paid.fifo: say --force'],
    ] as const)
      expect(await run(line)).toMatchObject({ code: 2, stderr: expect.stringContaining(text) });
    expect(await run('gantry topic set paid.fifo --archive 60d')).toMatchObject({ code: 0 });
    expect((await run('gantry topic info paid.fifo')).stdout).toMatch(/^in the archive +2$/m);
    expect(await run('gantry topic set paid.fifo --archive none --force')).toMatchObject({ code: 0 });
    expect(await run('gantry topic rm paid.fifo --force')).toMatchObject({ code: 0 });
  });

  test('export, import and diff know topics', async () => {
    const { run } = await openShell();
    await run('gantry queue create orders && gantry topic create alerts --display-name Alerts');
    await run(`gantry topic sub add alerts orders --filter '{"level":[{"numeric":[">",2]}]}'`);

    await run('gantry export all.yaml');
    expect((await run('gantry diff all.yaml')).stdout).toBe('no changes\n');
    await run('gantry topic rm alerts --force');

    expect((await run('gantry import all.yaml')).stdout).toMatch(
      /^\+ topic \S*alerts \(displayName Alerts\)\n\+ subscription \S*alerts -> orders \(filter \{"level":\[\{"numeric":\[">",2\]\}\]\}\)\n$/,
    );
    expect((await run('gantry diff all.yaml')).stdout).toBe('no changes\n');
  });
});
