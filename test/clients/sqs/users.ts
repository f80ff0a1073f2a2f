import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LaunchedBroker, launch, temporaryFolder } from '../../support/launch.ts';

/** An admin, and a user who may send to queues named `orders...`. */
export const operatorKey = { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'secret/of+the=operator' };
export const shopKey = { accessKeyId: 'AKIASHOP', secretAccessKey: 'secret of the shop' };

const config = `
users:
  - name: operator
    admin: true
    access-keys: [{ id: ${operatorKey.accessKeyId}, secret: "${operatorKey.secretAccessKey}" }]
  - name: shop
    access-keys: [{ id: ${shopKey.accessKeyId}, secret: "${shopKey.secretAccessKey}" }]
    policy:
      - { Effect: Allow, Action: [send, sqs:GetQueueUrl], Resource: "orders*" }
`;

export async function launchWithUsers(): Promise<LaunchedBroker> {
  const file = join(await temporaryFolder(), 'gantry.yaml');
  await writeFile(file, config);
  return launch({ args: ['--config', file] });
}
