import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  createSigner,
  type SigningKey,
  type SigningKeys,
  signaturesAtOnceMax,
  signaturesWaitingMax,
} from '../../../../protocols/sns/signing/signer.ts';
import { type SignedFields, stringToSign } from '../../../../protocols/sns/signing/string-to-sign.ts';

const notification: SignedFields = {
  ...{ Type: 'Notification', MessageId: 'e1', TopicArn: 'arn:aws:sns:us-east-1:000000000000:orders' },
  ...{ Message: 'one crate\nof oranges', Timestamp: '2026-11-27T12:00:00.000Z' },
};
const confirmation: SignedFields = {
  ...{ Type: 'SubscriptionConfirmation', MessageId: 'e2', TopicArn: notification.TopicArn, Token: '2336412f37f' },
  ...{
    Message: 'You have chosen',
    SubscribeURL: 'http://x/?Action=ConfirmSubscription',
    Timestamp: notification.Timestamp,
  },
};

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key: SigningKey = { privateKey: rsa.privateKey, certificate: 'a certificate in PEM' };
const keys: SigningKeys = { find: async () => key, make: async () => key };

function signerWith(changes: Partial<SigningKeys>) {
  return createSigner({ keys: { ...keys, ...changes } });
}

describe('what is signed', () => {
  test('of a notification: six keys in byte order, each with its value on a line of its own', () => {
    expect(stringToSign({ ...notification, Subject: 'news' })).toBe(
      'Message\none crate\nof oranges\nMessageId\ne1\nSubject\nnews\nTimestamp\n2026-11-27T12:00:00.000Z\n' +
        'TopicArn\narn:aws:sns:us-east-1:000000000000:orders\nType\nNotification\n',
    );
  });

  test('a subject that is absent is left out, an empty one is not', () => {
    expect(stringToSign(notification)).not.toContain('Subject');
    expect(stringToSign({ ...notification, Subject: undefined })).toBe(stringToSign(notification));
    expect(stringToSign({ ...notification, Subject: '' })).toContain('\nSubject\n\nTimestamp\n');
  });

  test.each(['SubscriptionConfirmation', 'UnsubscribeConfirmation'] as const)('of a %s: seven keys', (Type) => {
    expect(stringToSign({ ...confirmation, Type })).toBe(
      'Message\nYou have chosen\nMessageId\ne2\nSubscribeURL\nhttp://x/?Action=ConfirmSubscription\n' +
        `Timestamp\n2026-11-27T12:00:00.000Z\nToken\n2336412f37f\nTopicArn\n${notification.TopicArn}\nType\n${Type}\n`,
    );
  });

  test('what else a message holds does not count', () => {
    const more = { ...notification, UnsubscribeURL: 'http://x/', Token: 'x', SubscribeURL: 'http://y/' };

    expect(stringToSign(more)).toBe(stringToSign(notification));
  });
});

describe('a signature', () => {
  test.each([
    ['1', 'RSA-SHA1', 'RSA-SHA256'],
    ['2', 'RSA-SHA256', 'RSA-SHA1'],
  ] as const)('of version %s is %s', async (version, digest, other) => {
    const signature = Buffer.from(await signerWith({}).sign(notification, version), 'base64');
    const text = Buffer.from(stringToSign(notification));

    expect(verify(digest, text, rsa.publicKey, signature)).toBe(true);
    expect(verify(other, text, rsa.publicKey, signature)).toBe(false);
  });

  test('waits for its turn: few at once, the others in their order', async () => {
    const opened: (() => void)[] = [];
    const signer = signerWith({ make: () => new Promise((resolve) => opened.push(() => resolve(key))) });
    const signed: number[] = [];
    const all = [0, 1, 2, 3, 4].map((at) => signer.sign(notification, '2').then(() => signed.push(at)));

    await new Promise(setImmediate);
    const atFirst = opened.length;
    for (let at = 0; at < all.length; at++) {
      opened[at]?.();
      await all[at];
    }

    expect(atFirst).toBe(signaturesAtOnceMax);
    expect(signed).toEqual([0, 1, 2, 3, 4]);
  });

  test('is refused when too many wait, and made again afterwards', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let isFailing = true; // Ten thousand real signatures would take their time.
    const make = async () => {
      await gate;
      if (isFailing) throw new Error('no key');
      return key;
    };
    const signer = signerWith({ make });
    const count = signaturesAtOnceMax + signaturesWaitingMax;
    const all = Array.from({ length: count }, () => signer.sign(confirmation, '2'));
    const beyond = signer.sign(confirmation, '2');

    await expect(beyond).rejects.toMatchObject({ code: 'limit-exceeded' });
    open();
    const outcomes = await Promise.allSettled(all);
    isFailing = false;

    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    await expect(signer.sign(confirmation, '2')).resolves.toHaveLength(344);
  });

  test('that fails gives its turn to the next', async () => {
    const failing = { isFailing: true };
    const make = async () => {
      if (failing.isFailing) throw new Error('no key');
      return key;
    };
    const signer = signerWith({ make });

    for (let at = 0; at <= signaturesAtOnceMax; at++)
      await expect(signer.sign(notification, '1')).rejects.toThrow('no key');
    failing.isFailing = false;
    await expect(signer.sign(notification, '1')).resolves.toMatch(/^[\w+/]+=*$/);
  });
});

describe('the page of the certificate', () => {
  test('is where its URL says, below the broker or wherever somebody wants it to be', async () => {
    const own = await signerWith({}).certUrl('https://127.0.0.1:4567/');
    const elsewhere = createSigner({ keys, certUrlBase: (baseUrl) => baseUrl.replace('127.0.0.1', 'sns.example') });
    const named = await elsewhere.certUrl('https://127.0.0.1:4567');

    expect(own).toMatch(/^https:\/\/127\.0\.0\.1:4567\/SimpleNotificationService-[0-9a-f]{32}\.pem$/);
    expect(named).toBe(own.replace('127.0.0.1', 'sns.example'));
    expect(await signerWith({}).certificateAt(new URL(own).pathname)).toBe(key.certificate);
  });

  test('is not where another certificate would be', async () => {
    const path = `/SimpleNotificationService-${'0'.repeat(32)}.pem`;

    expect(await signerWith({}).certificateAt(path)).toBeUndefined();
    expect(await signerWith({}).certificateAt('/SimpleNotificationService-.pem')).toBeUndefined();
  });

  test('makes no key for who asks', async () => {
    const make = async () => {
      throw new Error('made');
    };
    const signer = signerWith({ find: async () => undefined, make });

    expect(await signer.certificateAt(`/SimpleNotificationService-${'0'.repeat(32)}.pem`)).toBeUndefined();
  });
});
