import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Credentials, Protocol } from '../../src/cli/bench/load/endpoint.ts';
import { SignedSends } from '../../src/cli/bench/load/signed-sends.ts';
import { Load } from '../../src/cli/bench/load.ts';
import { callSqs, createQueue, readTally, totalOf } from '../../src/cli/bench/sqs.ts';
import type { Subject } from '../../src/cli/bench/subject.ts';
import { launch, temporaryFolder } from '../support/launch.ts';

const credentials: Credentials = { id: 'AKIABENCH', secret: 'a secret of no worth' };

async function brokerWithUser(protocol: Protocol, used: Credentials): Promise<Subject> {
  const configFile = join(await temporaryFolder(), 'gantry.yaml');
  const policy = [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }];
  await writeFile(configFile, JSON.stringify({ users: [{ name: 'bench', 'access-keys': [credentials], policy }] }));
  const broker = await launch({ args: ['--config', configFile] });
  onTestFinished(async () => void (await broker.stop()));
  const { hostname, port } = new URL(broker.endpoint);
  const subject = { name: 'gantry', host: hostname, port: Number(port), pid: broker.pid, stop: async () => {} };
  return { ...subject, protocol, credentials: used };
}

test.each(['json', 'query'] as const)(
  'a broker that asks for signatures takes the signed %s load',
  async (protocol) => {
    const subject = await brokerWithUser(protocol, credentials);
    const queueUrl = await createQueue(subject, 'signed');
    const load = await Load.start();
    onTestFinished(() => load.stop());
    await load.open(subject, 2, { do: 'send', queueUrl, entries: 1 });

    const sent = await load.run(30_000, 700); // Each connection goes through what it has signed more than once.
    await load.open(subject, 2, { do: 'drain', queueUrl });
    const drained = await load.run(30_000, 700);

    expect([sent.failures, drained.failures]).toEqual([[], []]);
    expect([sent.sent, drained.deleted]).toEqual([700, 700]);
    expect(totalOf(await readTally(subject, queueUrl))).toBe(0);
  },
);

test('it takes no other signature', async () => {
  const subject = await brokerWithUser('json', { ...credentials, secret: 'another one' });

  await expect(callSqs(subject, 'ListQueues', {})).rejects.toThrow(/SignatureDoesNotMatch|signature we calculated/);
});

test('what is signed before the run are sends of different bodies', () => {
  const sends = new SignedSends({ host: 'h', port: 1, credentials }, { queueUrl: 'u', entries: 1 });
  const seen = new Set<string>();

  for (let send = 0; send < 300; send++) {
    const text = sends.renew().toString('latin1');
    expect(text).toContain(sends.bodies().join());
    seen.add(/Signature=(\w{64})/.exec(text)?.[1] ?? '');
  }

  expect(seen.size).toBe(256);
});
