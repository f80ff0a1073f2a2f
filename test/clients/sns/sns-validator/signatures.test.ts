import { verify, X509Certificate } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { get, globalAgent } from 'node:https';
import { join } from 'node:path';
import MessageValidator from 'sns-validator';
import { describe, expect, test } from 'vitest';
import type { Signer } from '../../../../protocols/sns/signing/index.ts';
import { type SignedFields, stringToSign } from '../../../../protocols/sns/signing/string-to-sign.ts';
import type { Broker } from '../../../../src/core/broker.ts';
import { operator } from '../../../../src/security/operator.ts';
import { defaultParts } from '../../../../src/server/parts.ts';
import { startWorld, type World } from '../../../server/setup.ts';
import { temporaryFolder } from '../../../support/launch.ts';

/** AWS's own validator reads the certificate over the HTTPS port; trusting the broker's authority is all it was told. */
async function setup(dataDir?: string, flags: Readonly<Record<string, readonly string[]>> = {}) {
  const folder = dataDir ?? (await temporaryFolder());
  const handed: { signer?: Signer; broker?: Broker } = {};
  const world: World = await startWorld(
    { dataDir: [folder], httpsPort: ['0'], tlsCert: ['generated'], ...flags },
    undefined,
    {
      createHttpFront: defaultParts.createHttpFront,
      createBroker: async (dependencies, sns) => {
        handed.signer = sns.signer;
        handed.broker = await defaultParts.createBroker(dependencies, sns);
        return handed.broker;
      },
    },
  );
  const { signer, broker } = handed;
  if (signer === undefined || broker === undefined) throw new Error('nobody was handed a signer');
  globalAgent.options.ca = await readFile(join(folder, 'tls', 'ca.pem'), 'utf8');
  const base = world.server.status.listeners.get('https')?.[0] ?? '';
  const sent = async (fields: SignedFields, SignatureVersion: '1' | '2') => ({
    ...fields,
    SignatureVersion,
    Signature: await signer.sign(fields, SignatureVersion),
    SigningCertURL: await signer.certUrl(base),
  });
  return { folder, world, broker, signer, base, sent };
}
type Setup = Awaited<ReturnType<typeof setup>>;

function page(url: string): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    }).on('error', reject);
  });
}

const validator = new MessageValidator(/^127\.0\.0\.1:\d+$/);

function validated(message: Readonly<Record<string, unknown>>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    validator.validate(message, (error, valid) => (error === null ? resolve(valid) : reject(error)));
  });
}

const common = {
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: 'arn:aws:sns:us-east-1:000000000000:orders',
  Message: 'Grüße: one crate\nof oranges 🍊',
  Timestamp: '2026-11-27T12:00:00.000Z',
} as const;
const confirmationPart = {
  ...common,
  Token: '2336412f37fb',
  SubscribeURL: 'https://127.0.0.1/?Action=ConfirmSubscription',
};
const messages = {
  'a notification': { ...common, Type: 'Notification' },
  'a notification with a subject': { ...common, Type: 'Notification', Subject: 'My First Message' },
  'a confirmation of a subscription': { ...confirmationPart, Type: 'SubscriptionConfirmation' },
} as const satisfies Record<string, SignedFields>;

describe.each(['1', '2'] as const)('signature version %s', (version) => {
  test('is valid for every kind of message, and for none that was changed', async () => {
    const { sent } = await setup();

    for (const [name, fields] of Object.entries(messages)) {
      const message = await sent(fields, version);
      expect(await validated({ ...message, UnsubscribeURL: 'https://127.0.0.1/?x' }), name).toMatchObject(fields);

      for (const key of Object.keys(fields).filter((one) => one !== 'Type')) {
        const changed = { ...message, [key]: `${Reflect.get(message, key)} ` };
        await expect(validated(changed), `${name}: ${key}`).rejects.toThrow('The message signature is invalid.');
      }
    }
  });

  test('of another version is refused', async () => {
    const { sent } = await setup();
    const message = await sent(messages['a notification'], version);
    const SignatureVersion = version === '1' ? '2' : '1';

    await expect(validated({ ...message, SignatureVersion })).rejects.toThrow('The message signature is invalid.');
  });

  // sns-validator 0.3.5 leaves the token out for this kind, which AWS and its SDKs for Java and .NET do not.
  test('of the confirmation that a subscription has ended is over the token too', async () => {
    const { sent } = await setup();
    const fields = { ...confirmationPart, Type: 'UnsubscribeConfirmation' } as const;
    const message = await sent(fields, version);
    const certificate = new X509Certificate((await page(message.SigningCertURL)).text);
    const digest = version === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
    const isValid = (text: string) =>
      verify(digest, Buffer.from(text), certificate.publicKey, Buffer.from(message.Signature, 'base64'));

    expect(isValid(stringToSign(fields))).toBe(true);
    expect(isValid(stringToSign({ ...fields, Token: 'another' }))).toBe(false);
  });
});

describe('the certificate', () => {
  test('is the same after a restart, so that what was signed before stays valid', async () => {
    const first = await setup();
    const message = await first.sent(messages['a notification'], '2');
    await first.world.server.stop();
    const second = await setup(first.folder);
    const { pathname } = new URL(message.SigningCertURL);

    expect(new URL(await second.signer.certUrl(second.base)).pathname).toBe(pathname);
    await expect(validated({ ...message, SigningCertURL: `${second.base}${pathname}` })).resolves.toBeDefined();
  });

  test('is there for everybody once there are users, over plain HTTP too, and nothing is beside it', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'users.yaml'), 'users: [{ name: root, admin: true, password: of the root }]\n');
    const { signer, world, base } = await setup(folder);
    const { pathname } = new URL(await signer.certUrl(base));
    const url = world.url(pathname);

    const metrics = await fetch(world.url('/metrics'));
    const found = await fetch(url);
    const beside = await fetch(world.url(`/SimpleNotificationService-${'0'.repeat(32)}.pem`));
    const posted = await fetch(`${url}x`, { method: 'DELETE' });

    expect(metrics.status).toBe(401);
    expect([found.status, found.headers.get('content-type')]).toEqual([200, 'application/x-pem-file; charset=utf-8']);
    expect(new X509Certificate(await found.text()).checkHost('sns.amazonaws.com')).toBeDefined();
    expect([beside.status, posted.status]).toEqual([404, 405]);
  });

  test('is not made because somebody looks for it', async () => {
    const { folder, world } = await setup();

    await fetch(world.url(`/SimpleNotificationService-${'0'.repeat(32)}.pem`));

    expect(await readdir(folder)).not.toContain('sns-signing.pem');
  });

  test('is said to be at AWS when an option wants it so, for validators that accept no other host', async () => {
    const { signer, base } = await setup(undefined, { snsSigningCertUrl: ['https://sns.us-east-1.amazonaws.com'] });
    const url = new URL(await signer.certUrl(base));

    expect(url.origin).toBe('https://sns.us-east-1.amazonaws.com');
    expect((await page(`${base}${url.pathname}`)).status).toBe(200);
  });
});

describe('a message that a queue receives', () => {
  const published = async ({ world, broker }: Setup, SignatureVersion: string, subject?: string) => {
    const query = async (parameters: Readonly<Record<string, string>>, version = '2010-03-31') => {
      const body = new URLSearchParams({ Version: version, ...parameters });
      const text = await (await fetch(world.url(), { method: 'POST', body })).text();
      return (name: string) => unescaped(new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? text);
    };
    const queueUrl = (await query({ Action: 'CreateQueue', QueueName: 'orders' }, '2012-11-05'))('QueueUrl');
    const TopicArn = (await query({ Action: 'CreateTopic', Name: 'orders' }))('TopicArn');
    const address = { account: '000000000000', region: 'us-east-1', name: 'orders' };
    await broker.topics.catalogue.alter(operator, address, () => ({ extras: { SignatureVersion } }));
    const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:orders';
    await query({ Action: 'Subscribe', TopicArn, Protocol: 'sqs', Endpoint });
    const more = subject === undefined ? {} : { Subject: subject };
    await query({ Action: 'Publish', TopicArn, Message: common.Message, ...more });
    const receive = { Action: 'ReceiveMessage', QueueUrl: queueUrl, WaitTimeSeconds: '5' };
    const message: Record<string, unknown> = JSON.parse((await query(receive, '2012-11-05'))('Body'));
    return message;
  };

  test.each([
    ['1', undefined],
    ['2', 'My First Message'],
  ])(
    'in signature version %s, with the subject %s, is valid by the certificate that it names',
    async (version, subject) => {
      const made = await setup();

      const message = await published(made, version, subject);

      expect(message).toMatchObject({ Type: 'Notification', SignatureVersion: version, Message: common.Message });
      expect(String(message.SigningCertURL)).toMatch(new RegExp(`^${made.base}/SimpleNotificationService-`));
      await expect(validated(message)).resolves.toBeDefined();
      await expect(validated({ ...message, Message: 'forged' })).rejects.toThrow('The message signature is invalid.');
    },
  );
});

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { quot: '"', lt: '<', gt: '>', amp: '&', apos: "'" };
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (_, decimal, hexadecimal, name) => {
    if (name !== undefined) return named[name] ?? '';
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal));
  });
}
