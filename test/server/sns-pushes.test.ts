import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { certificate } from '../protocols/sns/delivery/certificate.ts';
import { answering, startEndpoint } from '../protocols/sns/delivery/endpoints.ts';
import { type LaunchedBroker, launch, startProcess, temporaryFolder } from '../support/launch.ts';

const account = '000000000000';

async function broker(options: Parameters<typeof launch>[0] = {}): Promise<LaunchedBroker> {
  const launched = await launch(options);
  onTestFinished(async () => void (await launched.stop()));
  return launched;
}

async function ask(endpoint: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(parameters) });
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  return text;
}

const elementIn = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</`).exec(xml)?.[1] ?? '';

async function createTopic({ endpoint }: LaunchedBroker): Promise<string> {
  return elementIn(await ask(endpoint, { Action: 'CreateTopic', Name: 't' }), 'TopicArn');
}

async function subscribe({ endpoint }: LaunchedBroker, given: Readonly<Record<string, string>>): Promise<string> {
  return elementIn(await ask(endpoint, { Action: 'Subscribe', ...given }), 'SubscriptionArn');
}

/** Tries again a second later, for as long as it must. */
const patientPolicy = JSON.stringify({
  healthyRetryPolicy: { minDelayTarget: 1, maxDelayTarget: 1, numRetries: 100, numMinDelayRetries: 100 },
});

test('what an endpoint has not taken when the broker is killed reaches it after the next start', async () => {
  let status = 503;
  const held = new Set<() => void>();
  const endpoint = await startEndpoint((request, response) => {
    const type = request.headers['x-amz-sns-message-type'];
    if (type === 'SubscriptionConfirmation') response.end();
    else if (status === 0) held.add(() => response.end());
    else response.writeHead(status).end();
  });
  const first = await broker();
  const TopicArn = await createTopic(first);
  const attributes = { 'Attributes.entry.1.key': 'DeliveryPolicy', 'Attributes.entry.1.value': patientPolicy };
  await subscribe(first, { TopicArn, Protocol: 'http', Endpoint: endpoint.url, ...attributes });
  await endpoint.hasReceived(1);
  const { SubscribeURL } = JSON.parse(endpoint.received[0]?.body ?? '');
  await (await fetch(SubscribeURL)).text();
  const publish = ({ endpoint: at }: LaunchedBroker, Message: string) =>
    ask(at, { Action: 'Publish', TopicArn, Message });

  await publish(first, 'refused once');
  await endpoint.hasReceived(2);
  status = 0;
  await publish(first, 'not answered');
  await endpoint.hasReceived(3);
  await first.kill9();
  status = 200;
  const before = endpoint.received.length;
  const second = await broker({ dataDir: first.dataDir });
  await endpoint.hasReceived(before + 2);

  const messages = endpoint.received.slice(before).map(({ body }) => JSON.parse(body).Message);
  expect(messages.toSorted()).toEqual(['not answered', 'refused once']);
  expect(second.output().stderr).not.toContain('sns-delivery-given-up');
}, 30_000);

test('functions are invoked where --lambda-endpoint says, and what is given up is logged', async () => {
  const functions = await startEndpoint((request, response) =>
    response.writeHead(request.url?.includes('/missing/') ? 404 : 202, { 'x-amzn-requestid': 'r' }).end('{}'),
  );
  const url = new URL(functions.url).origin;
  const launched = await broker({ args: ['--lambda-endpoint', url] });
  const TopicArn = await createTopic(launched);
  const functionArn = `arn:aws:lambda:us-east-1:${account}:function:`;
  for (const name of ['there:live', 'missing']) {
    await subscribe(launched, { TopicArn, Protocol: 'lambda', Endpoint: `${functionArn}${name}` });
  }

  await ask(launched.endpoint, { Action: 'Publish', TopicArn, Message: 'hello' });
  await functions.hasReceived(2);
  await launched.stop();

  expect(functions.received.map(({ url: asked }) => asked).toSorted()).toEqual([
    '/2015-03-31/functions/missing/invocations',
    '/2015-03-31/functions/there/invocations?Qualifier=live',
  ]);
  expect(functions.received[0]?.headers).toMatchObject({ 'x-amz-invocation-type': 'Event' });
  expect(JSON.parse(functions.received[0]?.body ?? '')).toMatchObject({ Records: [{ Sns: { Message: 'hello' } }] });
  expect(launched.output().stderr).toMatch(/sns-delivery-given-up[^\n]*404|404[^\n]*sns-delivery-given-up/);
}, 30_000);

test('the first failure of an endpoint is said, with the next try, and sub ls shows it until it is over', async () => {
  let status = 503;
  const endpoint = await startEndpoint((request, response) => {
    const isMessage = request.headers['x-amz-sns-message-type'] === 'Notification';
    response.writeHead(isMessage ? status : 200).end();
  });
  const launched = await broker();
  const TopicArn = await createTopic(launched);
  const attributes = { 'Attributes.entry.1.key': 'DeliveryPolicy', 'Attributes.entry.1.value': patientPolicy };
  await subscribe(launched, { TopicArn, Protocol: 'http', Endpoint: `${endpoint.url}?token=secret`, ...attributes });
  await endpoint.hasReceived(1);
  await (await fetch(JSON.parse(endpoint.received[0]?.body ?? '').SubscribeURL)).text();
  await ask(launched.endpoint, { Action: 'Publish', TopicArn, Message: 'hot' });
  const listed = async () => {
    const response = await fetch(`${launched.endpoint}/_gantry/topics/${TopicArn.split(':').at(-1)}/subscriptions`);
    return JSON.parse(await response.text()).subscriptions[0];
  };

  await expect.poll(() => launched.output().stderr).toContain('sns-delivery-failing');
  const lines = () =>
    launched
      .output()
      .stderr.split('\n')
      .filter((line) => line.includes('sns-delivery-failing'));
  expect(JSON.parse(lines()[0] ?? '')).toMatchObject({
    ...{ event: 'sns-delivery-failing', protocol: 'http', to: new URL(endpoint.url).origin, what: 'message' },
    ...{ attempt: 1, statusCode: 503, nextTry: expect.any(String) },
  });
  await expect.poll(listed).toMatchObject({ lastError: { statusCode: 503, nextTryAt: expect.any(String) } });
  await endpoint.hasReceived(3); // The second try, of which no line tells.
  status = 200;
  await expect.poll(listed, { timeout: 10_000 }).not.toHaveProperty('lastError');
  expect(lines()).toHaveLength(1);
  expect(launched.output().stderr).not.toContain('secret');
}, 40_000);

test('a mail server that is down is said once, whoever is written to', async () => {
  const launched = await broker({ args: ['--smtp-url', 'smtp://127.0.0.1:1'] });
  const TopicArn = await createTopic(launched);
  for (const Endpoint of ['ann@example.org', 'bob@example.org'])
    await subscribe(launched, { TopicArn, Protocol: 'email', Endpoint });

  const path = `/_gantry/topics/${TopicArn.split(':').at(-1)}/subscriptions`;
  const failing = async () => {
    const { subscriptions } = JSON.parse(await (await fetch(`${launched.endpoint}${path}`)).text());
    return subscriptions.filter((one: object) => 'lastError' in one).length;
  };
  await expect.poll(failing, { timeout: 20_000 }).toBe(2);
  const said = launched.output().stderr.match(/sns-delivery-failing/g);
  expect(said).toHaveLength(1);
  expect(launched.output().stderr).toContain('ECONNREFUSED');
}, 30_000);

test('a file of authorities that is gone when it is needed keeps messages, and is said', async () => {
  const endpoint = await answering(200);
  const file = join(await temporaryFolder(), 'ca.pem');
  await writeFile(file, certificate);
  const wrong = await broker({ args: ['--sns-ca-file', file] });
  await rm(file);
  const TopicArn = await createTopic(wrong);

  await subscribe(wrong, { TopicArn, Protocol: 'http', Endpoint: endpoint.url });
  await expect.poll(() => wrong.output().stderr).toContain('sns-pushes-unavailable');
  expect(endpoint.received).toEqual([]);
}, 30_000);

test('a file of authorities that cannot be read ends the start, and check-config and doctor find it', async () => {
  const line = 'gantry: --sns-ca-file "/not/there.pem": ENOENT';
  const args = ['--host', '127.0.0.1', '--http-port', '0', '--data-dir', await temporaryFolder()];
  for (const command of ['serve', 'check-config', 'doctor']) {
    const { exited, output } = startProcess([command, ...args, '--sns-ca-file', '/not/there.pem']);
    const { code } = await exited;
    const { stdout, stderr } = output();

    if (command === 'doctor')
      expect({ code, stdout }).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/^fail +authorities +--sns-ca-file/m),
      });
    else expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(line) });
  }
}, 30_000);
