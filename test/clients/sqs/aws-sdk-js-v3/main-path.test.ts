import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../support/launch.ts';
import { withBroker } from '../sdk-world.ts';
import { mainPathExpected, runMainPath } from './main-path.ts';

const setup = withBroker();

test('the main path works through an explicit endpoint', async () => {
  const { sqs, endpoint } = setup();

  const answers = await runMainPath(sqs);

  expect(answers).toEqual(mainPathExpected(endpoint, 'us-east-1'));
});

test('the main path works for a program that AWS_ENDPOINT_URL_SQS alone leads to the broker', async () => {
  const { endpoint } = setup();

  const answers: unknown = JSON.parse(await outputOfProgram({ AWS_ENDPOINT_URL_SQS: endpoint }));

  expect(answers).toEqual(mainPathExpected(endpoint, 'eu-west-3'));
});

/** @param env the whole environment beside region and credentials: no file of a person's home is read */
async function outputOfProgram(env: Record<string, string>): Promise<string> {
  const program = fileURLToPath(new URL('./main-path-program.js', import.meta.url));
  const home = await temporaryFolder();
  onTestFinished(() => rm(home, { recursive: true }));
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env: {
      HOME: home,
      AWS_REGION: 'eu-west-3',
      AWS_ACCESS_KEY_ID: 'dummy',
      AWS_SECRET_ACCESS_KEY: 'dummy',
      ...env,
    },
  });
  return stdout;
}
