import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { readPage } from '../docs/pages.ts';
import { temporaryFolder } from '../support/launch.ts';
import { type Container, startContainer } from './container.ts';
import { readDockerfile, settle } from './dockerfile.ts';
import { makeImage, productionModules, sizeInMegabytes } from './image.ts';
import { execInside, type Inside, whyNotIsolated } from './isolation.ts';

/** The environment, and whether the root is read-only, are what the compose file says. */
const { services }: { services: { gantry: { environment: Record<string, string>; read_only: boolean } } } = parse(
  await readPage('docker/compose.yaml'),
);
const stages = await readDockerfile();
const [, runStage] = stages;
if (runStage === undefined) throw new Error('the Dockerfile has no second stage');
const image = settle(runStage);
const whyNot = whyNotIsolated();
const endpoint = `http://127.0.0.1:${image.ports[0]}`;
const stopMsMax = 10_000;

let folder: string;
let imageRoot: string;

const title = `the image, made by hand${whyNot === undefined ? '' : ` (${whyNot})`}`;

describe.skipIf(whyNot !== undefined)(title, { timeout: 60_000 }, () => {
  beforeAll(async () => {
    folder = await temporaryFolder();
    imageRoot = await makeImage(folder, stages);
  }, 180_000);

  /** As an engine makes a named volume: what the image has in that place, with its owner and mode. */
  function newVolume(name: string): string {
    const volume = join(folder, name);
    execFileSync('cp', ['--archive', join(imageRoot, image.volumes[0] ?? ''), volume]);
    return volume;
  }

  function inside(
    volume: string,
    environment: Readonly<Record<string, string>>,
    others: Inside['volumes'] = [],
  ): Inside {
    return {
      ...{ root: imageRoot, workFolder: image.workFolder, user: image.user },
      environment: { ...image.environment, ...environment },
      volumes: [[volume, image.volumes[0] ?? ''], ...others],
      isReadOnly: services.gantry.read_only,
    };
  }

  async function start(
    volume: string,
    others: Inside['volumes'] = [],
  ): Promise<{ container: Container; world: Inside }> {
    const world = inside(volume, services.gantry.environment, others);
    const container = await startContainer(world, image.command, /^Gantry ready.*\n/m);
    onTestFinished(async () => void (await container.stop('SIGKILL')));
    return { container, world };
  }

  test('runs as process 1 of its user, without a right, on a read-only root', async () => {
    const { container, world } = await start(newVolume('rights'));

    const status = readFileSync(`/proc/${container.processId}/status`, 'utf8');
    const outside = await execInside(container.processId, world, ['touch', `${image.workFolder}/x`]);
    const within = await execInside(container.processId, world, ['touch', `${image.volumes[0]}/x`]);

    const [uid] = image.user.split(':');
    expect(status).toMatch(new RegExp(`^Uid:\\s+${uid}\\s+${uid}\\s`, 'm'));
    expect(status).toMatch(/^NSpid:\s+\d+\s+1$/m);
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(outside.output).toContain('Read-only file system');
    expect(within.code).toBe(0);
  });

  test('is healthy by its own command, and its port is the one that is exposed', async () => {
    const { container, world } = await start(newVolume('health'));

    const health = await execInside(container.processId, world, image.healthCommand);

    expect(container.output().stdout).toBe(`Gantry ready: http://0.0.0.0:${image.ports[0]}\n`);
    expect(health.output).toContain('"status":"ok"');
    expect(health.code).toBe(0);
  });

  test('ends with 0 by SIGTERM, and the next one on its volume has its messages', async () => {
    const volume = newVolume('messages');
    const first = await start(volume);
    await ask(first, 'CreateQueue', { QueueName: 'orders' });
    await ask(first, 'SendMessage', { QueueUrl: 'orders', MessageBody: 'one crate of oranges' });

    const stoppedAt = performance.now();
    const code = await first.container.stop();
    const stopMs = performance.now() - stoppedAt;
    const second = await start(volume);
    const received = await ask(second, 'ReceiveMessage', { QueueUrl: 'orders', WaitTimeSeconds: 5 });

    expect(code).toBe(0);
    expect(stopMs).toBeLessThan(stopMsMax);
    expect(received).toContain('"Body":"one crate of oranges"');
  });

  test('runs the scripts of LocalStack users before it is ready, and has what they made', async () => {
    const hooks = join(folder, 'ready.d');
    mkdirSync(hooks);
    writeFileSync(join(hooks, '10-orders.js'), createQueueHook);
    const [, place = ''] = (image.environment.GANTRY_INIT_DIR ?? '').split(',');
    const volume = newVolume('hooks');

    const { container, world } = await start(volume, [[hooks, place]]);
    const queues = await ask({ container, world }, 'ListQueues', {});

    expect(place).toBe('/etc/localstack/init/ready.d');
    expect(queues).toContain('/orders"');
  });

  test('refuses to start when nobody says who may, in one line with the variable that does', async () => {
    const refused = startContainer(inside(newVolume('refused'), {}), image.command, /^Gantry ready/m);

    await expect(refused).rejects.toThrow(/^ended with 2\nstdout: \nstderr: gantry: .*--allow-anonymous.*\n$/);
  });

  test('is told ill by its own command when no broker answers', async () => {
    const alone = await startContainer(inside(newVolume('ill'), {}), ['node', '-e', idle], /^up/m);
    onTestFinished(async () => void (await alone.stop('SIGKILL')));

    const health = await execInside(alone.processId, inside('', {}), image.healthCommand);

    expect(health.code).not.toBe(0);
    expect(health.output).toContain(`no broker answers at ${endpoint}`);
  });

  test('holds the packages that run, without what is only for developers', () => {
    const modules = join(imageRoot, image.workFolder, 'node_modules');
    const packages = readdirSync(modules, { recursive: true, encoding: 'utf8' })
      .filter((path) => /(^|node_modules\/)(@[^/]+\/)?[^/@]+\/package\.json$/.test(path))
      .map((path) => `node_modules/${path.replace(/\/package\.json$/, '')}`);

    // npm keeps the compiler because a package names it as a peer; nothing that runs loads it.
    expect(packages.sort()).toEqual(
      productionModules()
        .filter((path) => path !== 'node_modules/typescript')
        .sort(),
    );
    expect(readdirSync(join(modules, 'better-sqlite3', 'build'), { recursive: true })).toEqual([
      'Release',
      'Release/better_sqlite3.node',
    ]);
    // What it adds to Node's own image.
    expect(sizeInMegabytes(join(imageRoot, image.workFolder))).toBeLessThan(40);
  });

  async function ask({ container, world }: Awaited<ReturnType<typeof start>>, operation: string, input: object) {
    const program = `fetch(${JSON.stringify(endpoint)}, {
      method: 'POST',
      headers: { 'X-Amz-Target': ${JSON.stringify(`AmazonSQS.${operation}`)} },
      body: ${JSON.stringify(JSON.stringify(input))},
    }).then((answer) => answer.text()).then(console.log);`;
    const { code, output } = await execInside(container.processId, world, ['node', '-e', program]);
    expect(code, output).toBe(0);
    return output;
  }
});

const idle = "console.log('up'); setInterval(() => undefined, 1000)";
const createQueueHook = `fetch(process.env.AWS_ENDPOINT_URL, {
  method: 'POST',
  headers: { 'X-Amz-Target': 'AmazonSQS.CreateQueue' },
  body: JSON.stringify({ QueueName: 'orders' }),
}).then((answer) => process.exit(answer.status === 200 ? 0 : 1));
`;
