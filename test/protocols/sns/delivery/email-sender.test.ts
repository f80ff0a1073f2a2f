import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createEmailSender,
  type EmailSender,
  type EmailSenderOptions,
} from '../../../../protocols/sns/delivery/email-sender.ts';
import {
  confirmationMail,
  isMailAddress,
  jsonMail,
  notificationMail,
  oneLine,
} from '../../../../protocols/sns/delivery/mail.ts';
import { parseSmtpUrl } from '../../../../protocols/sns/delivery/smtp-url.ts';
import { certificate, privateKey } from './certificate.ts';
import { closedPort, listen } from './endpoints.ts';
import { type MailServer, smtpAnswer, startMailServer } from './mail-server.ts';

const to = 'reader@example.com';
const hello = { to, subject: 'Hello', text: 'A message.' };

function setup({ port }: Pick<MailServer, 'port'>, options: Partial<EmailSenderOptions> = {}): EmailSender {
  const sender = createEmailSender({ url: `smtp://127.0.0.1:${port}`, from: 'News <news@example.com>', ...options });
  onTestFinished(() => sender.stop());
  return sender;
}

function bodyOf(raw: string): string {
  return raw.slice(raw.indexOf('\r\n\r\n') + 4);
}

describe('a mail', () => {
  test('of a notification has its subject, its text and the way out', async () => {
    const server = await startMailServer();
    const mail = notificationMail({ to, subject: 'Order 7', message: 'is sent', unsubscribeUrl: 'http://127.0.0.1/u' });

    expect(await setup(server).send(mail)).toMatchObject({
      type: 'delivered',
      response: expect.stringContaining('250'),
    });

    const [received] = server.received;
    expect(received).toMatchObject({ from: 'news@example.com', to: [to] });
    expect(received?.raw).toContain('\r\nSubject: Order 7\r\n');
    expect(received?.raw).toContain('From: News <news@example.com>\r\n');
    expect(bodyOf(received?.raw ?? '')).toMatch(
      /^is sent\r\n\r\n--\r\nIf you wish[\s\S]*http:\/\/127\.0\.0\.1\/u\r\n$/,
    );
  });

  test('without a subject is called as AWS calls it', () => {
    const given = { to, subject: undefined, message: 'text', unsubscribeUrl: undefined };

    expect(notificationMail(given)).toEqual({ to, subject: 'AWS Notification Message', text: 'text' });
    expect(jsonMail({ to, subject: undefined, envelope: '{}' })).toEqual({
      to,
      subject: 'AWS Notification Message',
      text: '{}',
    });
  });

  test('of email-json arrives as JSON', async () => {
    const server = await startMailServer();
    const envelope = JSON.stringify({ Type: 'Notification', Message: 'x' });

    await setup(server).send(jsonMail({ to, subject: 'S', envelope }));

    expect(JSON.parse(bodyOf(server.received[0]?.raw ?? ''))).toEqual({ Type: 'Notification', Message: 'x' });
  });

  test('that asks for a confirmation has the link on a line of its own', async () => {
    const server = await startMailServer();
    const subscribeUrl = 'http://127.0.0.1:4566/?Action=ConfirmSubscription&Token=abc';

    await setup(server).send(
      confirmationMail({ to, topicArn: 'arn:aws:sns:us-east-1:000000000000:news', subscribeUrl }),
    );

    const raw = server.received[0]?.raw ?? '';
    expect(raw).toContain('Subject: AWS Notification - Subscription Confirmation\r\n');
    expect(raw.replaceAll('=\r\n', '').replaceAll('=3D', '=').split('\r\n')).toContain(subscribeUrl);
  });

  test('in whatever language arrives as it was', async () => {
    const server = await startMailServer();
    const text = `grüße ${'長'.repeat(50)} 🙂`;

    await setup(server).send({ ...hello, text });

    const raw = server.received[0]?.raw ?? '';
    const isBase64 = /Content-Transfer-Encoding: base64/i.test(raw);
    expect(isBase64).toBe(true);
    expect(Buffer.from(bodyOf(raw), 'base64').toString()).toBe(text);
  });

  test('goes over a connection that is kept', async () => {
    const server = await startMailServer();
    const sender = setup(server);

    for (let i = 0; i < 3; i++) await sender.send(hello);

    expect(server.received).toHaveLength(3);
    expect(server.connections()).toBe(1);
  });

  test('of many at once uses no more than four connections', async () => {
    const server = await startMailServer();
    const sender = setup(server);

    const outcomes = await Promise.all(Array.from({ length: 20 }, () => sender.send(hello)));

    expect(outcomes.every(({ type }) => type === 'delivered')).toBe(true);
    expect(server.connections()).toBeLessThanOrEqual(4);
  });
});

describe('no text becomes a header or a receiver', () => {
  test('a subject with line breaks is one line', async () => {
    const server = await startMailServer();
    const subject = 'a\r\nBcc: evil@example.com\r\n\r\nbody';

    await setup(server).send(notificationMail({ to, subject, message: 'x', unsubscribeUrl: undefined }));
    await setup(server).send({ to, subject, text: 'x' });

    for (const { raw, to: receivers } of server.received) {
      expect(raw).not.toMatch(/^Bcc:/im);
      expect(receivers).toEqual([to]);
    }
    expect(oneLine('a\u0000b\u2028c')).toBe('a b c');
  });

  const bad = [
    ...[
      '',
      'reader',
      '@example.com',
      'reader@',
      'a@b@c',
      'a@example.com,b@example.com',
      'a@example.com; b@example.com',
    ],
    ...[
      'A <a@example.com>',
      'a@example.com\r\nRCPT TO:<b@example.com>',
      'a b@example.com',
      '"a"@example.com',
      'g:a@example.com;',
    ],
    ...[`${'a'.repeat(250)}@e.ex`, 'a(comment)@example.com'],
  ];

  test.each(bad)('%j is no receiver, and the server is not asked', async (address) => {
    const server = await startMailServer();

    expect(await setup(server).send({ ...hello, to: address })).toEqual({
      ...{ type: 'failed', reason: 'the endpoint is no e-mail address' },
    });
    expect(server.connections()).toBe(0);
  });

  test.each([
    'a@b.example',
    'first.last+tag@sub.example.com',
    "o'neil@example.com",
    'ü@example.com',
    `${'a'.repeat(249)}@e.ex`,
  ])('%s is one', (address) => {
    expect(isMailAddress(address)).toBe(true);
  });
});

describe('what the server refuses', () => {
  test.each([
    { code: 550, type: 'failed' },
    { code: 450, type: 'retry' },
  ])('a receiver with $code is $type', async ({ code, type }) => {
    const server = await startMailServer({ onRcptTo: (_, __, done) => done(smtpAnswer(code)) });

    expect(await setup(server).send(hello)).toMatchObject({ type, statusCode: code });
  });

  test.each([
    { code: 554, type: 'failed' },
    { code: 452, type: 'retry' },
  ])('a mail with $code is $type', async ({ code, type }) => {
    const server = await startMailServer({
      onData: (stream, _, done) => {
        stream.resume();
        stream.on('end', () => done(smtpAnswer(code)));
      },
    });

    expect(await setup(server).send(hello)).toMatchObject({ type, statusCode: code });
  });

  test('a sender with 553 fails', async () => {
    const server = await startMailServer({ onMailFrom: (_, __, done) => done(smtpAnswer(553)) });

    expect(await setup(server).send(hello)).toMatchObject({ type: 'failed', statusCode: 553 });
  });

  test('a password that is wrong loses no mail: the operator can correct it', async () => {
    const server = await startMailServer({ allowInsecureAuth: true, onAuth: (_, __, done) => done(smtpAnswer(535)) });
    const url = `smtp://user:wrong@127.0.0.1:${server.port}`;

    expect(await setup(server, { url }).send(hello)).toMatchObject({ type: 'retry', statusCode: 535 });
  });

  test('a password that is right is used', async () => {
    let given: unknown;
    const server = await startMailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _, done) => {
        given = { username, password };
        done(null, { user: 'user' });
      },
    });
    const url = `smtp://us%40er:p%3Ass@127.0.0.1:${server.port}`;

    expect(await setup(server, { url }).send(hello)).toMatchObject({ type: 'delivered' });
    expect(given).toEqual({ username: 'us@er', password: 'p:ss' });
  });
});

describe('a server that is not there is tried again', () => {
  test('nobody listens', async () => {
    const outcome = await setup({ port: await closedPort() }).send(hello);

    expect(outcome).toMatchObject({ type: 'retry', reason: expect.stringContaining('ECONNREFUSED') });
  });

  test('it says nothing', async () => {
    const port = await listen(createServer((socket) => void socket.on('error', () => undefined)));

    expect(await setup({ port }, { timeoutMs: 100 }).send(hello)).toEqual({
      ...{ type: 'retry', reason: 'the mail server took more than 100 ms' },
    });
  });

  test('it closes at once', async () => {
    const port = await listen(createServer((socket) => void socket.end()));

    expect(await setup({ port }).send(hello)).toMatchObject({ type: 'retry' });
  });
});

describe('TLS', () => {
  const secure = { cert: certificate, key: privateKey, disabledCommands: [] };

  test('a server that offers STARTTLS is verified', async () => {
    const server = await startMailServer(secure);
    const url = `smtp://localhost:${server.port}`;

    expect(await setup(server, { url, authorities: [certificate] }).send(hello)).toMatchObject({ type: 'delivered' });
    expect(await setup(server, { url }).send(hello)).toMatchObject({
      type: 'retry',
      reason: expect.stringContaining('self'),
    });
    expect(server.received).toHaveLength(1);
  });

  test('smtps begins with it', async () => {
    const server = await startMailServer({ ...secure, secure: true });
    const url = `smtps://localhost:${server.port}`;

    expect(await setup(server, { url, authorities: [certificate] }).send(hello)).toMatchObject({ type: 'delivered' });
  });

  const urls = [
    { url: 'smtp://mail.example', port: 587, isSecure: false, startTls: 'offered' },
    { url: 'smtps://mail.example', port: 465, isSecure: true, startTls: 'offered' },
    { url: 'smtp://u:p@mail.example', port: 587, isSecure: false, startTls: 'required' },
    { url: 'smtp://u:p@127.0.0.1:25', port: 25, isSecure: false, startTls: 'offered' },
    { url: 'smtp://u:p@mail.example?tls=off', port: 587, isSecure: false, startTls: 'off' },
  ];

  test.each(urls)('$url: STARTTLS is $startTls', ({ url, ...server }) => {
    expect(parseSmtpUrl(url)).toMatchObject(server);
  });

  test.each(['mail.example', 'http://mail.example', 'smtp://', ''])('%j is no mail server', (url) => {
    expect(() => parseSmtpUrl(url)).toThrow('--smtp-url is no URL such as smtp://mail.example:587');
  });
});

describe('breaking off', () => {
  const brokenOff = { type: 'retry', reason: 'broken off: the broker stops' };

  test('a stop ends what is under way, and what comes later', async () => {
    const silent = createServer((socket) => void socket.on('error', () => undefined));
    const sender = setup({ port: await listen(silent) });
    const sending = sender.send(hello);
    await once(silent, 'connection');

    await sender.stop();

    expect(await sending).toEqual(brokenOff);
    expect(await sender.send(hello)).toEqual(brokenOff);
    await expect(sender.stop()).resolves.toBeUndefined();
  });

  test('a stop before anything was sent loads nothing and is harmless', async () => {
    await expect(setup({ port: 1 }).stop()).resolves.toBeUndefined();
  });

  test('a signal ends its own mail', async () => {
    const silent = createServer((socket) => void socket.on('error', () => undefined));
    const sender = setup({ port: await listen(silent) });
    const breaker = new AbortController();
    const sending = sender.send(hello, breaker.signal);
    await once(silent, 'connection');

    breaker.abort();

    expect(await sending).toEqual(brokenOff);
  });
});
