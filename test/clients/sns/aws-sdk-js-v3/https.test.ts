import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PublishCommand } from '@aws-sdk/client-sns';
import { expect, onTestFinished, test } from 'vitest';
import { launch, startProcess, temporaryFolder } from '../../../support/launch.ts';
import { startHttpEndpoint } from '../http-endpoint.ts';
import { confirm, snsWorldOf } from '../sdk-world.ts';

/** An endpoint whose certificate is of an authority that only `--sns-ca-file` makes the broker trust. */
async function setup() {
  const folder = await temporaryFolder();
  expect(await startProcess(['cert', '--out', folder]).exited).toMatchObject({ code: 0 });
  const [cert, key] = [await readFile(join(folder, 'server.pem')), await readFile(join(folder, 'server.key'))];
  const endpoint = await startHttpEndpoint({ cert, key });
  const broker = await launch({ args: ['--sns-ca-file', join(folder, 'ca.pem')] });
  onTestFinished(async () => void (await broker.stop()));
  return { ...snsWorldOf(broker), endpoint };
}

test('an https endpoint of an authority that is trusted confirms and is notified', async () => {
  const { sns, makeTopic, subscribe, endpoint } = await setup();
  const TopicArn = await makeTopic();
  await subscribe({ TopicArn, Protocol: 'https', Endpoint: `${endpoint.url}/hook` });

  await confirm(sns, TopicArn, await endpoint.posts.take());
  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'one crate' }));
  const { headers, body } = await endpoint.posts.take();

  expect(headers['x-amz-sns-message-id']).toBe(MessageId);
  expect(JSON.parse(body)).toMatchObject({ MessageId, Message: 'one crate' });
});
