import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedBroker, launch } from '../support/launch.ts';
import { codeBlocks, readPage, root } from './pages.ts';

/** What the README shows is run as it stands, against a broker of the test's own; only its address is put in. */
const shownEndpoint = 'http://127.0.0.1:4566';
const blocks = codeBlocks(await readPage('README.md'));
/** Blocks that install, build or need a container engine: the set-up has its own tests. */
const byHand = /^(git clone|docker compose) /;
/** Blocks that wait for their client: its suite in test/clients runs them. */
const bySuite = ['java', 'go'];
const runnable = blocks.filter(({ code, language }) => !byHand.test(code) && !bySuite.includes(language));
const commands: Readonly<Record<string, (code: string) => readonly [string, ...string[]]>> = {
  sh: (code) => ['sh', '-euc', code],
  js: (code) => [process.execPath, '--input-type=module', '--eval', code],
  python: (code) => ['python3', '-c', code],
};

let broker: LaunchedBroker;
beforeAll(async () => {
  broker = await launch();
});
afterAll(async () => {
  await broker.stop();
});

test('the README has its blocks, each in a language that is run here or by a suite', () => {
  expect(blocks.filter(({ code }) => byHand.test(code))).toHaveLength(2);
  expect(blocks.map(({ language }) => language).filter((language) => bySuite.includes(language))).toEqual(bySuite);
  expect(runnable.map(({ language }) => language)).toEqual(['sh', 'js', 'python', 'sh']);
});

describe.each(runnable)('a README block in $language', ({ language, code }) => {
  const missing = missingPrograms(language, code);

  test.skipIf(missing.length > 0)('ends well and says what it should', { timeout: 60_000 }, async () => {
    const { status, output } = await run(language, code.replaceAll(shownEndpoint, broker.endpoint));

    expect(status, output).toBe(0);
    expect(output).toMatch(language === 'sh' && code.includes('curl') ? /orders-curl"\]/ : /one crate of oranges/);
  });
});

test('every style of queue URL and every path that it names finds the queue', async () => {
  const text = await section('Coming from LocalStack or ElasticMQ');
  const urls = [...text.matchAll(/`(http:\/\/[^`]*|orders)`/g)].flatMap(([, url = '']) => url);
  const ask = async (operation: string, input: object) =>
    await fetch(broker.endpoint, {
      method: 'POST',
      headers: { 'X-Amz-Target': `AmazonSQS.${operation}` },
      body: JSON.stringify(input),
    });
  await ask('CreateQueue', { QueueName: 'orders' });

  const statuses = await Promise.all(
    urls.map(async (QueueUrl) => (await ask('SendMessage', { QueueUrl, MessageBody: 'moved-here' })).status),
  );
  const peeked = await (await fetch(`${broker.endpoint}/_aws/sqs/messages?QueueUrl=orders`)).text();

  expect(urls).toHaveLength(5);
  expect(statuses).toEqual(urls.map(() => 200));
  expect(peeked.match(/moved-here/g)).toHaveLength(urls.length);
  expect((await fetch(`${broker.endpoint}/_localstack/health`)).status).toBe(200);
});

test('what the blocks did left no defect behind', async () => {
  const metrics = await (await fetch(`${broker.endpoint}/metrics`)).text();

  expect(metrics).toContain('gantry_invariant_failures_total 0\n');
});

async function section(heading: string): Promise<string> {
  const text = (await readPage('README.md')).split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  if (text === undefined) throw new Error(`the README has no section "${heading}"`);
  return text;
}

async function run(language: string, code: string): Promise<{ status: number | null; output: string }> {
  const [program, ...args] = commands[language]?.(code) ?? ['false'];
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await once(child, 'close');
  return { status: child.exitCode, output };
}

/** A machine without the AWS CLI or boto3 skips their blocks; the JavaScript one needs nothing that is not here. */
function missingPrograms(language: string, code: string): readonly string[] {
  if (language === 'python') return canRun('python3', '-c', 'import boto3') ? [] : ['boto3'];
  return ['aws', 'curl'].filter((name) => code.includes(`${name} `) && !canRun(name, '--version'));
}

function canRun(...[program = '', ...args]: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
