import { describe, expect, test } from 'vitest';
import { openShell } from '../setup.ts';

describe('gantry queue', () => {
  test('create makes a queue as its flags say, and again is no mistake', async () => {
    const { run } = await openShell();
    const line = 'gantry queue create orders --visibility-timeout 60s --tag team=shop --max-message-size 64KiB -o json';

    const first = await run(line);
    const second = await run(line);

    expect(JSON.parse(first.stdout)).toMatchObject({
      name: 'orders',
      settings: { visibilityTimeout: '1m', maximumMessageSize: '64KiB', tags: { team: 'shop' } },
    });
    expect(second).toEqual({ ...first, stdout: expect.stringContaining('"orders"') });
    expect(await run('gantry queue create orders --delay 5s')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('exists already with another'),
    });
  });

  test('set changes what is named, keeps the other tags, and says what was before', async () => {
    const { run } = await openShell();
    await run('gantry queue create orders-dlq && gantry queue create orders --tag team=shop --tag old=1');

    const { code, stderr } = await run(
      'gantry queue set orders --retention 14d --dead-letter orders-dlq:3 --tag stage=live --untag old',
    );

    expect(code).toBe(0);
    expect(stderr).toContain('retention: default -> 14d\n');
    expect(stderr).toContain('tags: {"team":"shop","old":"1"} -> {"team":"shop","stage":"live"}\n');
    expect((await run('gantry queue set orders --dead-letter none')).stderr).toBe(
      'deadLetter: {"queue":"orders-dlq","after":3} -> default\n',
    );
  });

  test.each([
    ['gantry queue set orders', 2, 'name what to change'],
    ['gantry queue set orders --retention 15d', 2, 'retention: expected a duration from 1m to 14d'],
    ['gantry queue set orders --dead-letter nothing', 2, 'expected queue:receives'],
    ['gantry queue set orders --policy "{"', 2, '--policy: '],
    ['gantry queue info order', 4, 'did you mean "orders"?'],
    ['gantry queue purge orders', 2, 'say --force'],
    ['gantry queue rm orders', 2, 'say --force'],
    ['gantry queue peek orders --filter x', 2, 'expected key=value'],
    ['gantry queue peek orders --decode rot13', 2, 'expected auto, text, json, base64, hex'],
    ['gantry queue ls --endpoint http://127.0.0.1:1', 3, 'no broker answers at http://127.0.0.1:1'],
    ['gantry queue move orders orders', 2, 'cannot be moved to itself'],
    ['gantry send orders --attr x:y:z=1 body', 2, 'expected name or name:Type'],
    ['gantry wait --empty', 2, 'name it with --queue'],
  ])('%s ends with %i and the way out', async (line, code, text) => {
    const { run } = await openShell();
    await run('gantry queue create orders');

    expect(await run(line)).toMatchObject({ code, stderr: expect.stringContaining(text) });
  });

  test('peek shows JSON with its lines and bytes as hexadecimal digits, and takes nothing', async () => {
    const { run } = await openShell();
    await run('gantry queue create orders');
    await run(`gantry send orders '{"id":7}' --attr customer:Number=42`);
    await run("printf '\\377\\001\\033[31m' | gantry send orders");
    await run('gantry send orders', 'a\u001b[31m');

    const shown = await run('gantry queue peek orders');
    const found = await run('gantry queue peek orders --filter customer=42 --body-only');

    expect(shown.stdout).toContain('customer (number): 42\n\n{\n  "id": 7\n}\n');
    expect(shown.stdout).toContain('ff 01 1b 5b 33 31 6d');
    expect(shown.stdout).toContain('\na\\x1b[31m\n');
    expect(found.stdout).toBe('{"id":7}\n');
    expect(JSON.parse((await run('gantry queue info orders -o json')).stdout)).toMatchObject({
      waiting: 3,
      totals: { delivered: 0 },
    });
  });

  test('redrive previews, and brings messages back to where they came from', async () => {
    const { run } = await openShell();
    await run('gantry queue create dlq && gantry queue create orders --visibility-timeout 0s --dead-letter dlq:1');
    await run('gantry send orders bad --count 3');
    await run('gantry receive orders --max 3 --keep; gantry receive orders --max 3 --keep');

    const preview = await run('gantry queue redrive dlq --dry-run -o json');
    const done = await run('gantry queue redrive dlq --wait');
    const counts = await run('gantry queue info orders -o json');

    expect(JSON.parse(preview.stdout)).toMatchObject({ waiting: 3, targets: [{ queue: 'orders', messages: 3 }] });
    expect(done).toMatchObject({ code: 0, stderr: 'moved 3 messages of dlq, completed\n' });
    expect(JSON.parse(counts.stdout)).toMatchObject({ waiting: 3 });
    expect((await run('gantry queue moves dlq')).stdout).toMatch(/\(origin\) +completed +3 +3 /);
  });

  test('redrive of what came from nowhere says so, with code 1', async () => {
    const { run } = await openShell();
    await run('gantry queue create dlq && gantry queue create orders --dead-letter dlq:1 && gantry send dlq lost');

    const failed = await run('gantry queue redrive dlq --wait');

    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('name one with --to') });
    expect(await run('gantry queue redrive dlq --to orders --wait')).toMatchObject({ code: 0 });
  });

  test('redrive of a queue that is no dead-letter queue is refused with the way', async () => {
    const { run } = await openShell();
    await run('gantry queue create orders && gantry send orders lost');

    for (const line of ['gantry queue redrive orders', 'gantry queue redrive orders --filter body=lost'])
      expect(await run(line)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('gantry queue move orders <to>'),
      });
  });

  test('redrive and move by a filter take those alone, one included', async () => {
    const { run } = await openShell();
    await run('gantry queue create dlq && gantry queue create orders --visibility-timeout 0s --dead-letter dlq:1');
    await run('gantry send orders "m{{n}}" --count 5 --attr kind=order && gantry send orders other');
    await run('gantry receive orders --max 6 --keep; gantry receive orders --max 6 --keep');
    const [id] = (await run('gantry queue peek dlq --filter body=m3 -o name')).stdout.split('\n');

    const preview = await run('gantry queue redrive dlq --filter kind=order --dry-run');
    const one = await run(`gantry queue redrive dlq --filter id=${id}`);
    const rest = await run('gantry queue redrive dlq --filter kind=order --filter body!=m5 -o json');

    expect(preview.stderr).toContain('5 of 6 messages of dlq would be moved:');
    expect(one).toMatchObject({ code: 0, stderr: 'moved 1 message of dlq\n' });
    expect(JSON.parse(rest.stdout)).toEqual({ moved: 3, withoutOrigin: 0, originGone: 0 });
    expect((await run('gantry queue peek orders --body-only')).stdout).toBe('m3\nm1\nm2\nm4\n');
    expect((await run('gantry queue peek dlq --body-only')).stdout).toBe('m5\nother\n');
  });
});
