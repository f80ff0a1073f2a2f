import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/launch.ts';
import { openShell } from './setup.ts';

describe('gantry wait', () => {
  test('ends when the queue is made, and when it has its messages', async () => {
    const { run } = await openShell();

    expect(await run('gantry wait --queue orders & gantry queue create orders; wait $!')).toMatchObject({ code: 0 });
    expect(
      await run('gantry wait --queue orders --messages 2 & gantry send orders x --count 2; wait $!'),
    ).toMatchObject({
      code: 0,
    });
    expect(await run('gantry wait --queue orders --empty & gantry receive orders --max 2; wait $!')).toMatchObject({
      code: 0,
    });
  });

  test('says what it failed at, by its code as well', async () => {
    const { run } = await openShell();
    await run('gantry queue create orders');

    expect(await run('gantry wait --queue nothing --timeout 300ms')).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/^gantry: not within 0\.3 s: queue "nothing" does not exist/),
    });
    expect(await run('gantry wait --queue orders --messages 1 --timeout 300ms')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has 0 of 1 messages'),
    });
    expect(await run('gantry wait --endpoint http://127.0.0.1:1 --timeout 300ms')).toMatchObject({ code: 3 });
  });
});

describe('gantry env', () => {
  test.each([
    ['sh', /^export AWS_ENDPOINT_URL='http:.*'$/m],
    ['fish', /^set -gx AWS_ENDPOINT_URL 'http:.*'$/m],
    ['powershell', /^\$env:AWS_ENDPOINT_URL = 'http:.*'$/m],
  ])('speaks %s', async (shell, line) => {
    const { run } = await openShell();

    expect(await run(`gantry env --shell ${shell}`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(line),
    });
  });

  test('is read by a shell', async () => {
    const { run, broker } = await openShell();

    const { stdout } = await run(
      'eval "$(gantry env --region eu-west-1)"; echo $AWS_ENDPOINT_URL_SQS $AWS_ENDPOINT_URL_SNS $AWS_REGION',
    );

    expect(stdout).toBe(`${broker.endpoint} ${broker.endpoint} eu-west-1\n`);
  });

  test('names the broker to gantry itself, and says of an aws CLI 1 that it does not listen', async () => {
    const { run, broker } = await openShell();
    const aws = `printf '#!/bin/sh\\necho aws-cli/1.45.11 Python/3' > aws; chmod +x aws; PATH=.:$PATH`;

    const { stdout, stderr } = await run(`${aws}; gantry env`);

    expect(stdout).toContain(`export GANTRY_ENDPOINT='${broker.endpoint}'\n`);
    expect(stderr).toMatch(/^# aws CLI 1\.45\.11 is version 1: .*gantry aws.*\n$/);
    expect(stderr).toContain(`aws --endpoint-url ${broker.endpoint}`);
  });

  test('says when nobody answers yet', async () => {
    const { run } = await openShell();

    const { code, stdout, stderr } = await run('gantry env --endpoint http://127.0.0.1:1');

    expect([code, stdout.includes('AWS_ACCESS_KEY_ID')]).toEqual([0, true]);
    expect(stderr).toContain('`gantry serve` starts it');
  });
});

describe('gantry aws', () => {
  async function setup(script: string) {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'aws'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'aws'), 0o755);
    const shell = await openShell();
    return { ...shell, run: (line: string) => shell.run(`PATH='${folder}':$PATH; ${line}`) };
  }

  test('hands on every word, the endpoint and credentials, and its exit code', async () => {
    const { run, broker } = await setup('echo "$@" $AWS_ACCESS_KEY_ID $AWS_REGION; exit 7');

    const { code, stdout } = await run(
      'GANTRY_ACCOUNT=111122223333 gantry aws sqs list-queues --help --max-items 3 -o x',
    );

    expect(code).toBe(7);
    expect(stdout).toBe(
      `--endpoint-url ${broker.endpoint} sqs list-queues --help --max-items 3 -o x 111122223333 us-east-1\n`,
    );
  });

  test('leaves what was given', async () => {
    const { run } = await setup('echo "$@" $AWS_ACCESS_KEY_ID $AWS_REGION');

    const { stdout } = await run('AWS_ACCESS_KEY_ID=mine AWS_REGION=eu-west-1 gantry aws --endpoint-url http://x sqs');

    expect(stdout).toBe('--endpoint-url http://x sqs mine eu-west-1\n');
  });

  test('does SQS by itself where it is not installed', async () => {
    const { run } = await openShell();

    // The script begins with #!/bin/sh: only the search for `aws` is left without a place.
    const without = 'PATH="$(dirname "$(command -v gantry)")"; gantry aws';
    const made = await run(`${without} sqs create-queue --queue-name from-nothing --query QueueUrl --output text`);
    const other = await run(`${without} s3 ls`);

    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/\/\d{12}\/from-nothing\n$/) });
    expect(other).toMatchObject({ code: 252, stderr: expect.stringContaining('AWS CLI') });
  });
});
