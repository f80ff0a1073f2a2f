import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../docs/pages.ts';
import { temporaryFolder } from '../support/launch.ts';

/** `npm pack` and `npm install` of what it made, in an empty project, without the network: the dependencies are linked. */
let project = '';
let packed: readonly string[] = [];

const run = promisify(execFile);
const modules = join(root, 'node_modules');

beforeAll(async () => {
  project = await temporaryFolder();
  const { stdout } = await npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', project);
  const [{ filename, files }]: [{ filename: string; files: { path: string }[] }] = JSON.parse(stdout);
  packed = files.map(({ path }) => path);
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
    await readFile(`${root}package.json`, 'utf8'),
  );
  const linked = Object.keys(dependencies).map((name) => [name, `file:${join(modules, name)}`]);
  await write(
    'package.json',
    JSON.stringify({ type: 'module', dependencies: { ...Object.fromEntries(linked), gantry: `file:${filename}` } }),
  );
  await npm(project, 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund');
  for (const name of ['@aws-sdk', '@types', 'typescript', 'undici-types'])
    await symlink(join(modules, name), join(project, 'node_modules', name));
}, 120_000);
afterAll(() => rm(project, { recursive: true, force: true }));

function npm(cwd: string, ...args: readonly string[]) {
  // Not the settings of the npm that runs the tests.
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  return run('npm', args, { cwd, env: Object.fromEntries(inherited), maxBuffer: 1 << 24 });
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(project, path, '..'), { recursive: true });
  await writeFile(join(project, path), text);
}

/** What a program prints; it has to end by itself. @throws with what it said when it ends otherwise */
async function node(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, args, { cwd: project, timeout: 100_000 });
  return stdout;
}

const program = `
const sqs = new SQSClient({ endpoint: gantry.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'packed', DelaySeconds: 900 }));
await gantry.advance(900_000);
const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
console.log(Messages?.[0]?.Body);
sqs.destroy();
`;
const clientImport = `import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';`;

test('the package holds what runs and its types: no test, no source, no map', () => {
  const strangers = packed.filter(
    (path) =>
      !/^dist\/(src|protocols|storage)\/.*\.(js|d\.ts|sql|json)$/.test(path) &&
      !/^(package\.json|README\.md|LICENSE)$/.test(path),
  );

  expect(strangers).toEqual([]);
  expect(packed.filter((path) => /^dist\/(test|bench)\/|\/contract\//.test(path))).toEqual([]);
  expect(packed).toEqual(
    expect.arrayContaining(['dist/src/index.js', 'dist/src/index.d.ts', 'dist/storage/sqlite/worker.js']),
  );
});

test('a plain JavaScript program runs the real SDK against it, and ends', async () => {
  await write(
    'plain.js',
    `${clientImport}
    import { startGantry } from 'gantry';
    const gantry = await startGantry();
    ${program}
    await gantry.stop();`,
  );

  expect(await node('plain.js')).toBe('packed\n');
});

test('a program that requires it does as well', async () => {
  await write(
    'plain.cjs',
    `
    const { startGantry } = require('gantry');
    startGantry().then(async (gantry) => {
      const { status } = await fetch(gantry.endpoint + '/health/ready');
      console.log(status);
      await gantry.stop();
    });`,
  );

  expect(await node('--no-warnings', 'plain.cjs')).toBe('200\n');
});

test('many at once, in folders and in memory, and nothing is left', async () => {
  await write(
    'many.js',
    `
    import { readdirSync } from 'node:fs';
    import { startGantry } from 'gantry';
    const options = [0, 1, 2, 3].map((at) => (at % 2 === 0 ? {} : { dataDir: 'data-' + at }));
    const many = await Promise.all(options.map((one) => startGantry(one)));
    const statuses = await Promise.all(many.map(async ({ endpoint }) => (await fetch(endpoint + '/health')).status));
    await Promise.all(many.map((one) => one.stop()));
    console.log(statuses.join(), readdirSync('.').filter((name) => name.startsWith('data-')).join());`,
  );

  expect(await node('many.js')).toBe('200,200,200,200 data-1,data-3\n');
});

test('the command of the package runs', async () => {
  const { version } = JSON.parse(await readFile(`${root}package.json`, 'utf8'));

  expect(await node('node_modules/.bin/gantry', 'version')).toContain(version);
});

test('a TypeScript program is checked to the last declaration, and runs', { timeout: 240_000 }, async () => {
  await write(
    'typed.ts',
    `${clientImport}
    import { type FaultRule, type Gantry, GantryError, type GantryOptions, startGantry } from 'gantry';
    const options: GantryOptions = { port: 0, logLevel: 'off', requestBytesMax: '8MiB', users: undefined, onBroken: undefined };
    const gantry: Gantry = await startGantry(options);
    const rule: FaultRule = { action: 'SendMessage', kind: 'error', code: 'ServiceUnavailable', rate: 0.5, when: 'after' };
    gantry.faults.clear(gantry.faults.add(rule));
    // @ts-expect-error there is no such option
    await startGantry({ prot: 1 }).catch((error: unknown) => console.log(error instanceof GantryError && error.code));
    // @ts-expect-error a level is one of five
    await startGantry({ logLevel: 'loud' }).catch((error: GantryError) => console.log(error.code));
    // @ts-expect-error an error has a code
    const bad: FaultRule = { action: '*', kind: 'error' };
    void bad;
    ${program}
    await gantry.stop();`,
  );
  // skipLibCheck is off for our own declarations; those of others are checked on their own account.
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    types: ['node'],
    skipLibCheck: true,
  };
  await write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['typed.ts'] }));
  const ours = { ...compilerOptions, skipLibCheck: false, noEmit: true };
  await write('ours/tsconfig.json', JSON.stringify({ compilerOptions: ours, files: ['ours.ts'] }));
  await write('ours/ours.ts', `import { startGantry } from 'gantry';\nvoid startGantry;\n`);

  await node('node_modules/typescript/bin/tsc', '-p', '.');
  await node('node_modules/typescript/bin/tsc', '-p', 'ours');

  expect(await node('typed.js')).toBe('invalid-argument\ninvalid-argument\npacked\n');
});
