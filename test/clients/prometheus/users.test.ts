import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { launch, temporaryFolder } from '../../support/launch.ts';
import { named, whySkipped } from './programs.ts';
import { startPrometheus } from './prometheus.ts';

const timeout = 60_000;
const users = `users:
  - name: prometheus
    password: right
    policy: [{ Effect: Allow, Action: browse, Resource: "arn:aws:gantry:::broker" }]
`;

async function setup(password: string) {
  const config = join(await temporaryFolder(), 'gantry.yaml');
  await writeFile(config, users);
  const broker = await launch({ args: ['--config', config] });
  onTestFinished(async () => void (await broker.stop()));
  const prometheus = await startPrometheus({ target: new URL(broker.endpoint).host, password });
  onTestFinished(() => prometheus.stop());
  return { broker, prometheus };
}

describe.skipIf(whySkipped !== undefined)(named('a broker with users'), () => {
  test('is scraped with the name of the example and its password', { timeout }, async () => {
    const { prometheus } = await setup('right');

    const [up] = await prometheus.until('up');
    const [ready] = await prometheus.until('gantry_ready');

    expect(up).toMatchObject({ metric: { job: 'gantry' }, value: 1 });
    expect(ready?.value).toBe(1);
  });

  test('is down to Prometheus with a wrong password', { timeout }, async () => {
    const { prometheus } = await setup('wrong');

    const [up] = await prometheus.until('up');

    expect(up?.value).toBe(0);
    expect(await prometheus.until('ALERTS{alertname="GantryDown"}')).toHaveLength(1);
  });
});

describe.skipIf(whySkipped !== undefined)(named('a broker that ends'), () => {
  test('is down to Prometheus', { timeout }, async () => {
    const broker = await launch();
    onTestFinished(async () => void (await broker.stop()));
    const prometheus = await startPrometheus({ target: new URL(broker.endpoint).host });
    onTestFinished(() => prometheus.stop());
    await prometheus.until('up == 1');

    await broker.stop();

    expect(await prometheus.until('ALERTS{alertname="GantryDown"}')).toHaveLength(1);
  });
});
