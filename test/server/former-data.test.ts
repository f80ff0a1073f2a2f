import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listOf, textOf } from '../faults/support/fields.ts';
import { contentOf, serveFolder, wireTo } from '../support/former-data.ts';
import { temporaryFolder } from '../support/launch.ts';

const fixtures = fileURLToPath(new URL('../../../test/fixtures/data', import.meta.url));
const versions = readdirSync(fixtures);

async function setup(version: string) {
  const { at, content }: { at: number; content: readonly unknown[] } = JSON.parse(
    readFileSync(join(fixtures, version, 'expected.json'), 'utf8'),
  );
  const dataDir = await temporaryFolder();
  cpSync(join(fixtures, version, 'gantry.db'), join(dataDir, 'gantry.db'));
  const server = await serveFolder(dataDir, at);
  onTestFinished(() => server.stop());
  const wire = await wireTo(server);
  onTestFinished(() => wire.close());
  return { wire, content };
}

test('there is a data folder of a former release', () => {
  expect(versions).toContain('0.1.0');
});

describe.each(versions)('the data folder of %s', (version) => {
  test('opens with its queues, and gives all messages as they were', async () => {
    const { wire, content } = await setup(version);

    expect(await contentOf(wire)).toMatchObject(content); // A later release may say more.
  });

  test('takes and gives new messages', async () => {
    const { wire, content } = await setup(version);
    const { value } = await wire.call('CreateQueue', { QueueName: 'new' });
    const QueueUrl = textOf(value, 'QueueUrl');

    await wire.call('SendMessage', { QueueUrl, MessageBody: 'new' });

    const received = await wire.call('ReceiveMessage', { QueueUrl });
    expect(listOf(received.value, 'Messages')).toMatchObject([{ Body: 'new' }]);
    const listed = await wire.call('ListQueues', {});
    expect(listOf(listed.value, 'QueueUrls')).toHaveLength(content.length + 1);
  });
});
